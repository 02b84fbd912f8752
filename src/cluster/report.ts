import type { StreamInfo } from "@nats-io/jetstream";
import type { ClusterReport } from "../model/cluster-report.ts";
import type { Skipped } from "./entries.ts";
import type { Reached } from "./line.ts";
import type { Member } from "./members.ts";
import { COMMANDS, ENTERED, KNOWN, LEASES, placeOf, STREAM, TOLD } from "./names.ts";

const STREAMS = [STREAM, COMMANDS, ...[LEASES, KNOWN, ENTERED, TOLD].map(bucket => `KV_${bucket}`)];
/** What NATS counts times in. */
const NANOS = 1_000_000;

type Streams = ClusterReport["streams"];

/** What NATS says of its streams now. Rejects when it does not answer. */
export async function readStreams({ manager }: Reached): Promise<Streams> {
  return (await Promise.all(STREAMS.map(name => manager.streams.info(name)))).map(toStream);
}

function toStream({ config, state, cluster }: StreamInfo): Streams[number] {
  return {
    name: config.name,
    messages: state.messages,
    bytes: state.bytes,
    limit: config.max_bytes > 0 ? config.max_bytes : null,
    keeps: config.max_age > 0 ? config.max_age / NANOS : null,
    copies: config.num_replicas,
    leader: cluster ? cluster.leader || null : null,
    others: (cluster?.replicas ?? []).map(({ name, current, offline }) => ({
      name,
      state: offline ? "offline" : current ? "current" : "behind",
    })),
  };
}

export function toCoreReport(
  { name, said, seen, silentSince }: Member,
  teller: string | null,
): ClusterReport["cores"][number] {
  return {
    name,
    version: textIn(said.version),
    position: numberIn(said.position) ?? 0,
    behind: numberIn(said.behind),
    skipped: numberIn(said.skipped) ?? 0,
    tells: name === teller,
    alone: said.alone === true,
    seen,
    silentSince,
  };
}

export function toEdgeReport({ site, name, said, seen, silentSince }: Member): ClusterReport["edges"][number] {
  const waiting = typeof said.waiting === "object" && said.waiting !== null ? said.waiting : {};
  const { entries, bytes } = waiting as Record<string, unknown>;
  return {
    ...{ site, name, version: textIn(said.version) },
    holds: Array.isArray(said.holds) ? said.holds.map(String) : [],
    waiting: { entries: numberIn(entries) ?? 0, bytes: numberIn(bytes) ?? 0 },
    key: textIn(said.key) || null,
    cannotOpen: Array.isArray(said.cannotOpen) ? said.cannotOpen.map(String) : [],
    ...{ seen, silentSince },
  };
}

export function toSkippedReport({ subject, ...skipped }: Skipped): ClusterReport["skipped"][number] {
  const place = placeOf(subject);
  const where = place && place.kind !== "tick" ? place : null;
  const { reason, count, since, last } = skipped;
  return { site: where?.site ?? null, instance: where?.instance ?? null, reason, count, since, last };
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 100) : "";
}

function numberIn(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}
