import { DAY, type Instant, SECOND } from "../kit/units.ts";
import { archivesOn, type BackupRun, type BackupTaskPlan, isCovered, targetOf, tasksOf } from "./backup-plan.ts";
import { Refusal } from "./refusal.ts";
import { type Ask, FLAG, guestOf, INTEGER, oneOf, type Route } from "./route.ts";
import type { Guest } from "./scene.ts";
import { isOn } from "./storage-plan.ts";

const ANY = () => null;
const SOURCES = oneOf(["archive", "active", "all"]);
const FILTERS = {
  limit: INTEGER,
  start: INTEGER,
  since: INTEGER,
  until: INTEGER,
  vmid: INTEGER,
  errors: FLAG,
  source: SOURCES,
  typefilter: ANY,
  statusfilter: ANY,
  userfilter: ANY,
};

export const BACKUP_ROUTES: readonly Route[] = [
  { path: "/nodes/{node}/storage/{storage}/content", query: { content: ANY, vmid: INTEGER }, data: toContent },
  { path: "/nodes/{node}/tasks", query: FILTERS, text: toTasks },
  { path: "/nodes/{node}/tasks/{upid}/log", query: { limit: INTEGER, start: INTEGER }, text: toLog },
  {
    path: "/nodes/{node}/qemu/{vmid}/snapshot",
    data: ask => toSnapshots(guestOf(ask, "qemu"), ask.instance.scene().at),
  },
  { path: "/nodes/{node}/lxc/{vmid}/snapshot", data: ask => toSnapshots(guestOf(ask, "lxc"), ask.instance.scene().at) },
  { path: "/nodes/{node}/replication", query: { guest: INTEGER }, data: toReplication },
  { path: "/cluster/backup", data: toJobs },
  { path: "/cluster/backup-info/not-backed-up", data: toNotBackedUp },
];

const secondsOf = (at: Instant) => Math.floor(at / SECOND);

/** The backups on a storage. Of a Backup Server they carry their verification, once there was one. */
function toContent(ask: Ask): Record<string, unknown>[] {
  const { node = "", storage: name = "" } = ask.params;
  const scene = ask.instance.scene();
  const storage = scene.plan.storages.find(one => one.name === name);
  if (!storage) throw new Refusal(500, `storage '${name}' does not exist`);
  if (!isOn(storage, node)) throw new Refusal(500, `storage '${name}' is not available on node '${node}'`);
  const wanted = ask.query.content ?? "backup";
  if (!wanted.split(",").includes("backup")) return [];
  return archivesOn(scene, storage, node).map(run =>
    storage.plugintype === "pbs" ? toPbsRow(run, name, scene.at) : toFileRow(run, name),
  );
}

function toFileRow({ guest, start, size }: BackupRun, storage: string): Record<string, unknown> {
  const when = new Date(start).toISOString();
  const stamp = `${when.slice(0, 10).replaceAll("-", "_")}-${when.slice(11, 19).replaceAll(":", "_")}`;
  const format = guest.type === "qemu" ? "vma.zst" : "tar.zst";
  return {
    content: "backup",
    ctime: secondsOf(start),
    format,
    notes: guest.name,
    size,
    subtype: guest.type,
    vmid: guest.vmid,
    volid: `${storage}:backup/vzdump-${guest.type}-${guest.vmid}-${stamp}.${format}`,
    ...(guest.vmid % 10 === 0 ? { protected: 1 } : {}),
  };
}

function toPbsRow({ guest, start, size }: BackupRun, storage: string, at: Instant): Record<string, unknown> {
  const group = guest.type === "qemu" ? "vm" : "ct";
  const state = guest.vmid % 23 === 1 ? "failed" : "ok";
  const verification =
    at - start > DAY / 2
      ? {
          verification: {
            state,
            upid: `UPID:pbs:00001234:00005678:00000001:${start.toString(16)}:verify:main:root@pam:`,
          },
        }
      : {};
  return {
    content: "backup",
    ctime: secondsOf(start),
    format: `pbs-${group}`,
    notes: `${guest.name} – nächtlich`,
    size: size * 3,
    subtype: guest.type,
    vmid: guest.vmid,
    volid: `${storage}:backup/${group}/${guest.vmid}/${new Date(start).toISOString().slice(0, 19)}Z`,
    ...verification,
  };
}

