import assert from "node:assert/strict";
import { test } from "node:test";
import { type HostParts, toHost } from "./host.ts";
import type { Machine } from "./machine.ts";

const MACHINE: Machine = {
  hostname: "here",
  isContainer: false,
  machineId: "m1",
  kernelVersion: "6.1",
  memoryTotal: 1000,
  memoryUsed: 400,
  loadAverage: [1, 2, 3],
  uptimeSeconds: 60,
  cpu: { busy: 50, all: 200 },
};
const SOCKET = { kind: "docker", address: { kind: "socket", path: "/e" } } as const;
const AWAY = { kind: "docker", address: { kind: "tcp", host: "proxy", port: 2375, tls: null } } as const;
const INFO = { Name: "there", MemTotal: 2000, KernelVersion: "5.15", NCPU: 4 };
const ITSELF = { ...INFO, MemTotal: 1000, KernelVersion: "6.1" };
const host = (more: Partial<HostParts>) =>
  toHost({ engine: SOCKET, info: INFO, machine: MACHINE, cpuBefore: { busy: 0, all: 100 }, hostname: null, ...more });

const NAMES: [sentence: string, parts: Partial<HostParts>, name: string | undefined][] = [
  ["the machine's own", {}, "here"],
  ["the machine's own, though the engine tells nothing", { info: null }, "here"],
  ["the engine's, from within a container", { machine: { ...MACHINE, isContainer: true } }, "there"],
  [
    "not told from within a container, while the engine tells nothing",
    { info: null, machine: { ...MACHINE, isContainer: true } },
    undefined,
  ],
  ["the engine's, where that is elsewhere", { engine: AWAY }, "there"],
  ["not told, where the engine is elsewhere and tells nothing", { engine: AWAY, info: null }, undefined],
  ["the machine's own behind a proxy before its socket", { engine: AWAY, info: ITSELF }, "here"],
  ["what the operator says", { engine: AWAY, info: null, hostname: "dock1" }, "dock1"],
];
for (const [sentence, parts, name] of NAMES)
  test(`a host's name is ${sentence}`, () => assert.equal(host(parts)?.hostname, name));

test("what this machine tells is of this machine's engine only", () => {
  const own = host({});
  assert.deepEqual(
    [own?.machineId, own?.cpuPercent, own?.memoryUsedBytes, own?.loadAverage, own?.uptimeSeconds],
    ["m1", 50, 400, [1, 2, 3], 60],
  );
  const away = host({ engine: AWAY });
  assert.deepEqual(away, {
    hostname: "there",
    kernelVersion: "5.15",
    totalCpu: 4,
    totalMemoryBytes: 2000,
    engine: "docker",
  });
});

test("what neither tells is left out", () => {
  const blind = {
    ...MACHINE,
    machineId: null,
    memoryTotal: null,
    memoryUsed: null,
    loadAverage: null,
    uptimeSeconds: null,
    cpu: null,
  };
  assert.deepEqual(host({ info: null, machine: blind }), { hostname: "here", kernelVersion: "6.1", engine: "docker" });
});
