import assert from "node:assert/strict";
import { test } from "node:test";
import { calmLog } from "./calm-log.ts";
import { FakeClock } from "./clock.ts";
import { HOUR, SECOND } from "./units.ts";

test("the same is written five times an hour, and then how often it came", () => {
  const clock = new FakeClock(0);
  const lines: string[] = [];
  const log = calmLog((level, message, fields) => lines.push(`${level} ${message} ${fields?.repeated ?? ""}`), clock);
  for (let time = 0; time < 10_000; time++) log("warn", 'Instance "home" is offline');
  log("info", "Something else");
  assert.deepEqual(lines, [
    ...Array.from({ length: 5 }, () => 'warn Instance "home" is offline '),
    "info Something else ",
  ]);
  clock.set(HOUR + SECOND);
  log("info", "Something else");
  assert.deepEqual(lines.slice(6), ['warn Instance "home" is offline 9995', "info Something else "]);
});

test("ten thousand different messages are all written, and none is kept for long", () => {
  const lines: string[] = [];
  const log = calmLog((_, message) => lines.push(message), new FakeClock(0));
  for (let number = 0; number < 10_000; number++) log("error", `Number ${number}`);
  assert.equal(lines.length, 10_000);
});
