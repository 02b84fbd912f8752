import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { assertFits, type Look, type Reader, startReader } from "./reader.ts";
import { assertWithinReach } from "./targets.ts";
import { goTo, startWithEverything, VIEWS } from "./whole-estate.ts";

const PHONE: Look & { width: number; height: number } = { width: 360, height: 740, touch: true };
/** A window of 1440 px at 200 %, and one that is half as wide. */
const HALF = { width: 720, height: 450 };
const WHOLE = { width: 1440, height: 900 };
/** A window of 1280 px at 400 %: nothing may have to be moved from side to side. */
const NARROWEST = { width: 320, height: 740 };

/** Tables that lose columns, a form of several columns, and the charts. */
const DIFFER_AT_HALF: ReadonlySet<string> = new Set([
  "overview",
  "storage",
  "compare",
  "alerts, schedule",
  "settings, system",
]);

let reader: Reader;
let phone: Page;
before(async () => {
  reader = await startWithEverything();
  phone = await reader.open("", PHONE);
});
after(async () => await reader[Symbol.asyncDispose]());

for (const view of VIEWS)
  test(`${view.name} can be used by everybody, in every theme, at 200 %, on a phone with a finger and at 320 px`, async () => {
    const { page } = reader;
    await goTo(page, view);
    await assertAccessible(page);
    await page.setViewportSize(HALF);
    await assertFits(page);
    // Colours are as they were, and most of what is there.
    if (DIFFER_AT_HALF.has(view.name)) await assertAccessible(page, ["light"]);
    await page.setViewportSize(WHOLE);
    await goTo(phone, view);
    await assertAccessible(phone, ["light"]);
    await assertWithinReach(phone);
    await phone.setViewportSize(NARROWEST);
    await assertFits(phone);
    await phone.setViewportSize(PHONE);
  });

/** Pages that are not the UI's: the first of many that are alike is enough. */
const OTHERS = [
  { name: "the page of the API", path: "api/docs", without: [".route:nth-of-type(n + 3)", "nav li:nth-child(n + 4)"] },
  { name: "the documentation", path: "docs/", without: [] },
  { name: "a page of the documentation", path: "docs/alerts.html", without: ["tr:nth-child(n + 4)"] },
  // It loads itself anew unless somebody has stopped that.
  { name: "the page of a few numbers", path: "simple-stats?refresh=off", without: [] },
];
for (const { name, path, without } of OTHERS)
  test(`${name} can be used by everybody, in every theme, at 320 px too`, async () => {
    const { page, pulse } = reader;
    for (const one of [page, phone]) {
      await one.goto(`${pulse.url}/${path}`);
      if (one === phone) {
        await phone.setViewportSize(NARROWEST);
        await assertFits(phone);
        await phone.setViewportSize(PHONE);
      }
      // What is only left out of what is looked at costs axe as much as what is not.
      for (const alike of without)
        await one.locator(alike).evaluateAll(elements => {
          for (const element of elements) element.remove();
        });
      await assertAccessible(one);
    }
  });

type Opened = readonly [name: string, search: string, open: (page: Page) => Promise<void>];
const DETAILS: Opened = [
  "the details of a guest",
  "?show=home:guest:101",
  page => page.locator(".drawer .charts canvas").first().waitFor(),
];
const SILENCE: Opened = [
  "a silence, and why an alert fires",
  "?page=alerts",
  async page => {
    await page.getByRole("button", { name: "Silence…" }).first().click();
    await page.getByRole("button", { name: "Why?" }).nth(1).click();
    await page.locator(".explain .facts").first().waitFor();
  },
];
const INSTANCE: Opened = [
  "the form of an instance, with a help that is open",
  "?page=settings",
  async page => {
    await page.locator(".instance").first().waitFor();
    await page.getByRole("button", { name: "Add an instance" }).click();
    await page.getByRole("textbox", { name: "Address" }).waitFor();
    await page.getByRole("button", { name: "What is this: Token ID" }).click();
    await page.getByRole("link", { name: "More in the documentation" }).first().waitFor();
  },
];
const COLUMNS: Opened = [
  "the columns of a table",
  "?page=storage",
  async page => {
    await page
      .getByRole("button", { name: /^Columns, order and density/ })
      .first()
      .click();
    await page.locator(".column-picker").waitFor();
  },
];

/** What opens over a page: where, by what, and what is there then. */
const ON_DESKS: readonly Opened[] = [
  DETAILS,
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
      await page.getByRole("option", { name: /pve/ }).first().waitFor();
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
  SILENCE,
  INSTANCE,
  [
    "a chart as a table",
    "?page=compare&q=db",
    async page => {
      await page.getByRole("button", { name: "Show as table" }).click();
      await page.locator(".chart-table").waitFor();
    },
  ],
  COLUMNS,
];
const ON_PHONES: readonly Opened[] = [
  DETAILS,
  [
    "all pages",
    "",
    async page => {
      await page.getByRole("button", { name: "More", exact: true }).click();
      await page.getByRole("dialog", { name: "All pages" }).waitFor();
    },
  ],
  [
    "the palette",
    "",
    async page => {
      await page.locator(".top .finder").click();
      await page.getByRole("combobox", { name: "Find anything" }).fill("pve");
      await page.getByRole("option", { name: /pve/ }).first().waitFor();
    },
  ],
  SILENCE,
  INSTANCE,
  COLUMNS,
];
for (const [name, search, open] of ON_DESKS)
  test(`${name} can be used by everybody, in every theme`, async () => {
    const { page, pulse } = reader;
    await page.goto(`${pulse.url}/${search}`);
    await open(page);
    await assertAccessible(page);
  });
for (const [name, search, open] of ON_PHONES)
  test(`${name} can be used by everybody on a phone, in every theme and with a finger`, async () => {
    await phone.goto(`${reader.pulse.url}/${search}`);
    await open(phone);
    await assertAccessible(phone);
    await assertWithinReach(phone);
  });

test("signing in, and setting it up, can be used by everybody, in every theme", async () => {
  await using closed = await startReader({ nodes: 1, guests: 1, user: { name: "ann", password: "correct horse" } });
  for (const page of [closed.page, await closed.open("", PHONE)]) {
    await page.getByRole("textbox", { name: "User" }).waitFor();
    await assertAccessible(page);
  }
});
