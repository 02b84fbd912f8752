import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, eventually, namesIn, startReader } from "./reader.ts";

const USER = { name: "ann", password: "correct horse" };
const OPEN_MENU = { name: /^Columns, order and density of Guests/ };

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("User").fill(USER.name);
  await page.getByLabel("Password").fill(USER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".guests .row.guest").first().waitFor();
}

/** What the heads of the guest table say, from left to right. */
async function headsOf(page: Page): Promise<string[]> {
  const heads = await page.locator(".guests .head-name").allInnerTexts();
  return heads.map(text => text.toLowerCase());
}

test("a table is sorted by several, its columns are picked, and it is remembered for who is signed in", async () => {
  await using reader = await startReader({ user: USER });
  const { page } = reader;
  await signIn(page);
  const table = page.getByRole("table", { name: "Guests" });
  const head = (name: string) => table.getByRole("columnheader", { name });
  const search = () => decodeURIComponent(new URL(page.url()).search);

  await page.keyboard.press("/");
  await page.keyboard.type("status:running");
  await page.keyboard.press("ArrowDown");
  await eventually(
    () => page.evaluate<string | undefined>("document.activeElement?.dataset?.row"),
    row => assert.match(row ?? "", /node:/, "the first line of the nodes"),
  );
  await page.keyboard.press("Escape");
  await comesTo(() => page.getByLabel("Search guests").inputValue(), "");

  await page.getByLabel("Group by").selectOption("none");
  await head("Node").getByRole("button").click();
  await head("CPU")
    .getByRole("button")
    .click({ modifiers: ["Shift"] });
  assert.equal(search(), "?group=none&sort=node,-cpu");
  await head("Guest").getByRole("button").focus();
  await page.keyboard.press("Shift+Enter");
  assert.equal(search(), "?group=none&sort=node,-cpu,name");
  await comesTo(() => head("Node").getAttribute("aria-sort"), "ascending");
  await comesTo(() => table.locator('[aria-sort="ascending"], [aria-sort="descending"]').count(), 1);
  await comesTo(() => table.locator(".sort-rank").allInnerTexts(), ["3", "1", "2"]);

  const menu = page.getByRole("button", OPEN_MENU);
  await menu.click();
  await page.getByLabel("Uptime", { exact: true }).uncheck();
  await page.getByLabel("Pool", { exact: true }).check();
  await page.getByRole("button", { name: "Move Pool before" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await eventually(
    () => headsOf(page),
    heads => assert.deepEqual(heads.slice(-3), ["pool", "network", "disk i/o"]),
  );
  assert.ok(!(await headsOf(page)).includes("uptime"));
  await page.getByRole("button", { name: "Compact" }).click();
  await eventually(
    async () => (await table.locator(".row").first().boundingBox())?.height,
    height => assert.equal(height, 26),
  );
  const choices = page.locator(".popover .menu-line select");
  const sorted = () => Promise.all([0, 1, 2, 3].map(at => choices.nth(at).inputValue()));
  await comesTo(sorted, ["node", "cpu", "name", ""]);
  await shoot(page, "tables-menu");
  await page.keyboard.press("Escape");
  await eventually(
    () => menu.getAttribute("aria-expanded"),
    open => assert.equal(open, "false"),
  );
  await page.waitForLoadState("networkidle");

  // Another device.
  const other = await reader.open("", { width: 1600, colorScheme: "dark" });
  await signIn(other);
  await eventually(
    () => headsOf(other),
    heads => assert.ok(heads.includes("pool") && !heads.includes("uptime"), heads.join()),
  );
  await eventually(
    async () => decodeURIComponent(new URL(other.url()).search),
    text => assert.match(text, /sort=node,-cpu,name/, "who gets the address sees the same"),
  );
  await other.goto(`${reader.pulse.url}/?sort=-memory&columns=name,memory&group=tag`);
  await eventually(
    () => headsOf(other),
    heads => assert.deepEqual(heads, ["guest", "memory"], "the address wins"),
  );
  await shoot(other, "tables-by-tag");
  await other.getByRole("button", OPEN_MENU).click();
  await other.getByRole("button", { name: "All as usual" }).click();
  await eventually(
    async () => new URL(other.url()).search,
    text => assert.equal(text, ""),
  );

  const phone = await reader.open("?sort=-cpu", { width: 360, height: 740 });
  await signIn(phone);
  await assertFits(phone);
  await phone.getByRole("button", OPEN_MENU).click();
  await phone.getByLabel("Sort by").selectOption("memory");
  assert.match(phone.url(), /sort=-memory/);
  await assertFits(phone);
  await shoot(phone, "tables-menu-360");
  assert.deepEqual(reader.complaints, []);
});

test("a view is saved, shared by its address, found again by its name, renamed and removed", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?q=status:running&sort=-memory&group=none`);
  await page.locator(".guests .row.guest").first().waitFor();
  const menu = page.getByRole("button", { name: "Saved views" });
  await menu.click();
  await page.getByLabel("Name of the view").fill("Busy ones");
  await page.keyboard.press("Enter");
  const link = page.getByRole("link", { name: "Busy ones" });
  await comesTo(() => link.getAttribute("aria-current"), "true");
  await shoot(page, "views-menu");
  const address = await link.getAttribute("href");
  await page.keyboard.press("Escape");

  await page.getByLabel("Search guests").fill("");
  await page.getByLabel("Group by").selectOption("type");
  await menu.click();
  await comesTo(() => link.getAttribute("aria-current"), null);
  await link.click();
  const search = () => new URL(page.url()).searchParams;
  await eventually(
    async () => [search().get("q"), search().get("sort"), search().get("group")],
    parts => assert.deepEqual(parts, ["status:running", "-memory", "none"]),
  );
  await comesTo(() => page.getByLabel("Search guests").inputValue(), "status:running");
  await comesTo(() => page.locator(".guests .row.group").count(), 0);

  const other = await reader.open(address?.replace(/^\.\//, "") ?? "", { width: 360, height: 740 });
  await other.locator(".guests .row.guest").first().waitFor();
  await comesTo(() => other.getByLabel("Search guests").inputValue(), "status:running");
  await assertFits(other);

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find anything" }).fill("busy ones");
  await page.getByText("view of Overview").waitFor();
  await page.keyboard.press("Escape");
  await menu.click();
  await page.getByRole("button", { name: 'Rename "Busy ones"' }).click();
  await page.getByLabel('New name of "Busy ones"').fill("Busy");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: 'Remove "Busy"' }).click();
  await page.getByText('"Busy" is removed.').waitFor();
  await page.getByRole("button", { name: "Put it back" }).click();
  await page.getByRole("link", { name: "Busy", exact: true }).waitFor();
  await page.reload();
  await menu.click();
  await page.getByRole("link", { name: "Busy", exact: true }).waitFor();
  assert.deepEqual(reader.complaints, []);
});

test("rows stay where they are while somebody is at them, and a theme of high contrast shows them", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?group=none&sort=-cpu`);
  await page.locator(".guests .row.guest").nth(5).waitFor();
  const state = await pulse.until(({ vms }) => vms.length > 0);
  // Far enough down that problems that come above do not push the rows away from under the pointer.
  await page.locator(".guests .row.guest").nth(9).hover();
  const before = await namesIn(page);
  const guest = before
    .slice(4, 14)
    .flatMap(name => state.vms.find(one => one.name === name && one.status === "running") ?? [])
    .at(-1);
  assert.ok(guest);
  await pulse.estate.faults.cause({ kind: "guest-cpu", instance: guest.instance, vmid: guest.vmid, cpu: 0.99 });
  await page.locator(`[data-row="${guest.id}"] .meter.critical`).waitFor();
  await page.getByText("Order held while you are here").waitFor();
  // How many rows are in the page depends on what stands above them.
  assert.deepEqual((await namesIn(page)).slice(0, 12), before.slice(0, 12));
  await page.mouse.move(5, 5);
  await eventually(
    () => namesIn(page),
    names => assert.equal(names[0], guest.name),
  );
  await page.getByText("Order held while you are here").waitFor({ state: "detached" });

  await page.goto(`${pulse.url}/?page=settings&section=page`);
  await page.getByLabel("Colours", { exact: true }).selectOption("High contrast");
  await page.locator("html[data-contrast=more]").waitFor();
  await page.goto(pulse.url);
  await page.locator(".guests .row.guest").first().waitFor();
  await shoot(page, "contrast-light");
  assert.deepEqual(reader.complaints, []);
});

