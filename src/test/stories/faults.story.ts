import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page, Route } from "playwright-core";
import { eventually, type Reader } from "./reader.ts";
import { startWithEverything, VIEWS } from "./whole-estate.ts";

let reader: Reader;
let page: Page;
before(async () => {
  reader = await startWithEverything();
  page = await reader.open();
  page.setDefaultTimeout(60_000);
});
after(async () => await reader[Symbol.asyncDispose]());

/** What becomes of each request to the API. */
const FAULTS: Readonly<Record<string, (route: Route) => Promise<void>>> = {
  "the server fails": route => route.fulfill({ status: 500, json: { error: "Internal Server Error" } }),
  "it is refused": route => route.fulfill({ status: 403, json: { error: "This needs the right to read" } }),
  "the answer is empty": route => route.fulfill({ status: 200, body: "" }),
  "there is no network": route => route.abort("connectionrefused"),
};
/** Who the reader is and how they want the page: without an answer it is shown as it was. Small lines in rows are an extra that just stays away. */
const SPARED = /\/api\/(session|settings|trends)\b/;
const EXPECTED = [
  ...VIEWS,
  { name: "the details of a guest", search: "?show=home:guest:101", shows: ".drawer .facts" },
];

/** What is on the page: states that ask to try again, what still says that it loads, and how much text there is. */
const SEEN = `({
  again: [...document.querySelectorAll("main button")].filter(one => one.textContent.trim() === "Try again" && one.checkVisibility()).length,
  loading: [...document.querySelectorAll("main .skeleton, main .chart-nothing")].filter(one => /Loading/.test(one.textContent)).length,
  text: document.querySelector("main, .wall").innerText.length,
})`;
interface Seen {
  again: number;
  loading: number;
  text: number;
}
const seen = () => page.evaluate<Seen>(SEEN);

/** The first view meets all of them, each other one in its turn: how an answer is read is one for all. */
const meets = (view: number) =>
  Object.entries(FAULTS).filter((_, fault, { length }) => view === 0 || fault === view % length);

for (const [at, { name, search, shows }] of EXPECTED.entries())
  test(`${name}: whatever the server does not tell is said, with a way to try again, and then it is there`, async () => {
    for (const [fault, answer] of meets(at)) {
      let failed: string[] = [];
      await page.route("**/api/**", async route => {
        const { pathname } = new URL(route.request().url());
        if (SPARED.test(pathname)) return route.continue();
        failed.push(pathname);
        await answer(route);
      });
      await page.goto(`${reader.pulse.url}/${search}`);
      await page.locator("main .panel, main .state-box, main .tiles, .wall-tile").first().waitFor();
      await page.waitForLoadState("networkidle");
      await eventually(seen, ({ loading, again, text }) => {
        assert.equal(loading, 0, `${fault}: nothing loads for ever`);
        assert.ok(text > 40, `${fault}: the page is not blank`);
        // Nobody stands at a wall to press anything.
        if (failed.length > 0 && name !== "the wall")
          assert.ok(again > 0, `${fault}: nothing is said of ${[...new Set(failed)].join(", ")}`);
      });
      await page.unroute("**/api/**");
      failed = [];
      await eventually(
        async () => {
          const one = page.locator("main").getByRole("button", { name: "Try again" }).first();
          if (await one.isVisible()) await one.click({ timeout: 2000 }).catch(() => undefined);
          return seen();
        },
        ({ again }) => assert.equal(again, 0, `${fault}: it is there again`),
      );
      await page.locator(shows).first().waitFor();
    }
  });

test("an answer that takes its time holds the place of what comes, and says so", async () => {
  let release = () => {};
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route(/\/api\/(alerts|changes|storage-charts|history)/, async route => {
    await released;
    await route.continue();
  });
  const views = VIEWS.filter(({ name }) => /^(alerts, history|changes)$/.test(name));
  for (const { search } of views) {
    await page.goto(`${reader.pulse.url}/${search}`);
    await page.locator("main .skeleton[role=status]", { hasText: "Loading…" }).first().waitFor();
  }
  release();
  await page.locator("main .skeleton").first().waitFor({ state: "detached" });
  await page.unroute(/\/api\/(alerts|changes|storage-charts|history)/);
});
