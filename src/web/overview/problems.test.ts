import assert from "node:assert/strict";
import { test } from "node:test";
import { toCounts, toProblems, toVerdict } from "./problems.ts";
import { type Sample, samplePicture } from "./sample.ts";

const FAULT = { kind: "unreachable", message: "No route" } as const;
const OLD = { stale: true, fault: "No route" };
const TWO_ADDRESSES = {
  endpoints: [
    { url: "https://a:8006", node: "a", fault: null },
    { url: "https://b:8006", node: "b", fault: FAULT },
  ],
};

const CASES: [sentence: string, sample: Sample, problems: string[]][] = [
  ["all is well", { nodes: [{}], guests: [{}], storage: [{}] }, []],
  [
    "an alert is told with what it carries",
    {
      nodes: [{ status: "offline", ...OLD }],
      guests: [{ status: "unknown", ...OLD }],
      alerts: [
        { covers: [{ resourceId: "home:guest:100", name: "web" }], coversCount: 1 },
        { resourceId: "home:guest:100", resourceName: "web", type: "powered-off", cause: "home:node:pve1-offline" },
      ],
    },
    ["critical: pve1 is offline, and with it 1 guest (1 more alert of the same)"],
  ],
  [
    "a message whose subject is a figure tells which",
    { alerts: [{ type: "cpu", level: "warning", message: 'CPU of node "pve1" is 95 % (threshold 90 %)' }] },
    ["warning: pve1 · CPU is 95 % (threshold 90 %)"],
  ],
  [
    "a message that does not name its subject is told whole",
    { alerts: [{ type: "cpu", level: "warning", message: "It is hot" }] },
    ["warning: pve1 · It is hot"],
  ],
  [
    "what is acknowledged comes last",
    {
      nodes: [OLD],
      alerts: [{ acknowledged: true }, { type: "cpu", level: "warning", message: 'Node "pve1" is hot' }],
    },
    ["warning: pve1 is hot", "warning: pve1 shows old numbers (No route)", "critical: pve1 is offline"],
  ],
  [
    "what alerts judge is left to them: they may have been told to keep quiet",
    { nodes: [{ status: "offline", ...OLD }], storage: [{ usage: 99 }, { storage: "nas", active: false }] },
    [],
  ],
  [
    "of an instance that cannot be reached nothing is told beside its alert",
    {
      instances: [{ status: "offline", fault: FAULT }],
      nodes: [{ status: "offline", ...OLD }],
      guests: [{ status: "unknown", ...OLD }],
    },
    [],
  ],
  [
    "an instance that refuses us",
    { instances: [{ status: "degraded", fault: { kind: "auth", message: "Token refused" } }], nodes: [OLD] },
    ["warning: home does not answer as it should (Token refused)"],
  ],
  [
    "one silent address",
    { instances: [TWO_ADDRESSES], nodes: [{ node: "a" }, { node: "b" }] },
    ["warning: home answers at 1 of 2 addresses (No route)"],
  ],
  [
    "the silent address of a node that is offline is no news",
    { instances: [TWO_ADDRESSES], nodes: [{ node: "a" }, { node: "b", status: "offline" }] },
    [],
  ],
  ["a stale node", { nodes: [OLD] }, ["warning: pve1 shows old numbers (No route)"]],
  [
    "stale guests of a living node are told together",
    { nodes: [{}], guests: [OLD, { vmid: 101, ...OLD }] },
    ["warning: 2 guests show old numbers (No route)"],
  ],
];

test("what is wrong is told once", () => {
  for (const [sentence, sample, expected] of CASES) {
    const problems = toProblems(samplePicture(sample)).map(
      ({ level, subject, says, detail }) => `${level}: ${subject} ${says}${detail ? ` (${detail})` : ""}`,
    );
    assert.deepEqual(problems, expected, sentence);
  }
});

test("problem ids are unique: a list keyed by them shows each", () => {
  const problems = toProblems(
    samplePicture({ nodes: [OLD, { node: "pve2", ...OLD }], alerts: [{}, { resourceId: "home:node:pve2" }] }),
  );
  assert.equal(new Set(problems.map(({ id }) => id)).size, 4);
});

test("the verdict in one sentence", () => {
  const verdict = (sample: Sample) => {
    const picture = samplePicture(sample);
    return toVerdict(picture, toProblems(picture));
  };
  assert.deepEqual(verdict({ instances: [] }), { level: "empty", text: "Nothing to watch yet" });
  assert.deepEqual(verdict({ nodes: [{}] }), { level: "well", text: "All is well" });
  assert.deepEqual(verdict({ instances: [{ status: "connecting" }] }), { level: "waiting", text: "Waiting for home" });
  assert.deepEqual(verdict({ nodes: [OLD] }), { level: "warning", text: "1 problem" });
  assert.deepEqual(verdict({ nodes: [{}, OLD], alerts: [{}] }), { level: "critical", text: "2 problems" });
  assert.deepEqual(verdict({ alerts: [{ acknowledged: true }] }), {
    level: "waiting",
    text: "1 problem, acknowledged",
  });
  // What is not read yet may say otherwise; what cannot be is told where it matters.
  for (const [unread, text] of [
    [{ disks: null }, "Nothing wrong so far"],
    [{ disks: "refused" }, "All is well"],
  ] as const)
    assert.equal(verdict({ nodes: [{ unread }] }).text, text);
  // Its alert is about to fire, or was switched off.
  assert.deepEqual(verdict({ nodes: [{ status: "offline" }] }), { level: "waiting", text: "No alerts" });
});

test("counts leave templates out", () => {
  const guests = [{}, { vmid: 101, status: "stopped" }, { vmid: 102, template: true, status: "stopped" }];
  assert.equal(toCounts(samplePicture({ nodes: [{}], guests })), "1 node · 1 of 2 guests running");
  const nodes = [{}, { node: "pve2", status: "offline" as const }];
  assert.equal(toCounts(samplePicture({ nodes })), "1 of 2 nodes online · 0 of 0 guests running");
});
