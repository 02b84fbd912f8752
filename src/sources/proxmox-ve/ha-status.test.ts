import assert from "node:assert/strict";
import { test } from "node:test";
import { toHaStatus } from "./ha-status.ts";

const QUORUM = { id: "quorum", type: "quorum", node: "pve1", quorate: 1, status: "OK" };
const MASTER = { id: "master", type: "master", node: "pve2", status: "pve2 (active, Mon Nov 23 12:00:00 2026)" };
const LRM = { id: "lrm:pve1", type: "lrm", node: "pve1", status: "pve1 (idle, Mon Nov 23 12:00:00 2026)" };
const DEAD = { id: "lrm:pve3", type: "lrm", node: "pve3", status: "pve3 (old timestamp - dead?, Mon Nov 23 2026)" };
const SERVICE = { id: "service:vm:100", type: "service", sid: "vm:100", node: "pve1", state: "started" };

test("the manager, the nodes and how much is managed", () => {
  assert.deepEqual(toHaStatus([QUORUM, MASTER, LRM, DEAD, SERVICE]), {
    quorate: true,
    master: "pve2",
    managed: 1,
    nodes: [
      { node: "pve1", state: "idle" },
      { node: "pve3", state: "old timestamp - dead?" },
    ],
  });
});

const CASES: [sentence: string, data: unknown, expected: ReturnType<typeof toHaStatus>][] = [
  ["nothing is managed", [QUORUM, LRM], null],
  ["no answer at all", null, null],
  ["a lost quorum", [{ ...QUORUM, quorate: "" }, SERVICE], { quorate: false, master: null, managed: 1, nodes: [] }],
  [
    "a maintenance mode",
    [MASTER, { ...LRM, status: "pve1 (maintenance mode, Mon)" }],
    { quorate: null, master: "pve2", managed: 0, nodes: [{ node: "pve1", state: "maintenance mode" }] },
  ],
];
for (const [sentence, data, expected] of CASES) test(sentence, () => assert.deepEqual(toHaStatus(data), expected));
