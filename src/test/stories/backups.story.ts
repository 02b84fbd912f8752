import assert from "node:assert/strict";
import { test } from "node:test";
import { demoEstate } from "../../simulator/presets.ts";
import { shoot } from "../browser.ts";
import { assertFits, eventually, startReader } from "./reader.ts";

test("backups: who has none comes first, what failed says why, all are listed; mail and storage have their pages", async () => {
  await using reader = await startReader({ estate: demoEstate() });
  const { page, pulse } = reader;
  const scanned = ({ pbsBackups, pveBackups, physicalDisks, cephClusters }: Awaited<ReturnType<typeof pulse.state>>) =>
    pbsBackups.length > 100 &&
    pveBackups.storageBackups.length > 0 &&
    pveBackups.backupTasks.length > 0 &&
    physicalDisks.length > 0 &&
    cephClusters.length > 0;
  await pulse.until(scanned);
  await page.getByRole("link", { name: "Backups", exact: true }).click();
  const all = page.getByRole("table", { name: "All backups" });
  await all.locator(".row").first().waitFor({ state: "attached" });
  const failed = page.getByRole("table", { name: "Failed in the last week" });
  await failed
    .getByText(/No space left on device|connection refused/)
    .first()
    .waitFor();
  await eventually(
    () => page.locator(".day-chart li").last().innerText(),
    seen => assert.match(seen, /backups?/),
  );
  const stores = page.getByRole("table", { name: "Backup Servers" });
  await stores.locator(".row").first().click();
  const drawer = page.getByRole("complementary");
  await drawer.getByText("Garbage collection").waitFor();
  await page.keyboard.press("Escape");
  await page.getByLabel("Search backups").fill("keycloak");
  await eventually(
    () => page.getByRole("table", { name: "Guests" }).locator(".row .name").allInnerTexts(),
    names => assert.ok(names.length > 0 && names.every(name => name.startsWith("keycloak"))),
  );
  await shoot(page, "backups");

  await page.getByRole("link", { name: "Mail" }).click();
  await page.getByText("Received, 24 h").waitFor();
  await page
    .getByText(/queue: \d+ active/)
    .first()
    .waitFor();
  await shoot(page, "mail");
  await page.getByRole("link", { name: "Storage" }).click();
  await page.getByRole("table", { name: "Disks" }).locator(".row").first().waitFor({ state: "attached" });
  for (const name of ["backups", "mail", "storage"]) {
    const phone = await reader.open(`?page=${name}`, { width: 360, height: 740, colorScheme: "dark" });
    await phone.locator(".panel").first().waitFor();
    await assertFits(phone);
    await shoot(phone, `${name}-360`);
    await phone.close();
  }
  assert.deepEqual(reader.complaints, []);
});
