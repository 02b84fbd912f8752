import assert from "node:assert/strict";
import { test } from "node:test";
import { GIB, KIB, MINUTE } from "../../kit/units.ts";
import type { FaultKind } from "../../model/fault.ts";
import type { Guest } from "../../model/guest.ts";
import type { Facts } from "../../model/observation.ts";
import {
  type AgentFault,
  reachable,
  toAgentFault,
  toAgentInterfaces,
  toContainerInterfaces,
  toFilesystems,
  toMeminfo,
  toOs,
  toResult,
} from "./guest-agent.ts";
import { type GuestDetail, NOTHING_KNOWN, toCurrent, withDetail } from "./guest-detail.ts";

const FAULTS: [reason: string, kind: FaultKind, fault: AgentFault][] = [
  ["No QEMU guest agent configured", "rejected", "agent-disabled"],
  ["QEMU guest agent is not running", "rejected", "agent-not-running"],
  ["VM 100 is not running", "rejected", "agent-not-running"],
  ["VM 100 qmp command 'guest-get-fsinfo' failed - got timeout", "rejected", "agent-timeout"],
  ["The command guest-get-osinfo has not been found", "rejected", "agent-unsupported"],
  ["Command guest-get-fsinfo has been disabled for this instance", "rejected", "agent-unsupported"],
  ["something else", "rejected", "agent-error"],
  ["Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist", "rejected", "moved"],
  ["Permission check failed (/vms/100, VM.Monitor)", "forbidden", "permission-denied"],
  ["No answer in time", "timeout", "agent-timeout"],
  ["Cannot reach", "unreachable", "moved"],
  ["no connection to the node", "node-down", "moved"],
];
for (const [message, kind, fault] of FAULTS)
  test(`"${message}" (${kind}) is ${fault}`, () => assert.equal(toAgentFault({ kind, message }), fault));

test("the agent's own error comes with status 200", () => {
  assert.deepEqual(toResult({ result: { error: { class: "CommandNotFound", desc: "x" } } }), {
    fault: "agent-unsupported",
  });
  assert.deepEqual(toResult({ result: { error: { class: "GenericError", desc: "x" } } }), { fault: "agent-error" });
  assert.deepEqual(toResult({ result: [] }), { result: [] });
});

test("sizes of filesystems may be strings or absent", () => {
  const list = toFilesystems([
    { name: "a", mountpoint: "/", type: "ufs", "total-bytes": "10", "used-bytes": "3" },
    { name: "devfs" },
  ]);
  assert.deepEqual(
    list?.map(({ total, used }) => [total, used]),
    [
      [10, 3],
      [null, null],
    ],
  );
  assert.equal(toFilesystems({ error: 1 }), null);
});

const SYSTEMS: [sentence: string, result: unknown, expected: unknown][] = [
  [
    "Linux",
    { id: "debian", name: "Debian GNU/Linux", version: "12 (bookworm)" },
    ["Debian GNU/Linux", "12 (bookworm)", true],
  ],
  [
    "Windows",
    { id: "mswindows", name: "Microsoft Windows", version: "Microsoft Windows 11" },
    ["Microsoft Windows", "Microsoft Windows 11", false],
  ],
  ["FreeBSD, which has no id", { "kernel-release": "14.2-RELEASE" }, [null, "14.2-RELEASE", false]],
  ["nothing at all", null, [null, null, false]],
];
for (const [sentence, result, expected] of SYSTEMS)
  test(`the system is read of ${sentence}`, () => {
    const { osName, osVersion, linux } = toOs(result);
    assert.deepEqual([osName, osVersion, linux], expected);
  });

test("an interface needs no more than a name, and loopback is none", () => {
  const list = toAgentInterfaces([
    { name: "lo", "ip-addresses": [{ "ip-address": "127.0.0.1" }] },
    { name: "Loopback Pseudo-Interface 1" },
    { name: "veth0" },
    {
      name: "eth0",
      "hardware-address": "BC:24:11:00:00:01",
      "ip-addresses": [{ "ip-address": "10.0.0.5" }, { "ip-address": "fe80::1" }],
      statistics: { "rx-bytes": "7", "tx-bytes": 8 },
    },
  ]);
  assert.deepEqual(list, [
    { name: "veth0", mac: null, addresses: [], rxBytes: null, txBytes: null },
    { name: "eth0", mac: "bc:24:11:00:00:01", addresses: ["10.0.0.5", "fe80::1"], rxBytes: 7, txBytes: 8 },
  ]);
  assert.deepEqual(reachable(list ?? []), ["10.0.0.5"]);
});

