import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import { areaBetween, bump, noise, signalAt, sum } from "./signal.ts";

const T0 = Date.UTC(2026, 0, 1);

test("the same words throw the same dice, other words others", () => {
  assert.equal(diceOf("a", 1).share(), diceOf("a", 1).share());
  assert.notEqual(diceOf("a", 1).share(), diceOf("a", 2).share());
});

test("noise stays within its swing", () => {
  const signal = noise(10, 0.4, [HOUR, 7 * MINUTE, MINUTE], diceOf("x"));
  for (let at = T0; at < T0 + DAY; at += 37 * SECOND) {
    const value = signalAt(signal, at);
    assert.ok(value >= 6 && value <= 14, `${value}`);
  }
});

const bumps: [string, number, number, number][] = [
  ["is at its height at the peak", 15 * HOUR, 2, 0.001],
  ["is half gone three hours later", 18 * HOUR, 1, 0.35],
  ["is nothing at the other end of the day", 3 * HOUR, 0, 0.001],
];
for (const [name, at, expected, tolerance] of bumps)
  test(`a daily bump ${name}`, () => {
    const value = signalAt(bump(2, DAY, 15 * HOUR), T0 + at);
    assert.ok(Math.abs(value - expected) <= tolerance, `${value}`);
  });

test("the area is what the values add up to", () => {
  const signal = sum(noise(0.1, 0.6, [17 * MINUTE, 2 * MINUTE], diceOf("y")), bump(0.5, DAY, HOUR));
  let added = 0;
  for (let at = T0; at < T0 + 2 * HOUR; at += SECOND) added += signalAt(signal, at + SECOND / 2);
  const area = areaBetween(signal, T0, T0 + 2 * HOUR);
  assert.ok(Math.abs(area - added) < 0.01, `${area} against ${added}`);
});

test("the area counts from wherever it is asked to", () => {
  const signal = noise(1, 0.5, [HOUR, MINUTE], diceOf("z"));
  const whole = areaBetween(signal, T0, T0 + HOUR);
  const halves = areaBetween(signal, T0, T0 + HOUR / 2) + areaBetween(signal, T0 + HOUR / 2, T0 + HOUR);
  assert.ok(Math.abs(whole - halves) < 0.001);
});
