import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../../kit/units.ts";
import { language, locale, plural, speak, t, told, within, withTexts } from "./words.ts";

await speak("de");
// As the page does: only now, since texts may be made as modules are loaded.
const format = await import("../format/format.ts");
const { stateName } = await import("./states.ts");

await withTexts(async () => {})();
const hint = told("Use an app password, made under Account security.");

test("the page speaks German", () => assert.deepEqual([language(), locale()], ["de", "de"]));

for (const [name, said, expected] of [
  ["a text", t("All is well"), "Alles in Ordnung"],
  ["a text with values", t("{found} of {all}", { found: 2, all: 3 }), "2 von 3"],
  ["one", plural(1, "guest"), "1 Gast"],
  ["many, with the points of the locale", plural(1234, "guest"), "1.234 Gäste"],
  ["a text that nobody has translated", t("Nobody says this"), "Nobody says this"],
  ["what the server says", told("is offline"), "ist offline"],
  ["what the server says on one page", hint, "Ein App-Passwort verwenden, erstellt unter Kontosicherheit."],
  ["a name within a sentence keeps its capital", within("Gäste"), "Gäste"],
  ["a state", stateName("running"), "läuft"],
  ["bytes", format.formatBytes(3.4 * 1024 ** 3), "3,4 GiB"],
  ["a share", format.formatPercent(91.5), "92 %"],
  ["a small share", format.formatPercent(0.44), "0,4 %"],
  ["a duration", format.formatDuration(12 * DAY + 4 * HOUR), "12 d 4 h"],
  ["how long ago", format.formatAgo(0, 3 * MINUTE), "vor 3 min"],
  ["how many days ago", format.formatAgo(0, 5 * DAY), "vor 5 Tagen"],
  ["an age", format.formatAge(0, 100 * DAY), "3 Monate"],
  ["until when it is good", format.formatExpiry(42 * DAY + SECOND, 0), "noch 42 Tage gültig"],
  ["never", format.formatTime(0), "nie"],
  ["a day", format.dayName(0, "long"), "Montag"],
] as const)
  test(`in German: ${name}`, () => assert.equal(said, expected));
