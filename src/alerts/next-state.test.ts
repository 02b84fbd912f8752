import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { type AlertState, cleared, INACTIVE, isForgotten, nextState, type Terms, type Verdict } from "./next-state.ts";

const TICK = 10 * SECOND;
const FLAPPING = { threshold: 3, window: 30 * MINUTE, cooldown: 5 * MINUTE };
const TERMS: Terms = { hold: 30 * SECOND, suppression: 5 * MINUTE, flapping: null };

/** Each letter is a look: w well, e easing, W warning, b between, C critical, . nobody knows. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  w: "well",
  e: "easing",
  W: "warning",
  b: "between",
  C: "critical",
  ".": null,
};

function run(looks: string, terms: Partial<Terms> = {}, state: AlertState = INACTIVE, from = 0): AlertState {
  let now = from;
  for (const look of looks.replaceAll(" ", "")) {
    state = nextState(state, VERDICTS[look] ?? null, { ...TERMS, ...terms }, now);
    now += TICK;
  }
  return state;
}

/** What it is: i inactive, p pending, a warning that fires, c a critical one. */
function phases(looks: string, terms: Partial<Terms> = {}): string {
  let state = INACTIVE;
  let now = 0;
  return [...looks]
    .map(look => {
      if (look === " ") return " ";
      state = nextState(state, VERDICTS[look] ?? null, { ...TERMS, ...terms }, now);
      now += TICK;
      return state.phase === "firing" ? (state.level === "critical" ? "c" : "a") : state.phase.charAt(0);
    })
    .join("");
}

const CASES: [sentence: string, looks: string, phases: string, terms?: Partial<Terms>][] = [
  ["it fires once it has been bad for as long as the hold", "wWWWWW", "ipppaa"],
  ["without a hold it fires at once", "wW", "ia", { hold: 0 }],
  ["what eases before it fires begins anew", "WWWeWWWW", "pppipppa"],
  ["between trigger and clear it goes on firing", "WWWWeeee", "pppaaaaa"],
  ["it resolves when it is well", "WWWWw", "pppai"],
  ["nothing fires, resolves or ages while nobody knows", "WW....WW W...ww", "pppppppp aaaaii"],
  ["what was stale for longer than the hold has not been held", "W......WWWW", "ppppppppppa"],
  ["it is critical when it was that for as long as the hold", "CCCC", "pppc"],
  ["a single critical look does not make it critical", "WWWC", "pppa"],
  ["it worsens when it stays critical", "WWWWCCCC", "pppaaaac"],
  ["what eases from critical a little stays critical", "CCCCbbb", "pppcccc"],
  ["it eases to a warning when it has come back far enough", "CCCCbW", "pppcca"],
  ["between the two a warning stays a warning", "WWWWbbbb", "pppaaaaa"],
];
for (const [sentence, looks, expected, terms] of CASES)
  test(sentence, () => assert.equal(phases(looks, terms), expected));

const ack = (state: AlertState): AlertState => ({ ...state, ack: { at: 0, by: "anna" } });

test("an acknowledgement outlives a flicker, and holds for an hour after the end", () => {
  const fired = ack(run("WWWW"));
  const over = run("w", {}, fired, 40 * SECOND);
  const again = (pause: number) => run("WWWW", {}, over, 40 * SECOND + pause);
  assert.equal(again(50 * MINUTE).ack?.by, "anna");
  assert.equal(again(61 * MINUTE).ack, null);
});

test("what fires again within the suppression window is of the same episode", () => {
  const fired = { ...run("WWWW"), episode: { number: 7, began: 30 * SECOND } };
  const over = run("w", {}, fired, 40 * SECOND);
  assert.equal(run("WWWW", {}, over, 3 * MINUTE).episode?.number, 7);
  assert.equal(run("WWWW", {}, over, 30 * MINUTE).episode, null);
});

test("what comes and goes is flapping: it goes on firing until it was well for a while", () => {
  const terms = { hold: 0, flapping: FLAPPING };
  const state = run("WwWwWwwww", terms);
  assert.equal(state.phase, "firing");
  assert.ok(state.phase === "firing" && state.flapping);
  const calm = run("w".repeat(31), terms, state, 90 * SECOND);
  assert.equal(calm.phase, "inactive");
  assert.deepEqual(calm.firings, [], "it begins with a clean sheet");
  const unknown = run(".".repeat(100), terms, state, 90 * SECOND);
  assert.equal(unknown.phase, "firing", "nobody knows whether it is calm");
});

test("one that a person put away fires only after it was well in between", () => {
  const away = cleared(run("WWWW"), 40 * SECOND);
  assert.equal(run("WWWWWWWW", {}, away, 50 * SECOND).phase, "inactive");
  assert.equal(run("eeWWWW", {}, away, 50 * SECOND).phase, "inactive", "easing is not well");
  assert.equal(run("wWWWW", {}, away, 50 * SECOND).phase, "firing");
});

test("a gap in which nobody looked counts little", () => {
  const pending = run("W", { hold: 5 * MINUTE });
  const later = nextState(pending, "warning", { ...TERMS, hold: 5 * MINUTE }, HOUR);
  assert.equal(later.phase, "pending");
});

test("nothing is remembered longer than it matters", () => {
  const over = run("WWWWw");
  assert.equal(isForgotten(over, TERMS, 50 * MINUTE), false);
  assert.equal(isForgotten(over, TERMS, 62 * MINUTE), true);
  assert.equal(isForgotten(cleared(over, 0), TERMS, 1000 * HOUR), false, "what was put away stays so");
});
