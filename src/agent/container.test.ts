import assert from "node:assert/strict";
import { test } from "node:test";
import { GIB } from "../kit/units.ts";
import { type ContainerParts, toContainer, toDetails, toListed } from "./container.ts";
import { toSample } from "./usage.ts";

const NOW = Date.UTC(2026, 0, 1);
const listed = toListed({ Id: "abc", Names: ["/web"], Image: "nginx", State: "running" });
assert.ok(listed);

const container = (more: Partial<ContainerParts> = {}) =>
  toContainer(
    { listed, details: {}, sample: null, cpuPercent: null, imageCreatedAt: null, hostMemory: 8 * GIB, ...more },
    NOW,
  );
const memory = (limit: number) => toSample({ read: "2026-01-01T00:00:00Z", memory_stats: { usage: GIB, limit } });

const NAMES: [sentence: string, names: unknown, name: string][] = [
  ["its own", ["/web"], "web"],
  ["its own, not what a link calls it", ["/other/alias", "/web"], "web"],
  ["its id, where it has none", null, "0123456789ab"],
  ["one beyond the alphabet", ["/naïve-名前-🐳"], "naïve-名前-🐳"],
];
for (const [sentence, Names, name] of NAMES)
  test(`a container's name is ${sentence}`, () =>
    assert.equal(toListed({ Id: "0123456789abcdef", Names })?.name, name));

test("a row without an id is no container", () => assert.equal(toListed({ Names: ["/web"] }), null));

test("what is longer than a report may have it is cut, not through a letter", () => {
  const long = toListed({ Id: "x".repeat(200), Names: [`/${"y".repeat(255)}🐳`], Image: "z".repeat(2000) });
  assert.deepEqual([long?.id.length, long?.name.length, long?.image.length], [128, 255, 1024]);
});

const LIMITS: [
  sentence: string,
  parts: Partial<ContainerParts>,
  limit: number | undefined,
  percent: number | undefined,
][] = [
  ["its own", { sample: memory(2 * GIB) }, 2 * GIB, 50],
  ["none where the engine tells the host's", { sample: memory(8 * GIB) }, undefined, 12.5],
  ["none where cgroup v1 tells a number beyond bounds", { sample: memory(2 ** 63) }, undefined, 12.5],
  [
    "none, and no share, where the host's memory is unknown",
    { sample: memory(2 ** 63), hostMemory: null },
    undefined,
    undefined,
  ],
  ["the configured one of a container that does not run", { details: { memoryLimitBytes: GIB } }, GIB, undefined],
];
for (const [sentence, parts, limit, percent] of LIMITS)
  test(`memory limit: ${sentence}`, () => {
    const { memoryLimitBytes, memoryPercent } = container(parts);
    assert.deepEqual([memoryLimitBytes, memoryPercent], [limit, percent]);
  });

test("what looking into a container tells is newer than the list", () => {
  const details = toDetails({
    State: { Status: "exited", ExitCode: 137, OOMKilled: true, FinishedAt: "2025-12-31T00:00:00Z" },
  });
  const seen = container({ details });
  assert.deepEqual([seen.state, seen.exitCode, seen.oomKilled, seen.uptimeSeconds], ["exited", 137, true, undefined]);
});

test("uptime is never negative, and only of what runs", () => {
  assert.equal(container({ details: toDetails({ State: { StartedAt: "2025-12-31T23:59:00Z" } }) }).uptimeSeconds, 60);
  assert.equal(container({ details: toDetails({ State: { StartedAt: "2026-01-01T00:00:05Z" } }) }).uptimeSeconds, 0);
});

const HEALTH: [sentence: string, state: object, health: string | undefined][] = [
  ["what the check says", { Health: { Status: "unhealthy" } }, "unhealthy"],
  ["nothing without a check", {}, undefined],
  ["nothing where the engine writes none", { Health: { Status: "none" } }, undefined],
  ["nothing where Podman writes an empty word", { Health: { Status: "" } }, undefined],
  ["what the check says, under Podman's older name", { Healthcheck: { Status: "healthy" } }, "healthy"],
];
for (const [sentence, State, health] of HEALTH)
  test(`health is ${sentence}`, () => assert.equal(toDetails({ State }).health, health));

test("details without what an engine leaves out are details all the same", () => {
  assert.deepEqual(toDetails({ State: { StartedAt: "0001-01-01T00:00:00Z" }, Mounts: null }), { oomKilled: false });
});

const POLICIES: [sentence: string, policy: object | undefined, text: string | undefined][] = [
  ["its name", { Name: "always", MaximumRetryCount: 0 }, "always"],
  ["its name and how often", { Name: "on-failure", MaximumRetryCount: 5 }, "on-failure:5"],
  ["none where Podman gives it no name", { Name: "", MaximumRetryCount: 0 }, "no"],
  ["unknown where it is not told", undefined, undefined],
];
for (const [sentence, RestartPolicy, text] of POLICIES)
  test(`the restart policy is ${sentence}`, () =>
    assert.equal(toDetails({ HostConfig: { RestartPolicy } }).restartPolicy, text));
