import assert from "node:assert/strict";
import { test } from "node:test";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, startReader } from "./reader.ts";

test("a guest is given a link to its own page in the settings, and is opened by it from its details", async () => {
  await using reader = await startReader({ nodes: 2, guests: 10 });
  const { page, pulse } = reader;
  const { vms } = await pulse.until(({ stats }) => stats.guests > 0);
  const guest = vms.find(({ template }) => !template);
  assert.ok(guest);
  await page.goto(`${pulse.url}/?page=settings&section=links`);
  await page.getByLabel("Search guests").fill(String(guest.vmid));
  await page.getByRole("button", { name: `Add a link ${guest.name}`, exact: true }).click();
  await page.getByLabel("Its own page").fill("ftp://cloud.example.com");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Its own page").fill("cloud.example.com");
  await page.getByRole("textbox", { name: "Notes" }).fill("Family photos");
  await page.getByRole("button", { name: "Save" }).click();
  const link = page.getByRole("link", { name: "Page" });
  await comesTo(() => link.getAttribute("href"), "https://cloud.example.com");
  await shoot(page, "guest-links");
  const phone = await reader.open(`?show=${encodeURIComponent(guest.id)}`, {
    width: 360,
    height: 740,
    colorScheme: "dark",
  });
  const own = phone.getByRole("link", { name: "Open its page" });
  await comesTo(() => own.getAttribute("href"), "https://cloud.example.com");
  await phone.getByText("Family photos").waitFor();
  await assertFits(phone);
  assert.deepEqual(
    reader.complaints.filter(one => !/400/.test(one)),
    [],
  );
});
