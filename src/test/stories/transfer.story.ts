import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, startReader } from "./reader.ts";

const PASSPHRASE = "four words in a row";

test("an administrator backs up, exports and imports on the page: told before, done after, nothing twice", async () => {
  await using reader = await startReader({ speed: 1 });
  const { page } = reader;
  await page.goto(`${reader.pulse.url}/?page=settings&section=backup`);

  const backups = page.getByRole("region", { name: "Backups of Pulse" });
  await backups.getByText("There is no backup yet").waitFor();
  await backups.getByRole("button", { name: "Back up now" }).click();
  await backups.getByText("found sound").waitFor();
  const downloading = page.waitForEvent("download");
  await backups.getByRole("link", { name: "Download" }).click();
  const backup = await downloading;
  assert.match(backup.suggestedFilename(), /^pulse-manual-.*Z\.db$/);
  assert.equal((await readFile(await backup.path())).subarray(0, 15).toString(), "SQLite format 3");
  const schedule = page.getByRole("form", { name: "Schedule of backups" });
  await schedule.getByLabel("Back up the database").selectOption("Every day");
  await schedule.getByLabel("At", { exact: true }).fill("25:00");
  await schedule.getByRole("button", { name: "Save" }).click();
  await schedule.getByText(/backupTime: must be a time/).waitFor();
  await schedule.getByLabel("At", { exact: true }).fill("04:15");
  await schedule.getByRole("button", { name: "Save" }).click();
  await schedule.getByText("Saved.").waitFor();
  await backups.getByText(/The next is made .*4:15/).waitFor();
  await backups.getByText("How to restore one").click();
  await backups.getByText("pulse restore latest").waitFor();

  const exporting = page.getByRole("form", { name: "Export" });
  const exports = exporting.getByRole("button", { name: "Export" });
  await exporting.getByLabel("Passphrase").fill("short");
  await exporting.getByText("7 characters more.").waitFor();
  await comesTo(() => exports.isDisabled(), true);
  await exporting.getByLabel("Passphrase").fill(PASSPHRASE);
  await exporting.getByLabel("The same again").fill("something else, longer");
  await exports.click();
  await exporting.getByText("The passphrases are not alike.").waitFor();
  await exporting.getByLabel("The same again").fill(PASSPHRASE);
  const saving = page.waitForEvent("download");
  await exports.click();
  const file = await (await saving).path();
  const text = await readFile(file, "utf8");
  const { data } = JSON.parse(text) as { data: string };

  await page.evaluate(() =>
    fetch("api/system/settings/update", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ backupKeep: 9 }),
    }),
  );
  const importing = page.getByRole("form", { name: "Import" });
  const choose = (name: string, content: string) =>
    importing.getByLabel("File").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
  const look = importing.getByRole("button", { name: "See what would change" });
  await choose("export.json", text);
  await importing.getByLabel("Its passphrase").fill("another passphrase");
  await look.click();
  await importing.getByText(/either it is another passphrase/).waitFor();
  await importing.getByLabel("Its passphrase").fill(PASSPHRASE);
  await look.click();
  await importing.getByText(/^System settings: 1 changed, \d+ unchanged$/).waitFor();
  await importing.getByText("sets backupKeep to 4").waitFor();
  await page.setViewportSize({ width: 1440, height: 2000 });
  await shoot(page, "transfer-1440");
  await page.setViewportSize({ width: 1440, height: 900 });
  // As the base64 alone, which older versions hand out.
  await choose("export.txt", `${data}\n`);
  await look.click();
  await importing.getByRole("button", { name: "Import it" }).click();
  await importing.getByText(/^Imported; pages connect again/).waitFor();
  await shoot(page, "transfer-imported");

  const phone = await reader.open("?page=settings&section=backup", { width: 360, height: 2600, colorScheme: "dark" });
  await phone.getByText("found sound").first().waitFor();
  await assertFits(phone);
  await shoot(phone, "transfer-360-dark");
  await page.reload();
  // The clock runs fast here, and may have made one by itself.
  const byHand = backups.locator("li", { hasText: "made by hand" });
  await byHand.getByRole("button", { name: "Remove" }).click();
  await byHand.getByRole("button", { name: "Remove" }).click();
  await byHand.waitFor({ state: "detached" });
  assert.deepEqual(
    reader.complaints.filter(complaint => !complaint.includes("status of 400")),
    [],
  );
});

test("what pulse.yaml sets of thresholds and channels is marked on the page, and cannot be changed there", async () => {
  const thresholds = {
    guestDefaults: { cpu: 91 },
    checks: { "backup-failed": { level: "critical" } },
    schedule: { cooldown: 7 },
  };
  const channels = {
    publicUrl: "https://pulse.example.com",
    email: { server: "mail.example.com", from: "pulse@example.com", password: "hunter2" },
    webhooks: [{ id: "chat", name: "Chat", url: "https://chat.example/hook" }],
  };
  await using reader = await startReader({ speed: 1, config: { thresholds, channels } });
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?page=alerts&tab=thresholds`);
  await page.getByText("it is marked, and changed in the file").waitFor();
  const guests = page.locator("details.class-rules").first();
  await guests.locator("summary").click();
  const cpu = guests.getByRole("group", { name: "CPU" });
  await cpu.getByText("set in pulse.yaml").waitFor();
  await comesTo(() => cpu.getByLabel("CPU: fires at").isDisabled(), true);
  await comesTo(() => cpu.getByLabel("CPU: fires at").inputValue(), "91");
  await comesTo(() => guests.getByLabel("Memory: fires at").isDisabled(), false);
  await shoot(page, "locked-thresholds");
  await page.getByRole("button", { name: "Checks" }).click();
  await page.locator(".check-row", { hasText: "set in pulse.yaml" }).waitFor();

  await page.goto(`${pulse.url}/?page=alerts&tab=schedule`);
  await page.getByLabel("Cooldown").waitFor();
  await comesTo(() => page.getByLabel("Cooldown").isDisabled(), true);

  await page.goto(`${pulse.url}/?page=alerts&tab=destinations`);
  await page.getByRole("region", { name: "E-mail" }).getByText("mail.example.com:587").waitFor();
  const chat = page.getByRole("region", { name: "Webhooks" }).locator("li", { hasText: "Chat" });
  await chat.getByText("set in pulse.yaml").waitFor();
  await comesTo(() => chat.getByRole("button", { name: "Change" }).count(), 0);
  await comesTo(() => page.getByLabel("Address of Pulse").isDisabled(), true);
  assert.doesNotMatch(await page.content(), /hunter2/);
  await page.setViewportSize({ width: 1440, height: 1600 });
  await shoot(page, "locked-destinations");
  const phone = await reader.open("?page=alerts&tab=destinations", { width: 360, height: 1600, colorScheme: "dark" });
  await phone.getByRole("region", { name: "E-mail" }).getByText("mail.example.com:587").waitFor();
  await assertFits(phone);
  await shoot(phone, "locked-destinations-360-dark");
  assert.deepEqual(reader.complaints, []);
});
