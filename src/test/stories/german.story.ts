import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { DE } from "../../web/words/de/all.ts";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, eventually, type Reader, startReader } from "./reader.ts";
import { goTo, startWithEverything, VIEWS } from "./whole-estate.ts";

const GERMAN: ReadonlySet<string> = new Set(Object.values(DE));
/** A pool of the estate, and what Pulse calls its own looks at a server. */
const NAMES: ReadonlySet<string> = new Set(["production", "guests", "details"]);
/** English texts of the page that no German one is. */
const ENGLISH: ReadonlySet<string> = new Set(
  Object.keys(DE).filter(
    text => !GERMAN.has(text) && !NAMES.has(text) && /\p{L}{3}/u.test(text) && !text.includes("{"),
  ),
);
/** What is seen or said to screen readers, a text each; code and what readers of Pulse entered is nobody's language. */
const TEXTS = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest("code, pre, kbd, script, .tag, .vmid, option[value='']")) texts.push(node.data.trim());
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"]) texts.push(element.getAttribute(name) ?? "");
  return texts;
})()`;

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };

let reader: Reader;
let page: Page;
before(async () => {
  reader = await startWithEverything();
  page = await reader.open("", { locale: "de-DE" });
});
after(async () => await reader[Symbol.asyncDispose]());

for (const view of [...VIEWS, { name: "a guest", search: "?show=home:guest:101", shows: ".drawer .facts" }])
  test(`a German reader finds no English on ${view.name}, and room for what is longer`, async () => {
    await goTo(page, view);
    const texts = await page.evaluate<string[]>(TEXTS);
    assert.deepEqual(
      [...new Set(texts)].filter(text => ENGLISH.has(text)),
      [],
    );
    await page.setViewportSize(PHONE);
    await page.locator(view.shows).first().waitFor();
    await assertFits(page);
    await page.setViewportSize(DESK);
  });

/** How far what stands at the left of the header runs into what follows it there, px. */
const OVERLAP = `(() => {
  const [verdict, ...after] = [...document.querySelectorAll(".verdict-text, .pages a, .finder, .freshness")].map(one => one.getBoundingClientRect());
  const beside = after.filter(({ left, top, bottom }) => left > 0 && top < verdict.bottom && bottom > verdict.top);
  return Math.max(0, verdict.right - Math.min(...beside.map(({ left }) => left)));
})()`;

test("in a window of any width the verdict, the pages and the rest of the header stand beside each other", async () => {
  await page.goto(reader.pulse.url);
  await page.locator(".guests .row.guest").first().waitFor();
  for (const width of [360, 720, 900, 1060, 1199, 1200, 1440]) {
    await page.setViewportSize({ width, height: 600 });
    assert.equal(await page.evaluate(OVERLAP), 0, `${width} px`);
    await assertFits(page);
  }
  await page.setViewportSize(DESK);
});

test("the page is German by what the browser asks for, alerts and figures too, and English when that is chosen", async () => {
  await page.goto(reader.pulse.url);
  await page
    .locator(".problem", { hasText: /^pve2 ist offline|pve2\s+ist offline/ })
    .first()
    .waitFor();
  await comesTo(() => page.getAttribute("html", "lang"), "de");
  await eventually(
    () => page.title(),
    title => assert.match(title, /^\(\d+\) .+ · Pulse$/),
  );
  await page
    .locator(".nodes .meter-text", { hasText: /^\d+ %$/ })
    .first()
    .waitFor();
  await shoot(page, "german");
  await page.goto(`${reader.pulse.url}/?page=settings&section=page`);
  const choice = page.getByRole("combobox", { name: "Sprache" });
  await choice.waitFor();
  await comesTo(() => choice.locator("option").allInnerTexts(), ["Wie der Browser", "English", "Deutsch"]);
  await choice.selectOption("English");
  await page.getByRole("combobox", { name: "Language" }).waitFor();
  await comesTo(() => page.getAttribute("html", "lang"), "en");
  await page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
  await page.getByRole("combobox", { name: "Sprache" }).waitFor();
});

test("the language that somebody has chosen is theirs on another device", async () => {
  await using closed = await startReader({ nodes: 1, guests: 1, user: { name: "ann", password: "correct horse" } });
  const signIn = async (at: Page) => {
    await at.getByRole("textbox", { name: "User" }).fill("ann");
    await at.getByLabel("Password").fill("correct horse");
    await at.getByRole("button", { name: "Sign in" }).click();
  };
  await signIn(closed.page);
  await closed.page.locator(".guests .row.guest").first().waitFor();
  await closed.page.goto(`${closed.pulse.url}/?page=settings&section=page`);
  await closed.page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
  await closed.page.getByRole("combobox", { name: "Sprache" }).waitFor();
  const other = await closed.open();
  await signIn(other);
  await other.getByRole("link", { name: "Übersicht" }).waitFor();
});
