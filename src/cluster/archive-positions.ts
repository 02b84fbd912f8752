import type { KV } from "@nats-io/kv";
import type { ArchivePosition } from "../model/archive.ts";
import { orNull } from "./leases.ts";
import { digestOf } from "./names.ts";

/** Of no site. */
const PREFIX = "=archive";

/** How far an archive is, for all cores: whoever sends goes on from there, and who has been overtaken finds out. */
export class ArchivePositions {
  #bucket: KV | null = null;
  /** Of what was last read or written, by key; 0: nothing is there. */
  readonly #revisions = new Map<string, number>();

  open(bucket: KV): void {
    this.#bucket = bucket;
  }

  async read(url: string): Promise<ArchivePosition | null> {
    const key = keyOf(url);
    const entry = await this.#opened.get(key);
    this.#revisions.set(key, entry?.revision ?? 0);
    return entry?.operation === "PUT" ? entry.json<ArchivePosition>() : null;
  }

  async write(url: string, position: ArchivePosition): Promise<void> {
    const key = keyOf(url);
    const body = JSON.stringify(position);
    const before = this.#revisions.get(key) ?? 0;
    const bucket = this.#opened;
    const revision = await orNull(before === 0 ? bucket.create(key, body) : bucket.update(key, body, before));
    if (revision === null) throw new Error("Another core has sent to the archive meanwhile");
    this.#revisions.set(key, revision);
  }

  get #opened(): KV {
    if (!this.#bucket) throw new Error("NATS is not reached");
    return this.#bucket;
  }
}

function keyOf(url: string): string {
  return `${PREFIX}.${digestOf(url)}`;
}
