import assert from "node:assert/strict";
import { test } from "node:test";
import { shoot } from "../browser.ts";
import { assertFits, eventually, type Reader, startReader } from "./reader.ts";

const CLUSTER = "cluster1";

/** Takes a node away, and waits until its alert fires. */
async function loseNode({ pulse }: Reader): Promise<void> {
  await pulse.until(state => state.instances.every(({ endpoints }) => endpoints.length === 3));
  await pulse.estate.faults.cause({ kind: "node-off", instance: CLUSTER, node: "pve2" });
  await pulse.until(({ activeAlerts }) =>
    activeAlerts.some(({ resourceName, type }) => resourceName === "pve2" && type === "offline"),
  );
}

test("a node that dies is one incident with what it carries; it is acknowledged on either page, and is over when the node is back", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await loseNode(reader);
  const line = page.locator(".problem", { hasText: "pve2 is offline" });
  await line.waitFor();
  await eventually(
    () => page.title(),
    title => assert.match(title, /^\(\d+\) pve2 is offline, and with it \d+ guests · Pulse$/),
  );
  await page.locator(".nodes .row", { hasText: "pve2" }).locator(".alert-badge.critical").waitFor();
  await shoot(page, "alerts-overview");
  await page.getByRole("link", { name: /^Alerts \d+ open/ }).click();
  const incident = page.locator(".incident.critical", { hasText: 'Node "pve2" is offline' });
  await incident.waitFor();
  await incident.getByText(/^Speaks for/).waitFor();
  await shoot(page, "alerts-now");
  const phone = await reader.open("?page=alerts", { width: 360, height: 740, colorScheme: "dark" });
  await phone.locator(".incident.critical").waitFor();
  await assertFits(phone);
  await shoot(phone, "alerts-now-360");

  await incident.getByRole("button", { name: "Acknowledge", exact: true }).click();
  await page.locator(".incident.acknowledged .incident-state", { hasText: "acknowledged" }).waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  const known = page.locator(".problem.acknowledged", { hasText: "pve2 is offline" });
  await known.getByRole("button", { name: /^Take back/ }).click();
  await page.locator(".problem.critical:not(.acknowledged)", { hasText: "pve2 is offline" }).waitFor();

  await page.locator(".nodes .row", { hasText: "pve2" }).click();
  const drawer = page.getByRole("complementary");
  await drawer.locator(".resource-alert.critical").getByRole("button", { name: "Acknowledge" }).click();
  await drawer.locator(".resource-alert.acknowledged").waitFor();
  await shoot(page, "alerts-drawer");
  await page.keyboard.press("Escape");

  await pulse.estate.faults.clear();
  await page.locator(".problem", { hasText: "pve2 is offline" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: /^Alerts/ }).click();
  await page
    .locator(".ended li", { hasText: 'Node "pve2" is offline' })
    .getByText(/^resolved/)
    .waitFor();
  assert.deepEqual(reader.complaints, []);
});

test("alerts are searched, chosen and acknowledged together", async () => {
  await using reader = await startReader();
  const { page } = reader;
  await loseNode(reader);
  await page.getByRole("link", { name: /^Alerts/ }).click();
  await page.locator(".incident").nth(1).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("type:offline");
  await eventually(
    () => page.locator(".incident").count(),
    count => assert.equal(count, 1),
  );
  assert.equal(new URL(page.url()).searchParams.get("q"), "type:offline");
  await page.getByLabel("Search alerts").fill("colour:red");
  await page.getByText('There is no "colour" to search by.').waitFor();
  await page.getByLabel("Search alerts").fill("");
  await page.getByLabel("All that are open").check();
  await page.getByRole("button", { name: /^Acknowledge \d+/ }).click();
  await eventually(
    () => page.locator(".incident:not(.acknowledged)").count(),
    count => assert.equal(count, 0),
  );
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText(/^\d+ problems?, acknowledged$/).waitFor();
});

test("the history shows when what fired, as a band and as a table, with the steps of each", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await loseNode(reader);
  await pulse.estate.faults.clear();
  await pulse.until(({ activeAlerts }) => !activeAlerts.some(({ resourceName }) => resourceName === "pve2"));
  await page.goto(`${pulse.url}/?page=alerts&tab=history`);
  const row = page.getByRole("row", { name: /Node "pve2" is offline/ });
  await row.getByText("resolved").waitFor();
  await page.locator(".band-bar").first().waitFor();
  await shoot(page, "alerts-history");
  await page.locator(".band-bar").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate("document.activeElement.classList.contains('band-bar')"), true);
  await row.getByRole("button", { name: /is offline/ }).click();
  const drawer = page.getByRole("complementary");
  await drawer.getByText("Resolved", { exact: true }).waitFor();
  await drawer.getByText("Fired", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV" }).click();
  assert.equal((await saved).suggestedFilename(), "pulse-alerts.csv");
  const phone = await reader.open("?page=alerts&tab=history", { width: 360, height: 740, colorScheme: "dark" });
  await phone.locator(".band-bar").first().waitFor();
  await assertFits(phone);
  await shoot(phone, "alerts-history-360");
  assert.deepEqual(reader.complaints, []);
});

test("thresholds are changed, refused with the reason at the field, and never lost to an update", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?page=alerts&tab=thresholds`);
  const guests = page.locator(".class-rules", { hasText: "Guests" });
  await guests.locator("summary").click();
  const trigger = guests.getByLabel("CPU: fires at");
  await trigger.fill("70");
  await page.getByText(/^\d changes? not saved\.$/).waitFor();
  const clear = guests.getByLabel("CPU: over at");
  await clear.fill("75");
  await page.getByRole("button", { name: "Save" }).click();
  await page
    .getByText(/must be below the trigger/)
    .first()
    .waitFor();
  await page.locator(".number-field.wrong").waitFor();
  await shoot(page, "alerts-thresholds");
  await page.getByRole("link", { name: "Overview" }).click();
  const { version } = await pulse.state();
  await pulse.until(state => state.version > version);
  assert.equal(await trigger.inputValue(), "70");
});
