import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { connect } from "@nats-io/transport-node";
import { TOLD } from "../../cluster/names.ts";
import type { ClusterProcess } from "./processes.ts";

/** Puts into `folder` what tells afterwards how something came about: logs and databases, what was told, and the marks of that in NATS. */
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
