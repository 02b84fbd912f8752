import assert from "node:assert/strict";
import { test } from "node:test";
import { openReceiver } from "../../notify/outbound/recording-receiver.ts";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, eventually, type Reader, startReader } from "./reader.ts";

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
  const { page, pulse } = reader;
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
  await page.locator(".incident").nth(1).waitFor();
  await page.getByLabel("All that are open").check();
  await page.getByRole("button", { name: /^Acknowledge \d+/ }).click();
  await page.locator(".incident.acknowledged").nth(1).waitFor();
  // What the dead node carried is noticed one after the other: what fires after the choice is not in it.
  await eventually(
    async () => {
      const { activeAlerts } = await pulse.state();
      const open = activeAlerts.filter(({ acknowledged }) => !acknowledged).map(({ id }) => id);
      await fetch(`${pulse.url}/api/alerts/bulk/acknowledge`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ alertIds: open }),
      });
      return open.length;
    },
    open => assert.equal(open, 0),
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
  await comesTo(() => page.evaluate("document.activeElement.classList.contains('band-bar')"), true);
  await row.getByText(/is offline/).click();
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
  await page.goto(`${pulse.url}/?page=alerts`);
  await page.getByRole("button", { name: "Thresholds" }).click();
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
  await comesTo(() => trigger.inputValue(), "70");
  // The browser's own "back" asks, too; here nobody says yes.
  await page.goBack();
  await comesTo(() => trigger.inputValue(), "70");
  await page.getByRole("button", { name: "Revert" }).click();
  await comesTo(() => trigger.inputValue(), "90");
});

test("an alert is silenced with a comment, seen as such, and the silence is ended where all of them are", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await loseNode(reader);
  await page.goto(`${pulse.url}/?page=alerts`);
  const incident = page.locator(".incident.critical", { hasText: "pve2" });
  await incident.getByRole("button", { name: "Silence…" }).click();
  const form = incident.getByRole("form", { name: "Silence" });
  await form.getByRole("button", { name: "4 hours" }).click();
  await form.getByLabel("What").selectOption({ index: 1 });
  await form.getByLabel("Comment").fill("New mainboard");
  await shoot(page, "alerts-silence");
  await form.getByRole("button", { name: "Silence", exact: true }).click();
  await incident.getByText(/silenced until .*: New mainboard/).waitFor();
  const phone = await reader.open("?page=alerts&tab=schedule", { width: 360, height: 740 });
  await phone.getByText(/New mainboard/).waitFor();
  await assertFits(phone);
  await shoot(phone, "alerts-schedule-360");
  await page.getByRole("button", { name: "Schedule" }).click();
  const line = page.locator("#silences-title").locator("xpath=ancestor::section").locator(".instance");
  await line.getByText("pve2").waitFor();
  await line.getByRole("button", { name: "End" }).click();
  await line.getByRole("button", { name: "End" }).click();
  await page.getByText("Nothing is silenced").waitFor();
  await page.getByRole("button", { name: "Show 1 that are over" }).click();
  await line.getByText("over").waitFor();
  assert.deepEqual(reader.complaints, []);
});

