import assert from "node:assert/strict";
import { test } from "node:test";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, eventually, startReader } from "./reader.ts";

test("a newcomer adds a cluster on the page: tried out, its certificate compared, watched at once, and removed again", async () => {
  await using reader = await startReader({ configured: [] });
  const { page, pulse } = reader;
  const [cluster] = pulse.estate.instances;
  const [first] = cluster?.endpoints ?? [];
  assert.ok(cluster && first);
  await page.getByRole("link", { name: "Add an instance" }).click();
  await page.getByRole("button", { name: "Add an instance" }).click();
  const form = page.getByRole("form", { name: "Add an instance" });
  await form.getByLabel("Address").fill(first.url);
  await form.getByLabel("Name").fill("My lab");
  await form.getByRole("textbox", { name: "Token ID" }).fill(cluster.tokenId);
  await form.getByLabel("Secret").fill(cluster.tokenSecret);
  await form.getByRole("button", { name: "Test" }).click();
  await form.getByText(first.fingerprint).waitFor();
  await shoot(page, "settings-certificate");
  await form.getByRole("button", { name: "It does: trust it" }).click();
  await form.getByText(/^Connected to Proxmox VE 9\.1\.\d+, cluster "cluster1" of 3 nodes\.$/).waitFor();
  await form.getByRole("button", { name: "Add", exact: true }).click();
  await page.locator(".instance .dot.good").waitFor();
  await page.getByText(/cluster cluster1 of 3 nodes/).waitFor();
  await shoot(page, "settings");

  await page.getByRole("button", { name: "By a command on the server" }).click();
  const command = page.getByRole("form", { name: "Let a server register itself" });
  await command.getByLabel("Product").selectOption("Proxmox Backup Server");
  await command.getByLabel("Address").fill("127.99.0.1");
  await command.getByRole("button", { name: "Get the command" }).click();
  await command.getByText(/^curl -sSL "http:.*type=pbs.*" \| bash$/).waitFor();
  await eventually(
    () => command.locator(".code").innerText(),
    seen => assert.match(seen, /^[2-9A-Z]{6}$/),
  );
  await shoot(page, "settings-command");
  await command.getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "Change", exact: true }).click();
  const change = page.getByRole("form", { name: "Change an instance" });
  await change.getByRole("button", { name: "Test" }).click();
  await change.getByText(/^Connected to/).waitFor();
  await change.getByLabel("Secret").fill("wrong");
  await change.getByRole("button", { name: "Test" }).click();
  await change.getByText(/with 401/).waitFor();
  // What is being written is not lost when the list is read anew, because an instance has become another.
  await change.getByLabel("Address").fill("https://not-yet.example:8006");
  const readAnew = page.waitForResponse(answer => answer.url().endsWith("/api/config/nodes"));
  await pulse.estate.faults.cause({ kind: "token-revoked", instance: "cluster1" });
  await (await readAnew).finished();
  await comesTo(() => change.getByLabel("Address").inputValue(), "https://not-yet.example:8006");
  await pulse.estate.faults.clear();
  await change.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "Diagnostics" }).click();
  await page
    .getByRole("row", { name: /calls? in the last minute/ })
    .first()
    .waitFor();
  await page
    .getByRole("row", { name: /^resources/ })
    .first()
    .waitFor();
  await shoot(page, "settings-diagnostics");

  await page.getByRole("link", { name: "Overview" }).click();
  await page.locator(".guests .row.guest").first().waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  const phone = await reader.open("?page=settings", { width: 360, height: 740, colorScheme: "dark" });
  await phone.getByText("My lab", { exact: true }).waitFor();
  await assertFits(phone);
  await shoot(phone, "settings-360");
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByText("Pulse watches nothing yet").waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("heading", { name: "Nothing to watch yet" }).waitFor();
  // The server said no to a secret that was wrong.
  assert.deepEqual(
    reader.complaints.filter(text => !text.includes("status of 400")),
    [],
  );
});

test("an administrator changes settings of the server, and a reader those of the page", async () => {
  await using reader = await startReader({ configured: [] });
  const { page } = reader;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "System", exact: true }).click();
  const form = page.getByRole("form", { name: "System settings" });
  await form.getByLabel("A call may take (seconds)").fill("never");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("connectionTimeout: must be a whole number of seconds, 1 to 120").waitFor();
  await form.getByLabel("A call may take (seconds)").fill("12");
  await form.getByLabel("Port (from the next start on)").fill("7777");
  await form.getByLabel("Colours, for those who chose none").selectOption("Dark");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("Saved; frontendPort from the next start on.").waitFor();
  await shoot(page, "settings-system");
  await page.getByRole("button", { name: "This page" }).click();
  await page.getByLabel("Colours", { exact: true }).selectOption("Light");
  await page.getByLabel("Guests").selectOption("In one list");
  await page.getByLabel("Start with").selectOption("Backups");
  await shoot(page, "settings-page");
  await page.waitForLoadState("networkidle");
  const other = await reader.open("", { width: 360, height: 740, colorScheme: "dark" });
  await other.locator("html[data-theme=light]").waitFor();
  await other.goto(`${reader.pulse.url}/?page=settings&section=system`);
  await other.getByLabel("A call may take (seconds)").waitFor();
  await assertFits(other);
  await shoot(other, "settings-system-360");
  assert.deepEqual(
    reader.complaints.filter(text => !text.includes("status of 400")),
    [],
  );
});
