import { type Row, toNumber, toRow, toRows, toText } from "../../kit/fields.ts";
import type { ZfsDevice, ZfsPoolFacts } from "../../model/zfs.ts";

/** The names in `GET /nodes/{node}/disks/zfs`, with what that list tells of each. */
export function toZfsList(data: unknown): Row[] {
  return (toRows(data) ?? []).filter(row => toText(row.name) !== null);
}

/**
 * Translates `GET /nodes/{node}/disks/zfs/{name}`, with the pool's `row` of the list. `status` and `action` are there only while
 * something is wrong. The tree begins with the pool itself; spares and caches have neither counters nor, as groups, a state.
 */
export function toZfsPool(data: unknown, row: Row): ZfsPoolFacts {
  const detail: Row = toRow(data) ?? {};
  const top = toRows(detail.children ?? null) ?? [];
  const name = toText(row.name) ?? "";
  const root = top.find(one => one.name === name) ?? top[0];
  const groups = [...(toRows(root?.children ?? null) ?? []), ...top.filter(one => one !== root)];
  const devices = groups.flatMap(one => toDevices(one, null));
  return {
    name,
    state: toText(detail.state) ?? toText(row.health) ?? "UNKNOWN",
    status: toText(detail.status)?.trim() ?? null,
    scan: toText(detail.scan)?.trim() ?? null,
    ...toErrors(root ?? {}),
    devices,
    size: toNumber(row.size),
    free: toNumber(row.free),
    fragmentation: toNumber(row.frag),
  };
}

const GROUPS: ReadonlyMap<string, string> = new Map([
  ["spares", "spare"],
  ["cache", "cache"],
  ["logs", "log"],
  ["special", "special"],
]);

function toDevices(row: Row, role: string | null): ZfsDevice[] {
  const name = toText(row.name) ?? "";
  const children = toRows(row.children ?? null) ?? [];
  const group = GROUPS.get(name);
  if (group) return children.flatMap(child => toDevices(child, group));
  const layout = /^(mirror|raidz\d?|draid\d?|replacing|spare)(?:-|:|$)/.exec(name)?.[1];
  const own: ZfsDevice = {
    name,
    type: role ?? (children.length > 0 ? (layout ?? "group") : "disk"),
    state: toText(row.state),
    ...toErrors(row),
    message: toText(row.msg)?.trim() || null,
  };
  return [own, ...children.flatMap(child => toDevices(child, role))];
}

function toErrors(row: Row): Pick<ZfsDevice, "readErrors" | "writeErrors" | "checksumErrors"> {
  return { readErrors: toNumber(row.read), writeErrors: toNumber(row.write), checksumErrors: toNumber(row.cksum) };
}