test("maintenance is planned, and quiet hours are chosen by the keyboard", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?page=alerts&tab=schedule`);
  await page.getByRole("button", { name: "Plan maintenance" }).click();
  const form = page.getByRole("form", { name: "Plan maintenance" });
  await form.getByLabel("Comment").fill("Updates");
  await form.getByRole("button", { name: "Plan" }).click();
  await form.getByText("Say what it is about: one field at least.").waitFor();
  await form.getByLabel("Node").fill("pve3");
  await form.getByLabel("Comes again every week").check();
  await form.getByRole("button", { name: "Plan" }).click();
  await page.getByText(/^Sun 02:00–04:00/).waitFor();

  await page.getByLabel("Keep quiet at certain hours").check();
  await page.getByRole("button", { name: "monday 22:00, quiet" }).focus();
  await page.keyboard.press("ArrowLeft");
  for (let hours = 0; hours < 2; hours++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Enter");
  await comesTo(() => page.getByLabel("From", { exact: true }).inputValue(), "21:00");
  await comesTo(() => page.getByLabel("Until", { exact: true }).inputValue(), "00:00");
  await page.getByRole("button", { name: "Quiet hours that begin on sunday" }).click();
  await shoot(page, "alerts-schedule");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/not saved/).waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: "monday 21:00, quiet" }).waitFor();
  await page.getByRole("button", { name: "sunday 21:00, told" }).waitFor();
  assert.deepEqual(reader.complaints, []);
});

test("a webhook is tried before it is kept, tells of an alert, and the log says what became of it", async context => {
  const { port, seen } = await openReceiver(context, response => response.end("thanks"));
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?page=alerts&tab=destinations`);
  await page.getByText("Set up e-mail, a webhook or this browser below").waitFor();
  const all = page.getByRole("form", { name: "For all channels" });
  await all.getByLabel("Private networks that webhooks may reach").fill("127.0.0.1/32");
  await all.getByRole("button", { name: "Save" }).click();
  await all.getByText("not saved").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Add a webhook" }).click();
  const form = page.getByRole("form", { name: "Add a webhook" });
  await form.getByLabel("Name", { exact: true }).fill("Night shift");
  await form.getByLabel("Address").fill(`http://127.0.0.1:${port}/hook`);
  await form.getByText("Method, headers and template").click();
  await form.getByText("Nothing is wrong with it.").waitFor();
  await form.getByRole("textbox", { name: "Template" }).fill('{"text": "{{.Message}}"');
  await form.getByRole("region", { name: "What it sends" }).locator(".form-problem").waitFor();
  await shoot(page, "alerts-webhook");
  await form.getByRole("textbox", { name: "Template" }).fill('{"text": "{{.Message}}"}');
  await form.getByRole("button", { name: "Send a test" }).click();
  await form.getByText("It was taken, with 200.").waitFor();
  assert.match(String(seen[0]?.body), /^\{"text": /);
  await form.getByRole("button", { name: "Add", exact: true }).click();
  const line = page.locator(".instance", { hasText: "Night shift" });
  await line.getByRole("button", { name: "Test" }).click();
  await line.getByText("Night shift has taken the test.").waitFor();
  const tested = seen.length;

  await loseNode(reader);
  await eventually(
    async () => seen.slice(tested).map(({ body }) => body),
    bodies => assert.ok(bodies.some(body => body.includes("pve2"))),
  );
  await page.getByRole("button", { name: "Deliveries" }).click();
  await page
    .getByRole("row", { name: /delivered Night shift.* fires/ })
    .first()
    .waitFor();
  await shoot(page, "alerts-deliveries");
  for (const tab of ["destinations", "deliveries"]) {
    const phone = await reader.open(`?page=alerts&tab=${tab}`, { width: 360, height: 740, colorScheme: "dark" });
    await phone.locator(".instance, .deliveries .row", { hasText: "Night shift" }).first().waitFor();
    await assertFits(phone);
    await shoot(phone, `alerts-${tab}-360`);
    await phone.close();
  }
  assert.deepEqual(reader.complaints, []);
});

test("why something alerts or does not is explained, for one alert and for all signals of a resource", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await loseNode(reader);
  await page.goto(`${pulse.url}/?page=alerts`);
  const incident = page.locator(".incident.critical", { hasText: "pve2" });
  await incident.getByRole("button", { name: "Why?" }).click();
  const why = incident.getByRole("status", { name: "Why" });
  await why.getByText(/^Fires when it is so for/).waitFor();
  await why.getByText("by the checks").waitFor();
  await why.getByText(/^Fires as critical, since/).waitFor();
  await shoot(page, "alerts-why");
  await incident.getByRole("button", { name: "pve2", exact: true }).first().click();
  const drawer = page.getByRole("complementary");
  await drawer.getByRole("button", { name: "Alert rules" }).click();
  await drawer.locator(".explained", { hasText: "Memory" }).locator("summary").click();
  await drawer.getByText(/^Fires at or above 92 %/).waitFor();
  await shoot(page, "alerts-rules");
  await drawer.getByRole("button", { name: "Change its thresholds" }).click();
  const override = page.locator(".class-rules[open]", { hasText: "pve2" });
  await comesTo(() => override.getByLabel("Memory: fires at").getAttribute("placeholder"), "92");
  await override.getByLabel("Memory: fires at").fill("97");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/not saved/).waitFor({ state: "detached" });
  await override.getByText(/Memory 97 %/).waitFor();
  await override.getByRole("button", { name: "Reset Memory to what is inherited" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/not saved/).waitFor({ state: "detached" });
  assert.deepEqual(reader.complaints, []);
});

test("a changed threshold is tried on the history before it is saved", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?page=alerts&tab=thresholds`);
  const guests = page.locator(".class-rules", { hasText: "Guests" });
  await guests.locator("summary").click();
  await guests.getByLabel("CPU: fires at").fill("20");
  await guests.getByLabel("CPU: held for").fill("0");
  const result = page.locator(".try-result");
  await eventually(
    async () => {
      await page.getByRole("button", { name: "Try CPU of guests" }).click();
      return await result.innerText();
    },
    text => assert.match(text, /it would have fired [1-9][\d,]* times?/),
  );
  await result.getByRole("button", { name: "Show", exact: true }).first().click();
  await result.getByRole("group", { name: /^CPU of / }).scrollIntoViewIfNeeded();
  await shoot(page, "alerts-try");
  const phone = await reader.open("?page=alerts&tab=thresholds", { width: 360, height: 740, colorScheme: "dark" });
  await phone.locator(".class-rules summary", { hasText: "Guests" }).click();
  await assertFits(phone);
  await shoot(phone, "alerts-thresholds-360");
  assert.equal((await pulse.state()).activeAlerts.filter(({ type }) => type === "cpu").length, 0, "nothing is saved");
  assert.deepEqual(reader.complaints, []);
});
