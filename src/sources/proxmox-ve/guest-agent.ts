import { type Row, toNumber, toRow, toRows, toText } from "../../kit/fields.ts";
import { KIB } from "../../kit/units.ts";
import type { Fault } from "../../model/fault.ts";
import type { NetworkInterface } from "../../model/guest.ts";
import type { Filesystem } from "../filesystems.ts";

/** Why the guest agent did not tell something. */
export type AgentFault =
  | "agent-disabled"
  | "agent-not-running"
  | "agent-timeout"
  | "agent-unsupported"
  | "agent-error"
  | "permission-denied"
  /** The guest moved or is gone: nothing is wrong with it. */
  | "moved";

/**
 * What a refused agent call means. PVE tells by its text alone (PVE::QemuServer::Agent, PVE::QMPClient): "No QEMU guest agent configured",
 * "QEMU guest agent is not running", "VM 100 qmp command 'guest-get-fsinfo' failed - got timeout", "… command … has been disabled".
 */
export function toAgentFault({ kind, message }: Fault): AgentFault {
  if (kind === "forbidden") return "permission-denied";
  if (kind === "timeout" || kind === "reset") return "agent-timeout";
  if (kind === "not-found") return "agent-unsupported";
  if (kind !== "rejected" || /does not exist|hostname lookup/.test(message)) return "moved";
  if (/No QEMU guest agent configured/i.test(message)) return "agent-disabled";
  if (/not running/i.test(message)) return "agent-not-running";
  if (/got timeout|timed out/i.test(message)) return "agent-timeout";
  return isUnsupported(message) ? "agent-unsupported" : "agent-error";
}

function isUnsupported(text: string): boolean {
  return /not been found|CommandNotFound|has been disabled|not supported|unsupported/i.test(text);
}

/** The answer within the answer: the agent's own error comes with status 200, as `result.error`. */
export function toResult(data: unknown): { result: unknown } | { fault: AgentFault } {
  const result = toRow(data)?.result;
  const error = toRow(toRow(result)?.error);
  if (!error) return { result };
  const text = `${toText(error.class) ?? ""} ${toText(error.desc) ?? ""}`;
  return { fault: isUnsupported(text) ? "agent-unsupported" : "agent-error" };
}

/** Translates `agent/get-fsinfo`. Sizes may be absent (CD, devfs) or strings (FreeBSD); null: not a list. */
export function toFilesystems(result: unknown): Filesystem[] | null {
  return (
    toRows(result)?.map(row => ({
      device: toText(row.name) ?? toText(toRows(row.disk)?.[0]?.dev) ?? "",
      mountpoint: toText(row.mountpoint) ?? "",
      type: toText(row.type) ?? "",
      total: toNumber(row["total-bytes"]),
      used: toNumber(row["used-bytes"]),
    })) ?? null
  );
}

/** Translates `agent/get-osinfo`. Windows calls itself by `pretty-name` only; some send everything empty. */
export function toOs(result: unknown): { osName: string | null; osVersion: string | null; linux: boolean } {
  const row = toRow(result) ?? {};
  const id = (toText(row.id) ?? "").toLowerCase();
  const osName = toText(row.name) ?? toText(row["pretty-name"]) ?? toText(row.id);
  const osVersion = toText(row.version) ?? toText(row["version-id"]) ?? toText(row["kernel-release"]);
  return { osName, osVersion, linux: id !== "" && !/mswindows|bsd|sense|darwin|solaris/.test(id) };
}

/** Translates `agent/network-get-interfaces`; the loopback interface is left out. Any field but the name may be absent. */
export function toAgentInterfaces(result: unknown): NetworkInterface[] | null {
  const rows = toRows(result);
  if (rows === null) return null;
  return rows.flatMap(row => {
    const addresses = (toRows(row["ip-addresses"] ?? null) ?? []).flatMap(one => toText(one["ip-address"]) ?? []);
    const statistics = toRow(row.statistics);
    return toInterface(row, addresses, toText(row["hardware-address"]), {
      rx: toNumber(statistics?.["rx-bytes"]),
      tx: toNumber(statistics?.["tx-bytes"]),
    });
  });
}

/** Translates `GET /nodes/{node}/lxc/{vmid}/interfaces`: one address with its prefix as text, newer releases a list beside it. */
export function toContainerInterfaces(data: unknown): NetworkInterface[] | null {
  const rows = toRows(data);
  if (rows === null) return null;
  return rows.flatMap(row => {
    const listed = (toRows(row["ip-addresses"] ?? null) ?? []).flatMap(one => toText(one["ip-address"]) ?? []);
    const single = [row.inet, row.inet6].flatMap(value => toText(value)?.split("/")[0] ?? []);
    return toInterface(row, listed.length > 0 ? listed : single, toText(row.hwaddr ?? row["hardware-address"]));
  });
}

function toInterface(
  row: Row,
  addresses: string[],
  mac: string | null,
  moved: { rx: number | null; tx: number | null } = { rx: null, tx: null },
): NetworkInterface[] {
  const name = toText(row.name);
  if (name === null || name === "lo" || /^loopback/i.test(name)) return [];
  return [{ name, mac: mac?.toLowerCase() ?? null, addresses, rxBytes: moved.rx, txBytes: moved.tx }];
}

/** The addresses by which a guest can be reached: link-local ones and those of container bridges left out, each once. */
export function reachable(interfaces: readonly NetworkInterface[]): string[] {
  const outward = interfaces.filter(({ name }) => !/^(docker|br-|veth|virbr|cni|flannel|cali|podman)/.test(name));
  const addresses = outward.flatMap(one => one.addresses);
  return [...new Set(addresses.filter(address => !/^(127\.|169\.254\.|::1$|fe80:)/i.test(address)))];
}

/** Bytes of a guest's own memory, from its /proc/meminfo as `agent/file-read` gives it; null when it does not say what is available. */
export function toMeminfo(result: unknown): { total: number; available: number } | null {
  const content = toText(toRow(result)?.content);
  const read = (field: string) => toNumber(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(content ?? "")?.[1]);
  const [total, available] = [read("MemTotal"), read("MemAvailable")];
  return total === null || available === null ? null : { total: total * KIB, available: available * KIB };
}
