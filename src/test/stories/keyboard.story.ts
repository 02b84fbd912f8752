import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { KEYS, type KeyName } from "../../web/ui/keys.ts";
import { comesTo, eventually, type Reader } from "./reader.ts";
import { startWithEverything, VIEWS } from "./whole-estate.ts";

let reader: Reader;
let page: Page;
before(async () => {
  reader = await startWithEverything();
  page = reader.page;
});
after(async () => await reader[Symbol.asyncDispose]());

const open = async (search: string, shows: string) => {
  await page.goto(`${reader.pulse.url}/${search}`);
  await page.locator(shows).first().waitFor();
};
const focused = () =>
  page.evaluate<string>(`(() => {
    const at = document.activeElement;
    return at.dataset.row ?? at.getAttribute("aria-label") ?? at.textContent;
  })()`);
const focusIs = (expected: string | RegExp) =>
  eventually(focused, text =>
    typeof expected === "string" ? assert.equal(text, expected) : assert.match(text, expected),
  );

/**
 * Notes where the focus comes, and whether that can be seen. Of rows far down and of what only arrows lead to, nothing is expected: it is
 * one of many that are alike.
 */
const WATCH = `(() => {
  const ROVING = "[tabindex='-1'], .row:nth-child(n + 8), .row:nth-child(n + 8) *, [inert] *";
  const all = "a[href], button, input, select, textarea, summary, [tabindex]";
  const isThere = one => one.checkVisibility({ visibilityProperty: true }) && !one.matches(":disabled");
  const isOneOfMany = one => one.type === "radio" && !one.checked;
  window.due = new Set([...document.querySelectorAll(all)].filter(one => isThere(one) && !one.matches(ROVING) && !isOneOfMany(one)));
  window.odd = [...document.querySelectorAll("[tabindex]")].filter(one => one.tabIndex > 0).map(one => one.outerHTML.slice(0, 100));
  window.unseen = [];
  window.came = 0;
  document.addEventListener("focusin", ({ target }) => {
    window.came += 1;
    window.due.delete(target);
    const styles = [target, target.parentElement, target.parentElement.parentElement].map(one => getComputedStyle(one));
    const isSeen = styles.some(({ outlineStyle, outlineWidth, boxShadow }) => (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none");
    if (!isSeen) window.unseen.push(target.outerHTML.slice(0, 120));
  });
  return window.due.size;
})()`;
/** How far it went: what was not reached, where it was not seen, what is out of the order of the page. */
const WALKED = `({
  due: [...window.due].filter(one => one.isConnected && one.checkVisibility({ visibilityProperty: true }) && !one.matches(":disabled, [tabindex='-1']")).map(one => one.outerHTML.slice(0, 120)),
  unseen: window.unseen, odd: window.odd, came: window.came })`;
interface Walked {
  due: string[];
  unseen: string[];
  odd: string[];
  came: number;
}
const NAMELESS = `[...document.querySelectorAll("table, [role='table']")]
  .filter(one => !one.caption && !one.getAttribute("aria-labelledby") && !one.getAttribute("aria-label"))
  .map(one => one.className)`;
/** A time of day has several places within, and a table more rows than are walked through. */
const MOST_STEPS = 500;

for (const { name, search, shows } of VIEWS.filter(view => view.name !== "the wall"))
  test(`the keyboard gets to everything on ${name}, one sees where it is, and tables say what they are`, async () => {
    await open(search, shows);
    assert.deepEqual(await page.evaluate<string[]>(NAMELESS), []);
    await page.evaluate("document.querySelector('main').focus()");
    const due = await page.evaluate<number>(WATCH);
    let walked: Walked = { due: [""], unseen: [], odd: [], came: 0 };
    await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
    for (let step = 0; step < MOST_STEPS && walked.due.length > 0; step += 25) {
      for (let press = 0; press < 25; press++) await page.keyboard.press("Tab");
      walked = await page.evaluate<Walked>(WALKED);
    }
    assert.ok(due > 10 && walked.came > 10, `${walked.came} of ${due}`);
    assert.deepEqual({ ...walked, came: 0 }, { due: [], unseen: [], odd: [], came: 0 });
  });

test("Escape closes what is uppermost and no more, and the focus goes back to where it was", async () => {
  await open("", ".guests .row.guest");
  const row = page.locator(".guests .row.guest").first();
  const id = (await row.getAttribute("data-row")) ?? "";
  await row.focus();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary");
  await drawer.waitFor();
  const title = await focused();
  await comesTo(() => drawer.getAttribute("aria-labelledby"), "drawer-title");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await focusIs(/Find anything/);
  assert.notEqual((await palette.getAttribute("aria-label")) ?? "", "");
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  await eventually(
    () => drawer.isVisible(),
    seen => assert.ok(seen, "the details stay"),
  );
  await focusIs(title);
  const columns = page.getByRole("button", { name: "Columns, order and density of Guests" });
  await columns.focus();
  await page.keyboard.press("Enter");
  await page.locator(".column-picker").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".column-picker").waitFor({ state: "detached" });
  await eventually(
    () => drawer.isVisible(),
    seen => assert.ok(seen, "the details stay"),
  );
  await focusIs("Columns, order and density of Guests");
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await focusIs(id);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys" });
  await sheet.waitFor();
  for (let press = 0; press < 6; press++) await page.keyboard.press("Tab");
  assert.ok(
    await page.evaluate<boolean>(
      "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
    ),
    "what is behind a dialog is not walked through",
  );
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  await focusIs(id);
});

