import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Bytes, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Database } from "../store/database.ts";
import { COMING_FILE } from "../store/take-over.ts";
import { type Standing, type StreamToRead, whoIsAhead } from "./ahead.ts";
import type { Sealing } from "./commands.ts";
import { toToken } from "./names.ts";

/** Where all cores are asked how far they are, and one of them, by its name, for its memory. */
const ALL = "pulse.core.standing";
const ONE = "pulse.core.memory";
const CONTEXT = "between cores";
/** So much of a copy comes at once: below what any NATS takes, sealed and as text. */
const PIECE: Bytes = 384 * 1024;
/** For the answers of all cores to how far they are. */
const GATHER: Millis = 1.5 * SECOND;
/** For the copy to be made, and for a piece of it. */
const MADE: Millis = 10 * MINUTE;
const SENT: Millis = 20 * SECOND;
/** A piece that does not come is asked for again. */
const TRIES = 5;
/** A copy that nobody has asked for a piece of for so long is removed. */
const UNUSED: Millis = 2 * MINUTE;
const FOLDER = "handover";

export interface HandoverOptions {
  name: string;
  /** The data folder. */
  folder: string;
  database: Database;
  /** How far this core is. */
  standing: () => Standing["positions"];
  seal: () => Sealing;
  clock: Clock;
  log: Log;
}

interface Copy {
  id: string;
  path: string;
  size: Bytes;
  usedAt: number;
}

/** What one core asks another for. */
type Question = { kind: "copy"; id?: never; at?: never } | { kind: "piece"; id: string; at: Bytes };

/**
 * Cores give each other their memory: a copy of the database as it was at one moment, in which it also says how far it is in the stream, in
 * pieces by NATS's request and reply. All that is said is sealed with the key that cores share.
 */
export class Handover implements AsyncDisposable {
  readonly #options: HandoverOptions;
  #subscriptions: Subscription[] = [];
  readonly #stop = new AbortController();
  #copy: Promise<Copy> | null = null;

  constructor(options: HandoverOptions) {
    this.#options = options;
    rmSync(join(options.folder, FOLDER), { recursive: true, force: true });
  }

  /** Answers others from now on. */
  serve(connection: NatsConnection): void {
    if (this.#subscriptions.length > 0) return;
    const { name, standing } = this.#options;
    this.#subscriptions = [
      this.#listen(connection, ALL, async () => ({ name, positions: standing() })),
      this.#listen(connection, `${ONE}.${toToken(name)}`, question => this.#answer(question as Question)),
    ];
  }

  /** Who has a memory that this core should have; null: nobody that answers. */
  async ahead(connection: NatsConnection, stream: StreamToRead): Promise<string | null> {
    const { name, standing } = this.#options;
    const strategy = { strategy: "timer", maxWait: GATHER } as const;
    const others: Standing[] = [];
    for await (const reply of await connection.requestMany(ALL, this.#close({ kind: "standing" }), strategy)) {
      const other = this.#open(reply.data) as Standing | null;
      if (other && other.name !== name) others.push(other);
    }
    return whoIsAhead(standing(), others, stream);
  }

  /** Fetches the memory of core `from` and lays it where the next start finds it. Rejects when that core ends, or the disk takes no more. */
  async fetch(connection: NatsConnection, from: string): Promise<void> {
    const { folder, log } = this.#options;
    const path = join(folder, COMING_FILE);
    const partial = `${path}.partial`;
    const ask = async (question: Question, timeout: Millis) => {
      const reply = await connection.request(`${ONE}.${toToken(from)}`, this.#close(question), { timeout });
      const answer = this.#open(reply.data) as { id: string; size: Bytes; piece?: string; reason?: string } | null;
      if (!answer) throw new Error(`Core "${from}" has another PULSE_ENCRYPTION_KEY`);
      if (answer.reason !== undefined) throw new Error(`Core "${from}" cannot give it: ${answer.reason}`);
      return answer;
    };
    const file = await open(partial, "w", 0o600);
    try {
      const { id, size } = await ask({ kind: "copy" }, MADE);
      log("info", "This core takes over what another one remembers", { core: from, bytes: size });
      for (let at = 0; at < size; ) {
        const { piece = "" } = await this.#again(() => ask({ kind: "piece", id, at }, SENT));
        const bytes = zstdDecompressSync(Buffer.from(piece, "base64"), { maxOutputLength: PIECE });
        if (bytes.length === 0) throw new Error(`Core "${from}" gave nothing`);
        await file.write(bytes);
        at += bytes.length;
      }
      await file.sync();
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await rename(partial, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    await this.#copy?.catch(() => {});
    rmSync(join(this.#options.folder, FOLDER), { recursive: true, force: true });
  }

  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        return await work();
      } catch (error) {
        if (tries === TRIES || this.#stop.signal.aborted) throw error;
        await this.#options.clock.sleep(SECOND, this.#stop.signal);
      }
  }

  #listen(connection: NatsConnection, subject: string, answer: (question: unknown) => Promise<object>): Subscription {
    const callback = async (error: Error | null, message: Msg) => {
      const question = error ? null : this.#open(message.data);
      if (!question) return;
      const reply = await answer(question).catch((reason: Error) => ({ reason: reason.message }));
      if (!this.#stop.signal.aborted) message.respond(this.#close(reply));
    };
    return connection.subscribe(subject, { callback: (error, message) => void callback(error, message) });
  }

  async #answer(question: Question): Promise<object> {
    if (question.kind === "copy") {
      const { id, size } = await this.#current();
      return { id, size };
    }
    const copy = await this.#copy;
    if (copy?.id !== question.id) throw new Error("that copy is there no more");
    copy.usedAt = this.#options.clock.now();
    const file = await open(copy.path);
    try {
      return { piece: zstdCompressSync(await readPiece(file, question.at)).toString("base64") };
    } finally {
      await file.close();
    }
  }

  /** One copy for all who ask at about the same time: each lacks the same. */
  #current(): Promise<Copy> {
    this.#copy ??= this.#make();
    this.#copy.catch(() => {
      this.#copy = null;
    });
    return this.#copy;
  }

  async #make(): Promise<Copy> {
    const { folder, database, clock, log } = this.#options;
    const { signal } = this.#stop;
    const id = randomUUID();
    const path = join(folder, FOLDER, `${id}.db`);
    mkdirSync(join(folder, FOLDER), { recursive: true, mode: 0o700 });
    await database.backup(path, signal);
    const copy = { id, path, size: statSync(path).size, usedAt: clock.now() };
    log("info", "Another core takes over what this one remembers", { bytes: copy.size });
    void this.#removeUnused(copy);
    return copy;
  }

  async #removeUnused(copy: Copy): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted && clock.now() - copy.usedAt < UNUSED) await clock.sleep(UNUSED / 4, signal);
    this.#copy = null;
    rmSync(copy.path, { force: true });
  }

  #close(said: object): Uint8Array {
    return this.#options.seal().close(JSON.stringify(said), CONTEXT);
  }

  /** null: sealed with another key. */
  #open(sealed: Uint8Array): unknown {
    const text = this.#options.seal().open(sealed, CONTEXT);
    return text === null ? null : JSON.parse(text);
  }
}

async function readPiece(file: FileHandle, at: Bytes): Promise<Uint8Array> {
  const piece = Buffer.alloc(PIECE);
  const { bytesRead } = await file.read(piece, 0, PIECE, at);
  return piece.subarray(0, bytesRead);
}
