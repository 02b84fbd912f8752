/**
 * What the live stream costs: a server process with the real inventory and stream, fed with a busy estate, and its clients in a process
 * of their own. The clock is accelerated: a cycle of ten seconds takes one; a minute is six cycles. One line a way to follow:
 * - `original`: the whole state each cycle, plain, serialised for all, read again and serialised again, as the original does it
 *   (marshal, unmarshal, marshal); it is what ratios are against;
 * - `full`: the same, serialised once: the least that it can cost to send the whole state;
 * - `full-deflated`: the same, deflated once for all;
 * - `patch`: what our own page gets.
 * CPU is that of the server's process from when the picture has changed until the estate moves again, less what it is with nobody
 * listening; after a time to get warm, because a server runs for weeks, and the compiler is no part of the stream.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PATCH_FORMAT } from "../contract/live.ts";
import type { Door } from "../http/door.ts";
import { Live } from "../http/live.ts";
import { PictureView } from "../http/picture-view.ts";
import { Inventory } from "../inventory/inventory.ts";
import { toState } from "../inventory/state.ts";
import { jsonPieces } from "../kit/json-pieces.ts";
import { MIB, SECOND } from "../kit/units.ts";
import { snapshotParts } from "../model/snapshot.ts";
import { BUSY, BusyEstate } from "./parts/busy-estate.ts";
import { FrameCounter } from "./parts/frame-counter.ts";

const CASES = [
  { clients: 100, guests: 2000 },
  { clients: 10, guests: 5000 },
] as const;
const MODES = ["nobody", "original", "full", "full-deflated", "patch"] as const;
type Mode = (typeof MODES)[number];
const WARM_UP = 15;
const CYCLES = 20;
const CYCLES_A_MINUTE = 6;
/** How long a cycle of ten seconds takes here. */
const CYCLE = SECOND;

/** CPU seconds and greatest resident memory of a server, and what its clients got. */
interface Measured {
  cpu: number;
  memory: number;
  bytes: number;
  frames: number;
}

const OPEN_DOOR: Door = {
  signIn: "none",
  identify: () => ({ name: "anybody", may: ["read"] }),
  login: () => Promise.reject(new Error("not here")),
  logout: async () => {},
};

/** The server: says its port, runs the cycles when told to, says what they took. */
async function serve(guests: number, mode: Mode): Promise<void> {
  const inventory = new Inventory([BUSY]);
  const estate = new BusyEstate(guests);
  let now = Date.now();
  inventory.apply(estate.look(now));
  const view = new PictureView({
    epoch: "bench",
    version: () => inventory.picture.version,
    pieces: () => jsonPieces(toState(inventory.picture, "bench")),
    parts: () => snapshotParts(inventory.picture, "bench"),
  });
  const live = new Live(view, OPEN_DOOR, "v5");
  const server = createServer();
  live.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.((server.address() as AddressInfo).port);
  await once(process, "message");
  /** Answers the CPU time that the stream took, µs. */
  const cycle = async () => {
    now += 10 * SECOND;
    const patch = inventory.apply(estate.look(now));
    const before = process.cpuUsage();
    if (mode === "patch" && patch) live.publish(patch);
    else if (mode !== "nobody") {
      if (mode === "original") JSON.parse(JSON.stringify(toState(inventory.picture, "bench")));
      live.publishFull();
    }
    await pause(CYCLE);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  for (let turn = 0; turn < WARM_UP; turn++) await cycle();
  let cpu = 0;
  for (let turn = 0; turn < CYCLES; turn++) cpu += await cycle();
  process.send?.({ cpu: cpu / 1e6, memory: process.resourceUsage().maxRSS * 1024 });
}

/** The clients: says when all have what they start from, and what they got after that when told to. */
async function listen(port: number, clients: number, mode: Mode): Promise<void> {
  const path = mode === "patch" ? `/ws?format=${PATCH_FORMAT}` : "/ws";
  const counters = await Promise.all(
    Array.from({ length: clients }, () => FrameCounter.open(port, path, mode === "full-deflated" || mode === "patch")),
  );
  const total = (of: "bytes" | "frames") => counters.reduce((sum, counter) => sum + counter[of], 0);
  while (total("frames") < 2 * clients) await pause(50);
  await pause(SECOND);
  const before = { bytes: total("bytes"), frames: total("frames") };
  process.send?.("ready");
  await once(process, "message");
  process.send?.({
    bytes: (total("bytes") - before.bytes) / clients,
    frames: (total("frames") - before.frames) / clients,
  });
  for (const counter of counters) counter.close();
}

async function measure({ clients, guests }: (typeof CASES)[number], mode: Mode): Promise<Measured> {
  const server = start("serve", guests, mode);
  const port = await told<number>(server);
  const listeners = mode === "nobody" ? null : start("listen", port, clients, mode);
  if (listeners) await told(listeners);
  server.send("go");
  const cost = await told<{ cpu: number; memory: number }>(server);
  listeners?.send("stop");
  const got = listeners ? await told<{ bytes: number; frames: number }>(listeners) : { bytes: 0, frames: 0 };
  server.kill();
  listeners?.kill();
  return { ...cost, ...got };
}

function start(...args: (string | number)[]): ChildProcess {
  return fork(import.meta.filename, args.map(String), { execArgv: process.execArgv });
}

async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, "message")) as [T];
  return message;
}

function pause(duration: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, duration));
}

async function compare(options: (typeof CASES)[number]): Promise<void> {
  const nobody = await measure(options, "nobody");
  let original: Measured | null = null;
  let full: Measured | null = null;
  for (const mode of MODES) {
    if (mode === "nobody") continue;
    const all = await measure(options, mode);
    const measured = { ...all, cpu: Math.max(0, all.cpu - nobody.cpu) };
    original ??= measured;
    if (mode === "full") full = measured;
    const { cpu, bytes } = full ?? measured;
    const line = [
      `stream clients=${options.clients} guests=${options.guests} ${mode}`,
      `frames=${measured.frames}/${WARM_UP + CYCLES}`,
      `bytes/client/minute=${Math.round((measured.bytes / measured.frames) * CYCLES_A_MINUTE).toLocaleString("en")}`,
      `cpu/cycle=${((measured.cpu / CYCLES) * 1000).toFixed(1)}ms`,
      `memory=${Math.round(measured.memory / MIB)}MiB`,
      `bytes: ÷${(original.bytes / measured.bytes).toFixed(1)} cpu: ÷${(original.cpu / measured.cpu).toFixed(1)}`,
      `(of full: ÷${(bytes / measured.bytes).toFixed(1)} and ÷${(cpu / measured.cpu).toFixed(1)})`,
    ];
    process.stdout.write(`${line.join(" ")}\n`);
  }
}

const [role, ...args] = process.argv.slice(2);
if (role === "serve") await serve(Number(args[0]), args[1] as Mode);
else if (role === "listen") await listen(Number(args[0]), Number(args[1]), args[2] as Mode);
else for (const options of CASES) await compare(options);
