import assert from "node:assert/strict";
import { test } from "node:test";
import { silent } from "./kit/log.ts";
import { type Instant, SECOND } from "./kit/units.ts";
import { LateLooks } from "./late-looks.ts";
import type { WatchedInstance } from "./model/instance-settings.ts";
import type { PastSeen, ResourcesSeen } from "./model/observation.ts";

const START = Date.UTC(2026, 0, 1);
const HOME: WatchedInstance = {
  ...{ name: "home", type: "pve", host: "https://pve1:8006", interval: 10 * SECOND },
  credentials: { kind: "token", id: "a@pve!b", secret: "" },
  trust: { kind: "any" },
};

function look(at: number, cpu: number): ResourcesSeen {
  const node = { id: "home:node:pve1", name: "pve1", status: "online", cpu };
  const seen = { kind: "seen", scope: "resources", instance: "home", at: START + at * SECOND, took: 0 };
  const lists = { nodes: [node], guests: [], storages: [], endpoints: [] };
  return { ...seen, interval: 10 * SECOND, ...lists } as unknown as ResourcesSeen;
}

/** Of the ticks up to `until` none is kept but those at `kept`. */
function judged(until: number, ...kept: number[]) {
  const isKept = (at: Instant) => kept.includes((at - START) / SECOND);
  return { judged: START + until * SECOND, history: { hasSample: (_: string, at: Instant) => isKept(at) } };
}

/** What is kept of the node's processor: `seconds percent`. */
function keptOf(late: LateLooks, at: number): string[] {
  const lines: string[] = [];
  const importPast = ({ frames }: PastSeen) => {
    for (const { metrics } of frames) {
      const { starts, means } = metrics.cpu ?? { starts: [] as Instant[], means: [] as number[] };
      lines.push(...starts.map((start, index) => `${(start - START) / SECOND} ${means[index]}`));
    }
  };
  late.keep({ importPast }, START + at * SECOND, silent);
  return lines;
}

test("each look stands for the ticks until the next one, the last as long as it is fresh", () => {
  const late = new LateLooks();
  for (const [at, cpu] of [
    [12, 0.1],
    [22, 0.2],
    [32, 0.3],
  ] as const)
    late.add(look(at, cpu), HOME, judged(95));
  assert.deepEqual(keptOf(late, 105), ["10 10", "20 20", "30 30", "40 30", "50 30"]);
  assert.deepEqual(keptOf(late, 115), []);
});

test("a look that is in time ends what was late", () => {
  const late = new LateLooks();
  late.add(look(12, 0.1), HOME, judged(35));
  late.end(look(32, 0.4), HOME);
  assert.deepEqual(keptOf(late, 35), ["10 10", "20 10"]);
});

test("a look that came in time stands for ticks that nobody said, until the next look, the next tick, or as long as it is fresh", () => {
  const late = new LateLooks();
  late.drop(START + 5 * SECOND);
  late.end(look(7, 0.1), HOME);
  assert.deepEqual(keptOf(late, 15), [], "the tick itself finds it");
  late.end(look(17, 0.2), HOME);
  late.end(look(27, 0.3), HOME);
  late.add(look(47, 0.4), HOME, judged(15));
  late.end(look(67, 0.5), HOME);
  assert.deepEqual(keptOf(late, 85), ["20 20", "30 30", "40 30", "50 40", "60 40", "70 50"]);
  late.end(look(87, 0.6), HOME);
  assert.deepEqual(keptOf(late, 205), ["90 60", "100 60", "110 60"]);
  late.drop();
  late.end(look(207, 0.7), HOME);
  assert.deepEqual(keptOf(late, 305), [], "it is not known which ticks were judged");
});

test("a look that comes after a later one tells of its own time as well", () => {
  const late = new LateLooks();
  late.add(look(82, 0.2), HOME, judged(125));
  late.add(look(12, 0.1), HOME, judged(125));
  assert.deepEqual(keptOf(late, 135), ["80 20", "90 20", "100 20", "10 10", "20 10", "30 10"]);
});

test("a look is passed over when something else is kept of all ticks that it would have been for", () => {
  const late = new LateLooks();
  late.add(look(12, 0.1), HOME, judged(35, 10, 20, 30));
  assert.deepEqual(keptOf(late, 45), []);
  late.add(look(12, 0.1), HOME, judged(35, 10, 30));
  assert.deepEqual(keptOf(late, 45), ["10 10", "20 10", "30 10"]);
});
