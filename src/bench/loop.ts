/**
 * How long nobody is answered: the delay of the built server's event loop while it looks at a simulated cluster of 5,000 guests every ten
 * seconds and a page follows the stream. `npm run bench -- loop 20000` takes another number of guests. `delay` is by the clock, so on a machine
 * with much to do it tells of that; `turns` are the most processor time that the server's own thread has used at a stretch, from when it last
 * looked whether anything has come for it, such as a request, until it did again.
 */
import { once } from "node:events";
import { loadavg } from "node:os";
import { WebSocket } from "ws";
import { MINUTE, SECOND } from "../kit/units.ts";
import type { State } from "../model/state.ts";
import { makeFolder, startEstate, startPulseIn } from "../test/server-process.ts";

const guests = Number(process.argv[2] ?? 5000);
/** What is read once, soon after the start, takes a while. */
const WARM_UP = MINUTE;

/** Runs in the server: tells what it has noted since it was last asked. What a thread sends is taken in together with requests. */
const NOTE = `
  import { monitorEventLoopDelay } from "node:perf_hooks";
  import { Worker } from "node:worker_threads";
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  let [turns, before] = [[], process.threadCpuUsage()];
  const poke = "setInterval(() => require('node:worker_threads').parentPort.postMessage(0), 2)";
  new Worker(poke, { eval: true }).on("message", () => {
    const now = process.threadCpuUsage();
    turns.push((now.user - before.user + now.system - before.system) / 1000);
    before = now;
  }).unref();
  process.on("message", () => {
    process.send({ delay: delays.max / 1e6, often: delays.percentile(99.9) / 1e6, turns: turns.sort((a, b) => b - a).slice(0, 10) });
    delays.reset();
    turns = [];
  });
  process.channel.unref();
`;
interface Noted {
  delay: number;
  often: number;
  turns: number[];
}

await using estate = await startEstate({ clusters: 1, nodes: 50, guests, latency: 0 });
await using pulse = await startPulseIn(makeFolder(estate), {
  flags: ["--import", `data:text/javascript,${encodeURIComponent(NOTE)}`],
});
for (let seen = 0; seen < guests; await pause(SECOND)) {
  const { vms, containers } = (await (await fetch(`${pulse.url}/api/state`)).json()) as State;
  seen = vms.length + containers.length;
}
const reader = new WebSocket(`${pulse.url.replace("http", "ws")}/ws?format=patch`);
await once(reader, "open");
await pause(WARM_UP);
await noted();
await pause(MINUTE);
const { delay, often, turns } = await noted();
reader.terminate();
process.stdout.write(
  `loop guests=${guests} delay=${delay.toFixed(0)}ms 99.9%=${often.toFixed(0)}ms ` +
    `longest turns=${turns.map(turn => turn.toFixed(0)).join(",")}ms of processor time load=${(loadavg()[0] ?? 0).toFixed(1)}\n`,
);

async function noted(): Promise<Noted> {
  pulse.child.send("tell");
  const [told] = (await once(pulse.child, "message")) as [Noted];
  return told;
}

function pause(time: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, time));
}