test("a row that becomes another guest's has its bars at once", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?group=none&sort=name`);
  await page.locator(".guests .row.guest").nth(5).waitFor();
  await page.evaluate(
    `document.querySelector(".guests").addEventListener("transitionrun", () => (globalThis.moved = true))`,
  );
  const before = await namesIn(page);
  await page
    .getByRole("table", { name: "Guests" })
    .getByRole("columnheader", { name: "CPU" })
    .getByRole("button")
    .click();
  await eventually(
    () => namesIn(page),
    names => assert.notDeepEqual(names.slice(0, 6), before.slice(0, 6)),
  );
  // Two frames later whatever is to move does.
  await page.evaluate("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
  assert.equal(await page.evaluate("globalThis.moved === true"), false);
  assert.deepEqual(reader.complaints, []);
});

test("rows are chosen by their boxes, in stretches and by a key, and something is done with all of them", async () => {
  // Nothing moves while it is chosen.
  await using reader = await startReader({ speed: 1 });
  const { page, complaints } = reader;
  const rows = page.locator(".guests .row.guest");
  await rows.nth(6).waitFor();
  const ids = await rows.evaluateAll(all => all.map(one => one.getAttribute("data-row")));
  const row = (at: number) => page.locator(`.guests [data-row="${ids[at]}"]`);
  await row(1).getByRole("checkbox").click();
  await row(4)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  const bar = page.getByRole("region", { name: "What is chosen" });
  await bar.getByText("4 chosen").waitFor();
  await row(2).focus();
  await page.keyboard.press("x");
  await bar.getByText("3 chosen").waitFor();
  await comesTo(() => page.locator(".drawer").count(), 0, "a box opens no details");
  const saved = page.waitForEvent("download");
  await bar.getByRole("button", { name: "Export as CSV" }).click();
  assert.equal((await saved).suggestedFilename(), "pulse.csv");
  await bar.getByRole("button", { name: "Silence…" }).click();
  await bar.getByRole("button", { name: "Silence", exact: true }).click();
  await bar.getByText("Silenced").waitFor();
  const silences = (await (await fetch(`${reader.pulse.url}/api/alerts/silences`)).json()) as unknown[];
  assert.equal(silences.length, 3);
  await bar.getByRole("button", { name: "Compare" }).click();
  await page.locator(".compare-legend li").nth(2).waitFor();
  await comesTo(() => page.locator(".compare-legend li").count(), 3);

  const phone = await reader.open("?show=cluster1:guest:101", { width: 360, height: 740 });
  await phone.locator(".drawer .facts").waitFor();
  const reached = () => phone.evaluate("document.activeElement.closest('.drawer') !== null");
  for (let step = 0; step < 40; step++) {
    await phone.keyboard.press("Tab");
    if (!(await reached())) await comesTo(() => phone.evaluate("document.activeElement === document.body"), true);
  }
  await phone.getByRole("button", { name: "Close details" }).click();
  await phone.getByRole("link", { name: /^Alerts/ }).click();
  assert.deepEqual(complaints, []);
});
