import assert from "node:assert/strict";
import { test } from "node:test";
import type { PbsBackup } from "../model/pbs-backup.ts";
import { ownersOf } from "./backup-owners.ts";

const TIME = "2026-01-01T02:00:00.000Z";
const SECONDS = Date.parse(TIME) / 1000;
type Guests = Parameters<typeof ownersOf>[1];
type Archives = Parameters<typeof ownersOf>[2];

const guest = (instance: string, vmid = 100, name = `${instance}-vm`, type: "qemu" | "lxc" = "qemu") => ({
  id: `${instance}:guest:${vmid}`,
  vmid,
  type,
  instance,
  name,
});
const snapshot = (more: Partial<PbsBackup> = {}) => ({
  id: "s",
  instance: "pbs",
  datastore: "main",
  namespace: "",
  backupType: "vm" as const,
  vmid: "100",
  backupTime: TIME,
  comment: null,
  ...more,
});
const archive = (instance: string, more = {}): Archives[number] => ({
  instance,
  isPBS: true,
  type: "qemu",
  vmid: 100,
  ctime: SECONDS,
  ...more,
});
const INSTANCES = [
  { name: "home", clusterName: "cellar" },
  { name: "office", clusterName: null },
];
const TWO = [guest("home"), guest("office")];

const CASES: [
  sentence: string,
  more: Partial<PbsBackup>,
  guests: Guests,
  archives: Archives,
  owner: string | undefined,
][] = [
  ["a VMID that one guest has is of that guest", {}, [guest("home")], [], "home:guest:100"],
  ["a VMID that nobody has is of nobody", { vmid: "999" }, TWO, [], undefined],
  ["a VMID in two clusters without further evidence is of nobody", {}, TWO, [], undefined],
  ["the cluster whose own storage lists it", {}, TWO, [archive("office")], "office:guest:100"],
  ["a listing outweighs the namespace", { namespace: "home" }, TWO, [archive("office")], "office:guest:100"],
  ["a listing of another time proves nothing", {}, TWO, [archive("office", { ctime: SECONDS - 1 })], undefined],
  [
    "a listing on a storage that is no Backup Server proves nothing",
    {},
    TWO,
    [archive("office", { isPBS: false })],
    undefined,
  ],
  [
    "when both clusters list it, the namespace decides",
    { namespace: "home" },
    TWO,
    [archive("office"), archive("home")],
    "home:guest:100",
  ],
  ["a namespace called like the instance", { namespace: "office" }, TWO, [], "office:guest:100"],
  ["the same below another one, in other letters", { namespace: "sites/Office" }, TWO, [], "office:guest:100"],
  ["a namespace called like the cluster", { namespace: "cellar" }, TWO, [], "home:guest:100"],
  [
    "a namespace of another instance speaks against a lonely VMID",
    { namespace: "office" },
    [guest("home")],
    [],
    undefined,
  ],
  [
    "a namespace that says nothing leaves the VMID to decide",
    { namespace: "daily" },
    [guest("home")],
    [],
    "home:guest:100",
  ],
  ["a comment that names the guest", { comment: "home-vm" }, TWO, [], "home:guest:100"],
  ["a name among other words", { comment: "Nightly: HOME-VM, full" }, TWO, [], "home:guest:100"],
  ["a name within another one is no name", { comment: "home-vm-2" }, TWO, [], undefined],
  ["a comment that names both decides nothing", { comment: "home-vm office-vm" }, TWO, [], undefined],
  [
    "guests of the same name are not told apart by it",
    { comment: "x" },
    [guest("home", 100, "x"), guest("office", 100, "x")],
    [],
    undefined,
  ],
  ["a container's backup is of no virtual machine", { backupType: "ct" }, [guest("home")], [], undefined],
  [
    "a container's backup is of the container",
    { backupType: "ct" },
    [guest("home", 100, "c", "lxc")],
    [],
    "home:guest:100",
  ],
  [
    "a host called 100 is no guest",
    { backupType: "host" },
    [guest("home"), guest("home", 100, "c", "lxc")],
    [],
    undefined,
  ],
];
for (const [sentence, more, guests, archives, owner] of CASES)
  test(sentence, () => {
    assert.equal(ownersOf([snapshot(more)], guests, archives, INSTANCES).get("s"), owner);
  });

test("what is known of one snapshot holds for its whole group, and for no other", () => {
  const older = snapshot({ id: "older", backupTime: "2025-12-31T02:00:00.000Z" });
  const elsewhere = snapshot({ id: "elsewhere", namespace: "x" });
  const owners = ownersOf([snapshot(), older, elsewhere], TWO, [archive("home")], INSTANCES);
  assert.equal(owners.get("older"), "home:guest:100");
  // The other cluster's guest has the same number and second; only one of them is listed at all.
  assert.equal(owners.get("s"), "home:guest:100");
});