const numberOf = (value: string | undefined, otherwise: number) => (value === undefined ? otherwise : Number(value));

/** 50 by default; `total` stands beside `data`. Running tasks are listed only with source "active" or "all". */
function toTasks({ instance, params, query }: Ask): string {
  const scene = instance.scene();
  const { source = "archive", typefilter = "vzdump" } = query;
  const isOver = (task: BackupTaskPlan) => task.end <= scene.at;
  const wanted = (task: BackupTaskPlan) => source === "all" || isOver(task) === (source === "archive");
  const tasks =
    typefilter === "vzdump"
      ? tasksOf(scene, params.node ?? "").filter(task => task.start <= scene.at && wanted(task))
      : [];
  const start = numberOf(query.start, 0);
  const data = tasks.slice(start, start + numberOf(query.limit, 50)).map(task => toTaskRow(task, scene.at));
  return JSON.stringify({ data, total: tasks.length });
}

function toTaskRow({ node, upid, id, start, end, runs }: BackupTaskPlan, at: Instant): Record<string, unknown> {
  const [, , pid = "", pstart = ""] = upid.split(":");
  const over = { endtime: secondsOf(end), status: runs.every(({ ok }) => ok) ? "OK" : "job errors" };
  return {
    upid,
    node,
    pid: Number.parseInt(pid, 16),
    pstart: Number.parseInt(pstart, 16),
    starttime: secondsOf(start),
    type: "vzdump",
    id,
    user: "root@pam",
    ...(end <= at ? over : {}),
  };
}

function toLog({ instance, params, query }: Ask): string {
  const scene = instance.scene();
  const task = tasksOf(scene, params.node ?? "").find(({ upid }) => upid === params.upid);
  if (!task) throw new Refusal(500, "no such task");
  const lines = [
    `INFO: starting new backup job: vzdump --all 1 --storage ${targetOf(scene.plan)} --mode snapshot --quiet 1`,
    ...task.runs.filter(({ start }) => start <= scene.at).flatMap(run => linesOf(run, scene.at)),
    ...(task.end > scene.at
      ? []
      : [
          task.runs.every(({ ok }) => ok)
            ? "INFO: Backup job finished successfully"
            : "INFO: Backup job finished with errors",
          "TASK OK",
        ]),
  ];
  const start = numberOf(query.start, 0);
  const data = lines.map((t, index) => ({ n: index + 1, t })).slice(start, start + numberOf(query.limit, 50));
  return JSON.stringify({ data, total: lines.length });
}

function linesOf({ guest, start, end, size, ok }: BackupRun, at: Instant): string[] {
  const { vmid, type, name } = guest;
  const begun = [
    `INFO: Starting Backup of VM ${vmid} (${type})`,
    `INFO: Backup started at ${new Date(start).toISOString().slice(0, 19).replace("T", " ")}`,
    "INFO: status = running",
    `INFO: ${type === "qemu" ? "VM" : "CT"} Name: ${name}`,
  ];
  if (end > at) return begun;
  const ended = new Date(end).toISOString().slice(0, 19).replace("T", " ");
  if (!ok) {
    const reason = "unable to open file '/mnt/pve/nas-backup/dump/vzdump.tmp' - No space left on device";
    return [...begun, `ERROR: Backup of VM ${vmid} failed - ${reason}`, `INFO: Failed at ${ended}`];
  }
  const clock = new Date(end - start).toISOString().slice(11, 19);
  return [
    ...begun,
    `INFO: archive file size: ${(size / 2 ** 30).toFixed(2)}GB`,
    `INFO: Finished Backup of VM ${vmid} (${clock})`,
    `INFO: Backup finished at ${ended}`,
  ];
}

