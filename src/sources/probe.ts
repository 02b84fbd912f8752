import { connect } from "node:tls";
import type { Clock } from "../kit/clock.ts";
import type { Millis } from "../kit/units.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";
import type { Probe } from "../model/probe.ts";
import { ProxmoxClient } from "./proxmox/client.ts";
import { toClusterStatus, toVersion } from "./proxmox-ve/cluster-status.ts";
import { toFailure } from "./source.ts";

const DEADLINE: Millis = 8_000;

/** Tries out settings that are not in use; `deadline` is for each call. Never rejects for what the upstream does. */
export async function probe(settings: InstanceSettings, clock: Clock, deadline: Millis): Promise<Probe> {
  const fingerprint = readFingerprint(settings.host);
  await using client = new ProxmoxClient({ settings, members: [], clock, deadline });
  const startedAt = clock.now();
  const told = async () => {
    const version = toVersion(await client.get("/version"));
    const latency = clock.now() - startedAt;
    if (settings.type !== "pve") return { fault: null, latency, version, cluster: null };
    const { clusterName, members } = toClusterStatus(
      await client.get("/cluster/status"),
      settings.title ?? settings.name,
    );
    const cluster = clusterName === null ? null : { name: clusterName, nodes: members.map(({ node }) => node).sort() };
    return { fault: null, latency, version, cluster };
  };
  try {
    return { ...(await told()), fingerprint: await fingerprint };
  } catch (error) {
    const { fault } = toFailure(error, settings.title ?? settings.name);
    const latency = clock.now() - startedAt;
    return { fault, latency, version: null, cluster: null, fingerprint: await fingerprint };
  }
}

/** The SHA-256 of the certificate that `url` shows, to anybody; null: it cannot be had. */
export function readFingerprint(url: string): Promise<string | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "https:") return Promise.resolve(null);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise(resolve => {
    const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false, timeout: DEADLINE });
    const end = (fingerprint: string | null) => {
      socket.destroy();
      resolve(fingerprint);
    };
    socket.once("secureConnect", () => end(socket.getPeerCertificate().fingerprint256 ?? null));
    socket.once("error", () => end(null));
    socket.once("timeout", () => end(null));
    socket.once("close", () => end(null));
  });
}
