/**
 * How much it costs to watch an estate, and how old its data gets: a real server against simulated clusters behind real TLS sockets.
 * One line a case: calls per 10-second cycle, CPU share of one core, resident memory, and the greatest age that the data of any running
 * guest reached as a reader of the live stream sees it.
 */
import { WebSocket } from "ws";
import type { ServerFrame } from "../contract/live.ts";
import { MIB, SECOND } from "../kit/units.ts";
import { unpackPatch } from "../model/packed-patch.ts";
import { applyPatch, emptyPicture, type Picture } from "../model/picture.ts";
import { addPart } from "../model/snapshot.ts";
import { type PulseProcess, startEstate, startPulse } from "../test/server-process.ts";

const WARM_UP = 15 * SECOND;
const MEASURED = 60 * SECOND;
const CASES = [
  { clusters: 1, nodes: 10, guests: 500, latency: 0 },
  { clusters: 1, nodes: 10, guests: 500, latency: 30 },
  { clusters: 1, nodes: 50, guests: 5000, latency: 0 },
  { clusters: 1, nodes: 50, guests: 5000, latency: 30 },
  { clusters: 4, nodes: 100, guests: 10_000, latency: 30 },
] as const;

async function measure(options: (typeof CASES)[number]): Promise<string> {
  await using estate = await startEstate(options);
  await using pulse = await startPulse(estate);
  using reader = await Reader.open(pulse);
  await pause(WARM_UP);
  await fetch(`${estate.adminUrl}/requests`, { method: "DELETE" });
  const cpu = pulse.cpu();
  const from = Date.now();
  let oldest = 0;
  let memory = 0;
  while (Date.now() - from < MEASURED) {
    await pause(100);
    oldest = Math.max(oldest, reader.oldest());
    memory = Math.max(memory, pulse.memory());
  }
  const seconds = (Date.now() - from) / SECOND;
  const { total } = (await (await fetch(`${estate.adminUrl}/requests`)).json()) as { total: number };
  const share = ((pulse.cpu() - cpu) / seconds) * 100;
  return [
    `poll clusters=${options.clusters} nodes=${options.nodes} guests=${options.guests} latency=${options.latency}ms`,
    `running=${reader.running()}`,
    `calls/cycle=${((total / seconds) * 10).toFixed(1)}`,
    `cpu=${share.toFixed(1)}%`,
    `memory=${Math.round(memory / MIB)}MiB`,
    `oldest=${(oldest / SECOND).toFixed(1)}s`,
  ].join(" ");
}

/** Follows the live stream as the web UI does. */
class Reader implements Disposable {
  readonly #socket: WebSocket;
  #picture: Picture = emptyPicture();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", data => this.#take(JSON.parse(String(data)) as ServerFrame));
  }

  static async open({ url }: PulseProcess): Promise<Reader> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws?format=patch`);
    const reader = new Reader(socket);
    await new Promise<void>((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return reader;
  }

  /** Age of the oldest data of a running guest, ms. */
  oldest(): number {
    return Date.now() - Math.min(Date.now(), ...this.#guests().map(guest => guest.lastSeen));
  }

  running(): number {
    return this.#guests().length;
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }

  #guests() {
    return [...Object.values(this.#picture.vms), ...Object.values(this.#picture.containers)].filter(
      ({ status }) => status === "running",
    );
  }

  #take(frame: ServerFrame): void {
    if (frame.type === "patch") applyPatch(this.#picture, unpackPatch(frame.data));
    else if (frame.type === "snapshot") this.#picture = addPart(this.#picture, frame.data);
  }
}

function pause(duration: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, duration));
}

for (const options of CASES) process.stdout.write(`${await measure(options)}\n`);