test("a container tells one address with its prefix, or a list", () => {
  assert.deepEqual(toContainerInterfaces([{ name: "eth0", hwaddr: "AA:BB", inet: "10.0.0.6/24" }])?.[0]?.addresses, [
    "10.0.0.6",
  ]);
  assert.deepEqual(
    toContainerInterfaces([{ name: "eth0", inet: "10.0.0.6/24", "ip-addresses": [{ "ip-address": "10.0.0.7" }] }])?.[0]
      ?.addresses,
    ["10.0.0.7"],
  );
  assert.deepEqual(toContainerInterfaces(null), []);
});

test("meminfo without what is available says nothing", () => {
  assert.deepEqual(toMeminfo({ content: "MemTotal:  2000 kB\nMemFree: 1 kB\nMemAvailable:   500 kB\n" }), {
    total: 2000 * KIB,
    available: 500 * KIB,
  });
  assert.equal(toMeminfo({ content: "MemTotal: 2000 kB\nMemFree: 1 kB\n" }), null);
});

const CURRENT: [sentence: string, row: unknown, agent: boolean, counts: string][] = [
  ["no agent, no driver", {}, false, "process"],
  ["a flag", { agent: 1 }, true, "process"],
  ["a flag as text", { agent: "1" }, true, "process"],
  ["an object since 8.3", { agent: { enabled: 1, available: 1 } }, true, "process"],
  ["an object that says no", { agent: { enabled: 0 } }, false, "process"],
  ["a driver that reports", { ballooninfo: { actual: 4, max_mem: 4, free_mem: 1, total_mem: 4 } }, false, "guest"],
];
for (const [sentence, row, agent, counts] of CURRENT)
  test(`the state of a VM with ${sentence}`, () => {
    const current = toCurrent(row);
    assert.deepEqual([current.agent, current.counts], [agent, counts]);
  });

const AT = Date.UTC(2026, 0, 1);
const VM: Facts<Guest> = {
  id: "home:guest:100",
  type: "qemu",
  status: "running",
  maxmem: 4 * GIB,
  memory: { total: 4 * GIB, used: 3 * GIB, free: GIB, usage: 75, source: "cluster-resources" },
  mem: 3 * GIB,
};
const MEMORY: [
  sentence: string,
  detail: Partial<GuestDetail>,
  later: number,
  used: number | null,
  source: string | undefined,
][] = [
  ["before anybody asked", {}, 0, 3 * GIB, "cluster-resources"],
  ["of the process on the host is not the guest's", { counts: "process" }, 0, null, undefined],
  ["by the balloon driver", { counts: "guest" }, 0, 3 * GIB, "balloon"],
  [
    "by the guest's kernel goes before all",
    { counts: "guest", meminfo: { total: 4 * GIB, available: 3 * GIB, at: AT } },
    0,
    GIB,
    "guest-meminfo",
  ],
  [
    "of its kernel, told too long ago, is not the present one",
    { counts: "process", meminfo: { total: 4 * GIB, available: 3 * GIB, at: AT } },
    6,
    null,
    undefined,
  ],
];
for (const [sentence, detail, minutes, used, source] of MEMORY)
  test(`memory of a VM ${sentence}`, () => {
    const facts = withDetail(VM, { ...NOTHING_KNOWN, ...detail }, AT + minutes * MINUTE);
    assert.deepEqual([facts.mem, facts.memory?.source], [used, source]);
  });

test("a squeezed guest keeps its whole memory as total, the balloon is a mark", () => {
  const facts = withDetail(
    VM,
    { ...NOTHING_KNOWN, ...toCurrent({ ballooninfo: { actual: 3 * GIB, max_mem: 4 * GIB, free_mem: GIB } }) },
    AT,
  );
  assert.deepEqual([facts.memory?.total, facts.memory?.balloon], [4 * GIB, 3 * GIB]);
});

test("a stopped VM says why nothing is known, and keeps its system", () => {
  const facts = withDetail(
    { ...VM, status: "stopped" },
    { ...NOTHING_KNOWN, osName: "Debian", ipAddresses: ["10.0.0.1"] },
    AT,
  );
  assert.deepEqual([facts.diskStatusReason, facts.osName, facts.ipAddresses], ["not-running", "Debian", null]);
});
