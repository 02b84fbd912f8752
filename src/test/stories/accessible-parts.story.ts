import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { type Reader, startReader } from "./reader.ts";
import { startWithEverything, VIEWS } from "./whole-estate.ts";

let reader: Reader;
before(async () => {
  reader = await startWithEverything();
  // Dozens of pages are looked through from end to end: on a busy machine each takes its time.
  reader.page.setDefaultTimeout(60_000);
});
after(async () => await reader[Symbol.asyncDispose]());

/** What opens over a page: where, by what, and what is there then. */
const OPENED: readonly [name: string, search: string, open: (page: Page) => Promise<void>][] = [
  ["the details of a guest", "?show=home:guest:101", page => page.locator(".drawer .charts canvas").first().waitFor()],
  [
    "the details of a node",
    "",
    async page => {
      await page.locator(".nodes .row .name").first().click();
      await page.locator(".drawer .facts").first().waitFor();
    },
  ],
  [
    "the palette",
    "",
    async page => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Find anything" }).fill("pve");
      await page.getByRole("option").first().waitFor();
    },
  ],
  [
    "the sheet of keys",
    "",
    async page => {
      await page.locator(".guests .row.guest").first().waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
    },
  ],
  [
    "the help of a search",
    "",
    async page => {
      await page.getByRole("button", { name: "How to search" }).click();
      await page.locator("#search-help").waitFor();
    },
  ],
  [
    "a silence, and why an alert fires",
    "?page=alerts",
    async page => {
      await page.getByRole("button", { name: "Silence…" }).first().click();
      await page.getByRole("button", { name: "Why?" }).nth(1).click();
      await page.locator(".explain .facts").first().waitFor();
    },
  ],
  [
    "the form of an instance",
    "?page=settings",
    async page => {
      await page.locator(".instance").first().waitFor();
      await page.getByRole("button", { name: "Add an instance" }).click();
      await page.getByRole("textbox", { name: "Address" }).waitFor();
    },
  ],
  [
    "a chart as a table",
    "?page=compare&q=db",
    async page => {
      await page.getByRole("button", { name: "Show as table" }).click();
      await page.locator(".chart-table").waitFor();
    },
  ],
];
for (const [name, search, open] of OPENED)
  test(`${name} can be used by everybody, in every theme`, async () => {
    const { page, pulse } = reader;
    await page.goto(`${pulse.url}/${search}`);
    await open(page);
    await assertAccessible(page);
  });

test("signing in, and setting it up, can be used by everybody, in every theme", async () => {
  await using closed = await startReader({ nodes: 1, guests: 1, user: { name: "ann", password: "correct horse" } });
  await closed.page.getByRole("textbox", { name: "User" }).waitFor();
  await assertAccessible(closed.page);
});

/** Where the focus is, and whether that can be seen. */
const FOCUS = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return null;
  if (!window.walked) window.walked = new Map();
  if (!window.walked.has(at)) window.walked.set(at, window.walked.size);
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const parent = getComputedStyle(at.parentElement);
  const isSeen = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none" || parent.outlineStyle !== "none" || parent.boxShadow !== "none";
  return { number: window.walked.get(at), isSeen, html: at.outerHTML.slice(0, 120) };
})()`;
const MOST_STEPS = 250;

const WALKED = ["overview", "alerts", "alerts, schedule", "storage", "settings, system"];
for (const { name, search, shows } of VIEWS.filter(view => WALKED.includes(view.name)))
  test(`the keyboard gets through ${name}, and one sees where it is`, async () => {
    const { page, pulse } = reader;
    await page.goto(`${pulse.url}/${search}`);
    await page.locator(shows).first().waitFor();
    let last = -1;
    let times = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate<{ number: number; isSeen: boolean; html: string } | null>(FOCUS);
      // Nobody has it: it was on something that is over, or past the last.
      if (at === null) continue;
      // From there it begins anew.
      if (at.number < last) break;
      assert.ok(at.isSeen || at.number === last, `one does not see that the focus is on ${at.html}`);
      times = at.number === last ? times + 1 : 1;
      // A time of day has several places within.
      assert.ok(times <= 4, `the focus does not leave ${at.html}`);
      last = at.number;
    }
    assert.ok(last > 10, `only ${last + 1} things get the focus`);
  });
