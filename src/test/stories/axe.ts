import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** What the colours of a theme can do wrong; all else is the same in each. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];
/** Rows far down a table, which are like those above them. */
const ALIKE = ".virtual .row:nth-child(n + 8)";
/** What is not seen takes axe no time; what is only left out does. */
const HIDE_ALIKE = `globalThis.alike ??= new CSSStyleSheet();
alike.replaceSync("${ALIKE} { visibility: hidden !important }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter(sheet => sheet !== alike), alike];`;
const SHOW_ALIKE = "document.adoptedStyleSheets = document.adoptedStyleSheets.filter(sheet => sheet !== alike);";
/** How large they are is what they say; the table below them opens the same. */
const IN_PLACE = /class="band-bar/;
type Theme = "light" | "dark" | "contrast";
/** How each theme is put on the page. */
const THEMES: Readonly<Record<Theme, string>> = {
  light: `document.documentElement.dataset.theme = "light"; delete document.documentElement.dataset.contrast`,
  dark: `document.documentElement.dataset.theme = "dark"; delete document.documentElement.dataset.contrast`,
  contrast: `document.documentElement.dataset.contrast = "more"`,
};
const ALL = Object.keys(THEMES) as Theme[];

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; any: { message: string }[]; all: { message: string }[]; none: { message: string }[] }[];
}

/** What axe finds wrong, a line each. */
async function wrongOn(page: Page, theme: Theme): Promise<string[]> {
  await page.evaluate(THEMES[theme]);
  const only = theme === "light" ? { type: "tag", values: TAGS } : { type: "rule", values: OF_COLOURS };
  const options = JSON.stringify({ runOnly: only, resultTypes: ["violations"] });
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run({ exclude: ["${ALIKE}"] }, ${options})`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .filter(({ html }) => !(id === "target-size" && IN_PLACE.test(html)))
      .slice(0, 3)
      .map(({ html, any, all, none }) => {
        const why = [...any, ...all, ...none][0]?.message ?? help;
        return `${theme}: ${id}: ${why}\n    ${html.slice(0, 160)}`;
      }),
  );
}

/** Fails with what axe finds wrong on the page as it is; in every theme, unless its colours are seen in another width. */
export async function assertAccessible(page: Page, themes: readonly Theme[] = ALL): Promise<void> {
  // Taking it in takes a page as long as loading itself.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(AXE);
  await page.evaluate(HIDE_ALIKE);
  const found: string[] = [];
  for (const theme of themes) found.push(...(await wrongOn(page, theme)));
  await page.evaluate(SHOW_ALIKE);
  assert.deepEqual(found, []);
}