test("the list of keys is true: each does what it says", async () => {
  await open("", ".guests .row.guest");
  const rows = page.locator(".guests .row");
  const idOf = async (at: number) => (await rows.nth(at).getAttribute("data-row")) ?? "";
  const [group, first, second] = [await idOf(0), await idOf(1), await idOf(2)];
  const press = (key: KeyName, which = 0) =>
    page.keyboard.press((KEYS[key].combos[which] ?? "").replace("Mod+", "Control+").replace(/^ $/, "Space"));
  const isOpen = () => page.getByRole("complementary").isVisible();
  const tried: Readonly<Record<KeyName, () => Promise<void>>> = {
    async find() {
      await press("find");
      await focusIs(/Find anything/);
      await press("close");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    },
    async keys() {
      await press("keys");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      const listed = await page.getByRole("dialog").locator("dd").allInnerTexts();
      assert.deepEqual(
        listed,
        Object.values(KEYS).map(({ says }) => says),
      );
      await press("close");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    },
    async search() {
      await press("search");
      await focusIs(/Search guests/);
      await page.keyboard.type("cpu");
    },
    async close() {
      await eventually(
        () => page.getByLabel("Search guests").inputValue(),
        seen => assert.notEqual(seen, ""),
      );
      await press("close");
      await eventually(
        () => page.getByLabel("Search guests").inputValue(),
        text => assert.equal(text, ""),
      );
    },
    async next() {
      await rows.nth(0).focus();
      await press("next");
      await focusIs(first);
      await press("next", 1);
      await focusIs(second);
    },
    async previous() {
      await press("previous");
      await focusIs(first);
      await press("previous", 1);
      await focusIs(group);
    },
    async pageDown() {
      await press("pageDown");
      await eventually(focused, id => assert.ok(![group, first, second].includes(id), id));
    },
    async pageUp() {
      await press("pageUp");
      await focusIs(group);
    },
    async last() {
      await press("last");
      await eventually(
        () => page.evaluate<number>("scrollY"),
        y => assert.ok(y > 100),
      );
    },
    async first() {
      await press("first");
      await focusIs(group);
      await press("last");
      await press("first");
      await focusIs(group);
    },
    async fold() {
      await press("fold");
      await eventually(
        () => idOf(1),
        id => assert.notEqual(id, first),
      );
    },
    async unfold() {
      await press("unfold");
      await eventually(
        () => idOf(1),
        id => assert.equal(id, first),
      );
    },
    async choose() {
      await press("next");
      await focusIs(first);
      await press("choose");
      await page.locator(`[data-row="${first}"] input:checked`).waitFor();
    },
    async chooseTo() {
      await press("next");
      await focusIs(second);
      await press("chooseTo");
      await page.locator(`[data-row="${second}"] input:checked`).waitFor();
      await press("first");
      await focusIs(group);
    },
    async open() {
      await press("next");
      await focusIs(first);
      for (const which of KEYS.open.combos.keys()) {
        await press("open", which);
        await page.getByRole("complementary").waitFor();
        await press("close");
        await eventually(isOpen, seen => assert.equal(seen, false));
        await focusIs(first);
      }
    },
  };
  const ORDER = [
    "find",
    "keys",
    "search",
    "close",
    "next",
    "previous",
    "pageDown",
    "pageUp",
    "last",
    "first",
    "fold",
    "unfold",
    "choose",
    "chooseTo",
    "open",
  ] as const;
  assert.deepEqual([...ORDER].sort(), Object.keys(KEYS).sort());
  for (const key of ORDER) await tried[key]();
});

test("who reads with a screen reader is told once, politely, of what becomes critical, and each chart has a table", async () => {
  await open("", ".guests .row.guest");
  const said = page.locator(".top [aria-live='polite']");
  assert.equal(await said.textContent(), "", "what was so before is on the page");
  await page.evaluate(`(() => {
    window.told = [];
    const region = document.querySelector(".top [aria-live='polite']");
    new MutationObserver(() => window.told.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  })()`);
  await reader.pulse.estate.faults.cause({ kind: "node-off", instance: "office", node: "srv3" });
  await reader.pulse.until(({ activeAlerts }) =>
    activeAlerts.some(({ type, resourceName }) => type === "offline" && resourceName === "srv3"),
  );
  const told = () => page.evaluate<string[]>("window.told.filter(text => text.includes('srv3 is offline'))");
  await eventually(told, texts => assert.equal(texts.length, 1));
  await open("?show=home:guest:101", ".drawer .charts canvas");
  const counts = async () => [
    await page.locator(".drawer .chart").count(),
    await page.locator(".drawer").getByRole("button", { name: "Show as table" }).count(),
  ];
  await eventually(counts, ([charts = 0, buttons]) => assert.ok(charts > 0 && charts === buttons));
});
