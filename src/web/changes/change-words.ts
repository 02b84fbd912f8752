import type { ChangeValue, EstateChange } from "../../model/estate-change.ts";
import { formatBytes } from "../format/format.ts";
import { scanText } from "../format/scan-text.ts";
import { stateName } from "../words/states.ts";
import { plural, t } from "../words/words.ts";

/** What happened, after the name of what it happened to: "was started", "moved from pve1 to pve2". */
export function saysOf(change: EstateChange): string {
  const { of, field, from, to, times } = change;
  if (field === "existence") return existence(change);
  if (field === "power") return power(change);
  if (field === "pools") return pools(String(from), String(to));
  if (field === "node") {
    if (times > 2 || from === to) return t("moved {times} times, now on {to}", { times, to });
    return t("moved from {from} to {to}", { from, to });
  }
  if (from === to) return t("changed and is as before");
  if (field === "name") return t('was renamed, it was "{from}"', { from });
  if (field === "template") return to === "yes" ? t("became a template") : t("is no template any more");
  if (field === "enabled") return to === "yes" ? t("was enabled") : t("was disabled");
  if (field === "cores") return t("has {to} cores, it had {from}", { from, to });
  if (field === "memory") return t("has {to} of memory, it had {from}", sizes(from, to));
  if (field === "disk") return t("has a disk of {to}, it had {from}", sizes(from, to));
  if (field === "kernel") return t("runs kernel {to}, it ran {from}", { from, to });
  const said = OF_STORES[field]?.(from, to, of);
  if (said !== undefined) return said;
  return of === "dockerHost"
    ? t("runs Docker {to}, it ran {from}", { from, to })
    : t("was updated from {from} to {to}", { from, to });
}

/** What is said of containers, ZFS pools and Ceph. */
const OF_STORES: Partial<
  Record<EstateChange["field"], (from: ChangeValue, to: ChangeValue, of: EstateChange["of"]) => string>
> = {
  image: (from, to) => t("runs image {to}, it ran {from}", { from, to }),
  build: () => t("runs another build of its image"),
  state: (from, to, of) => t("is {to}, it was {from}", { from: healthName(from, of), to: healthName(to, of) }),
  errors: (from, to) =>
    to === 0
      ? t("counts no errors any more, it had {from}", { from })
      : t("counts {to} errors, it had {from}", { from, to }),
  scrub: (_, to) =>
    to === "running"
      ? t("is being scrubbed or rebuilt")
      : t("was scrubbed or rebuilt: {result}", { result: scanText(to === null ? null : String(to)) }),
  osds: (from, to) => t("has {to} OSDs, it had {from}", { from, to }),
  osdsUp: (from, to) => t("has {to} OSDs up, it had {from}", { from, to }),
  osdsIn: (from, to) => t("has {to} OSDs in, it had {from}", { from, to }),
  flags: (from, to) =>
    to === "none" ? t("has no flags set any more: {from}", { from }) : t("has flags set: {to}", { to }),
};

/** ZFS calls its states by names of its own. */
function healthName(state: ChangeValue, of: EstateChange["of"]): string {
  return of === "ceph" ? stateName(String(state).replace("HEALTH_", "").toLowerCase()) : String(state);
}

/** Lists with commas between. */
function pools(from: string, to: string): string {
  const [before, after] = [from, to].map(text => text.split(",").filter(name => name !== "")) as [string[], string[]];
  const added = after.filter(name => !before.includes(name));
  const removed = before.filter(name => !after.includes(name));
  return [
    added.length > 0 ? t("has a new pool: {names}", { names: added.join(", ") }) : "",
    removed.length > 0 ? t("has no pool {names} any more", { names: removed.join(", ") }) : "",
  ]
    .filter(text => text !== "")
    .join(", ");
}

function sizes(from: ChangeValue, to: ChangeValue): { from: string; to: string } {
  return { from: formatBytes(Number(from)), to: formatBytes(Number(to)) };
}

function existence({ of, from, to, times }: EstateChange): string {
  const isThere = to === "present";
  if (times > 2) return t("came and went {times} times", { times });
  if (from === to) return isThere ? t("was removed and is back") : t("was there for a while");
  if (!isThere) return t("was removed");
  return of === "guest" || of === "container" ? t("was made") : t("was added");
}

function power({ of, from, to, times }: EstateChange): string {
  if (of === "container" && to === "running" && from === "running")
    return times > 2 ? t("was restarted {times} times", { times }) : t("was restarted");
  if (times > 2)
    return t("was started and stopped {times} times, now {state}", { times, state: stateName(String(to)) });
  if (from === "running" && to === "running")
    return times === 1 ? t("was rebooted") : t("was stopped and started again");
  if (from === to) return t("ran for a while");
  if (to === "running") return from === "stopped" ? t("was started") : t("runs again");
  return to === "stopped" ? t("was stopped") : t("is {state}", { state: stateName(String(to)) });
}

/** The same of several of a kind: "12 guests were started". */
export function saysOfMany(change: EstateChange, count: number): string {
  const many = manyOf(change.of, count);
  const { field, from, to, times } = change;
  if (field === "existence" && from !== to)
    return to === "present" ? t("{many} are new", { many }) : t("{many} were removed", { many });
  if (field === "power" && times === 1) {
    if (from === to) return t("{many} were rebooted", { many });
    if (to === "running") return t("{many} were started", { many });
    if (to === "stopped") return t("{many} were stopped", { many });
  }
  if (field === "node") return t("{many} moved to {to}", { many, to });
  if (field === "version") return t("{many} were updated to {to}", { many, to });
  if (field === "kernel") return t("{many} run kernel {to}", { many, to });
  return t("{many} changed", { many });
}

function manyOf(of: EstateChange["of"], count: number): string {
  switch (of) {
    case "guest":
      return plural(count, "guest");
    case "node":
      return plural(count, "node");
    case "storage":
      return plural(count, "storage");
    case "datastore":
      return plural(count, "datastore");
    case "dockerHost":
      return plural(count, "Docker host");
    case "instance":
      return plural(count, "instance");
    case "container":
      return plural(count, "Docker container");
    case "zfs":
      return plural(count, "ZFS pool");
    case "ceph":
      return plural(count, "Ceph cluster");
  }
}

/** Why the time of a change is not certain; null: it is. */
export function missedText({ missed }: EstateChange): string | null {
  if (missed === null) return null;
  return missed === "off" ? t("while Pulse was not running") : t("while it could not be seen");
}
