import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert, TransitionKind } from "../model/alert.ts";
import { alertOf } from "./fixture.ts";
import { type Step, stepOf } from "./reason.ts";

const CARRIED = { cause: "home:node:pve1-offline" };
const CASES: [sentence: string, kind: TransitionKind, change: Partial<Alert>, step: Step][] = [
  ["what fires is told", "fired", {}, "firing"],
  ["what has become worse is told", "worsened", {}, "firing"],
  ["what nothing carries any more is told", "released", {}, "firing"],
  ["what another alert carries is not", "fired", CARRIED, null],
  ["nor when it becomes worse", "worsened", CARRIED, null],
  ["what somebody has acknowledged may become worse without a word", "worsened", { acknowledged: true }, null],
  ["what is over is told, to who knows of it", "resolved", {}, "resolved"],
  ["even what another carries, as it may have been told before", "resolved", CARRIED, "resolved"],
  ["what has eased is not told", "eased", {}, null],
  ["an acknowledgement takes back what waits", "acknowledged", { acknowledged: true }, "hushed"],
  ["taking it back tells nothing", "unacknowledged", {}, null],
  ["what is switched off is over without a word", "withdrawn", {}, "withdrawn"],
  ["what somebody put away is, too", "cleared", {}, "withdrawn"],
];
for (const [sentence, kind, change, step] of CASES)
  test(sentence, () => assert.equal(stepOf({ kind, alert: alertOf("a", change) }), step));
