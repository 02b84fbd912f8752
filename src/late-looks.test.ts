import assert from "node:assert/strict";
import { test } from "node:test";
import type { History } from "./history/history.ts";
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

/** What is kept of the node's processor: `seconds percent`. */
function keptOf(late: LateLooks, at: number): string[] {
  const lines: string[] = [];
  const importPast = ({ frames }: PastSeen) => {
    for (const { metrics } of frames) {
      const { starts, means } = metrics.cpu ?? { starts: [] as Instant[], means: [] as number[] };
      lines.push(...starts.map((start, index) => `${(start - START) / SECOND} ${means[index]}`));
    }
  };
  late.keep({ importPast } as unknown as History, START + at * SECOND, silent);
  return lines;
}

test("each look stands for the ticks until the next one", () => {
  const late = new LateLooks();
  for (const [at, cpu] of [
    [12, 0.1],
    [22, 0.2],
    [32, 0.3],
  ] as const)
    late.add(look(at, cpu), HOME);
  assert.deepEqual(keptOf(late, 35), ["10 10", "20 20"]);
  late.end(look(42, 0.4));
  assert.deepEqual(keptOf(late, 45), ["30 30"]);
});

test("the last look stands no longer than it is fresh", () => {
  const late = new LateLooks();
  late.add(look(12, 0.1), HOME);
  late.end(look(92, 0.4));
  assert.deepEqual(keptOf(late, 95), ["10 10", "20 10", "30 10"]);
});

test("a look that comes after a later one says nothing new", () => {
  const late = new LateLooks();
  late.add(look(22, 0.2), HOME);
  late.add(look(12, 0.1), HOME);
  late.end(look(42, 0.4));
  assert.deepEqual(keptOf(late, 45), ["20 20", "30 20"]);
});
