import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const CSS = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

/** The colours of one scheme, as six hexadecimal digits. */
function coloursOf(selector: string, scheme: 0 | 1): Record<string, string> {
  const block = CSS.split(`${selector} {`)[1]?.split("\n  }")[0] ?? "";
  const colours = block.matchAll(/--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\);/g);
  return Object.fromEntries(
    [...colours].map(([, name = "", light = "", dark = ""]) => [name, [light, dark][scheme] ?? ""]),
  );
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map(at => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["ground", "surface", "raised", "sunken", "hover", "chosen"];
const PAIRS: [sentence: string, fronts: string[], grounds: string[], usual: number, more: number][] = [
  ["texts can be read on every ground", ["text", "muted", "accent"], GROUNDS, 4.5, 7],
  ["so can what is good", ["good"], ["ground", "surface"], 3, 7],
  ["so can what is bad, also on its own ground", ["warning"], [...GROUNDS, "warning-ground"], 4.5, 7],
  ["and what is worse", ["critical"], [...GROUNDS, "critical-ground"], 4.5, 7],
  ["a button's text stands out from it", ["on-accent"], ["accent"], 4.5, 7],
  ["a number of problems stands out from its badge", ["on-critical"], ["critical-fill"], 4.5, 7],
  ["bars stand out from their track", ["fill", "critical-fill"], ["track"], 2.5, 4.5],
  ["a warning's bar, light as it is, stands out too", ["warning-fill"], ["track"], 1.8, 3.5],
  ["edges of fields can be seen", ["line-field"], ["surface", "ground"], 3, 7],
];

for (const [scheme, name] of [
  [0, "light"],
  [1, "dark"],
] as const)
  test(`colours stand out from each other, ${name}`, () => {
    const usual = coloursOf(":root", scheme);
    const more = { ...usual, ...coloursOf(':root[data-contrast="more"]', scheme) };
    for (const [sentence, fronts, grounds, least, leastMore] of PAIRS)
      for (const front of fronts)
        for (const ground of grounds) {
          const of = (colours: Record<string, string>) => contrast(colours[front] ?? "", colours[ground] ?? "");
          const what = `${sentence}: ${front} on ${ground}`;
          assert.ok(of(usual) >= least, `${what}: ${of(usual).toFixed(2)}`);
          assert.ok(of(more) >= leastMore, `${what}, high contrast: ${of(more).toFixed(2)}`);
        }
  });
