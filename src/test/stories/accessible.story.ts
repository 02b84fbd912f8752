import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.ts";
import type { Reader } from "./reader.ts";
import { startWithEverything, VIEWS } from "./whole-estate.ts";

let reader: Reader;
before(async () => {
  reader = await startWithEverything();
  // Dozens of pages are looked through from end to end: on a busy machine each takes its time.
  reader.page.setDefaultTimeout(60_000);
});
after(async () => await reader[Symbol.asyncDispose]());

for (const { name, search, shows } of VIEWS)
  test(`${name} can be used by everybody, in every theme`, async () => {
    const { page, pulse } = reader;
    await page.goto(`${pulse.url}/${search}`);
    await page.locator(shows).first().waitFor();
    await assertAccessible(page);
  });
