import { type Row, toFlag, toNumber, toRow, toRows, toSeconds, toText, toToldFlag } from "../../kit/fields.ts";
import { type Instant, SECOND } from "../../kit/units.ts";
import type { Member } from "../../model/instance-settings.ts";
import { sameFingerprint } from "../proxmox/transport.ts";
import { LookFailed } from "../source.ts";

export interface ClusterStatus {
  /** null: a standalone host, which has no entry of type "cluster". */
  clusterName: string | null;
  quorate: boolean | null;
  members: {
    node: string /** null: some releases and standalone hosts leave it out */;
    ip: string | null;
    online: boolean;
  }[];
}

/** Translates `GET /cluster/status`. Throws LookFailed. */
export function toClusterStatus(data: unknown, instance: string): ClusterStatus {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", `"${instance}" answered "/cluster/status" without a list`);
  const cluster = rows.find(row => row.type === "cluster");
  const members = rows.flatMap(row => {
    const node = toText(row.name);
    return row.type === "node" && node !== null ? [{ node, ip: toText(row.ip), online: toFlag(row.online) }] : [];
  });
  return {
    clusterName: cluster ? toText(cluster.name) : null,
    quorate: toToldFlag(cluster?.quorate),
    members,
  };
}

/** The URL of a member: its cluster address with scheme and port of the configured host. */
export function memberUrl(host: string, ip: string): string {
  const url = new URL(host);
  url.hostname = ip.includes(":") ? `[${ip}]` : ip;
  return url.origin;
}

/**
 * The fingerprint a node's API shows, from `GET /nodes/{node}/certificates/info`: that of `pveproxy-ssl.pem` when an own certificate is
 * installed, otherwise that of `pve-ssl.pem`. null when the answer does not tell.
 */
export function toFingerprint(data: unknown): string | null {
  return toText(shownBy(data)?.fingerprint);
}

/** When that certificate expires, ms since the Unix epoch; null when the answer does not tell. */
export function toCertificateEnd(data: unknown): Instant | null {
  const seconds = toSeconds(shownBy(data)?.notafter);
  return seconds === null ? null : seconds * SECOND;
}

function shownBy(data: unknown): Row | null {
  const rows = toRows(data) ?? [];
  const named = (file: string) => rows.find(row => row.filename === file && toText(row.fingerprint) !== null);
  return named("pveproxy-ssl.pem") ?? named("pve-ssl.pem") ?? null;
}

/** True when both lists name the same members at the same addresses with the same certificates. */
export function sameMembers(a: readonly Member[], b: readonly Member[]): boolean {
  return (
    a.length === b.length &&
    a.every(one =>
      b.some(
        other =>
          other.node === one.node &&
          other.url === one.url &&
          sameFingerprint(other.fingerprint ?? "", one.fingerprint ?? ""),
      ),
    )
  );
}

/** Of the API's version answer (`GET /version`), the version itself, such as "9.1.2". */
export function toVersion(data: unknown): string | null {
  const row = toRow(data);
  return toText(row?.version) ?? (toNumber(row?.version) === null ? null : String(row?.version));
}