/** Every fourth guest has been through something; "current" is always there, and is no snapshot. */
function toSnapshots(guest: Guest, at: Instant): Record<string, unknown>[] {
  const { vmid, type } = guest.plan;
  const running = guest.status === "running" && type === "qemu" ? { running: 1 } : {};
  const names = vmid % 4 === 0 ? ["before-upgrade", ...(vmid % 8 === 0 ? ["after-upgrade"] : [])] : [];
  const rows = names.map((name, index) => ({
    name,
    description: index === 0 ? "vor dem Update\n" : "",
    snaptime: secondsOf(Math.floor(at / (30 * DAY)) * 30 * DAY - (vmid % 50) * DAY + index * 3_600_000),
    ...(type === "qemu" ? { vmstate: index } : {}),
    ...(index > 0 ? { parent: names[index - 1] } : {}),
  }));
  const parent = names.at(-1);
  return [
    ...rows,
    { name: "current", description: "You are here!", digest: "3c5b1f0e9a", ...running, ...(parent ? { parent } : {}) },
  ];
}

/** On ZFS every seventh guest is replicated to the next node, every quarter of an hour; one job has failed of late. */
function toReplication({ instance, params }: Ask): Record<string, unknown>[] {
  const scene = instance.scene();
  const { nodes, storages } = scene.plan;
  if (nodes.length < 2 || !storages.some(({ plugintype }) => plugintype === "zfspool")) return [];
  const here = nodes.findIndex(({ name }) => name === params.node);
  const target = nodes[(here + 1) % nodes.length]?.name ?? "";
  const last = Math.floor(scene.at / 900_000) * 900;
  return scene.guests
    .filter(({ node, plan }) => node === params.node && plan.vmid % 7 === 1 && !plan.template)
    .map(({ plan: { vmid, type } }) => {
      const failed = vmid % 21 === 1;
      const trouble = failed
        ? { fail_count: 3, error: `command 'zfs send' failed: exit code 1`, last_sync: last - 3600 }
        : { fail_count: 0, last_sync: last };
      return {
        id: `${vmid}-0`,
        guest: String(vmid),
        vmtype: type,
        jobnum: "0",
        type: "local",
        source: params.node,
        target,
        schedule: "*/15",
        last_try: last,
        next_sync: last + 900,
        duration: 4.1 + (vmid % 5),
        ...trouble,
      };
    });
}

function toJobs({ instance }: Ask): Record<string, unknown>[] {
  const scene = instance.scene();
  const next = Math.floor((scene.at - 7_200_000) / DAY) * DAY + 7_200_000 + DAY;
  const exclude = scene.guests.filter(({ plan }) => !isCovered(plan)).map(({ plan }) => plan.vmid);
  const old = instance.plan.release.release < "8";
  return [
    {
      id: "backup-3f2a1b4c-5d6e",
      type: "vzdump",
      all: 1,
      ...(exclude.length > 0 ? { exclude: exclude.join(",") } : {}),
      enabled: 1,
      schedule: "02:00",
      storage: targetOf(scene.plan),
      mode: "snapshot",
      compress: "zstd",
      "notes-template": "{{guestname}}",
      ...(old ? {} : { "next-run": secondsOf(next), comment: "nightly" }),
    },
    {
      id: "backup-9e8d7c6b-1a2b",
      type: "vzdump",
      vmid: "100,101",
      enabled: 0,
      schedule: "sun 04:00",
      storage: "local",
      mode: "stop",
    },
  ];
}

function toNotBackedUp({ instance }: Ask): Record<string, unknown>[] {
  const forgotten = instance.scene().guests.filter(({ plan }) => !isCovered(plan));
  return forgotten.map(({ plan: { vmid, name, type } }) => ({ vmid, name, type }));
}
