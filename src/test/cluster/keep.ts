import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { connect } from "@nats-io/transport-node";
import { readSeen } from "../../cluster/entry.ts";
import { placeOf, STREAM, TOLD } from "../../cluster/names.ts";
import type { ClusterProcess } from "./processes.ts";

/**
 * Puts into `folder` what tells afterwards how something came about: logs and databases, what was told, the marks of that in NATS, and what lay
 * on the stream.
 */
export async function keepAll(
  folder: string,
  processes: ReadonlyMap<string, ClusterProcess>,
  nats: { url: string },
  told: readonly object[],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, one] of processes) {
    writeFileSync(join(folder, `${name}.log`), one.log());
    cpSync(one.folder, join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, "told.json"), JSON.stringify(told, null, 1));
  writeFileSync(join(folder, "marks.json"), JSON.stringify(await readMarks(nats.url), null, 1));
  writeFileSync(join(folder, "stream.json"), JSON.stringify(await readStream(nats.url), null, 1));
}

/** Each entry: where it lies, when it was stored, and of a look when that was and by which fence. */
async function readStream(url: string): Promise<object[]> {
  const connection = await connect({ servers: url.split(",") });
  const entries: object[] = [];
  try {
    const manager = await jetstreamManager(connection);
    const { first_seq: first, last_seq: last } = (await manager.streams.info(STREAM)).state;
    for (let seq = first; seq <= last; seq++) {
      const entry = await manager.streams.getMessage(STREAM, { seq });
      if (!entry) continue;
      const { subject, time, data } = entry;
      const place = placeOf(subject);
      const look = place?.kind === "seen" ? readSeen(data, place) : null;
      const seen = look && {
        fence: look.fence,
        kind: look.seen.kind,
        scope: look.seen.scope,
        at: new Date(look.seen.at),
      };
      entries.push({
        seq,
        subject,
        stored: time,
        ...seen,
        ...(place?.kind === "tick" ? { tick: entry.string() } : {}),
      });
    }
    return entries;
  } finally {
    await connection.close();
  }
}

async function readMarks(url: string): Promise<object[]> {
  const connection = await connect({ servers: url.split(",") });
  try {
    const bucket = await new Kvm(jetstream(connection)).open(TOLD);
    const marks = await Array.fromAsync(await bucket.keys(), key => bucket.get(key));
    return marks.flatMap(mark => (mark ? [{ key: mark.key, at: mark.created, ...mark.json<object>() }] : []));
  } finally {
    await connection.close();
  }
}
