/**
 * Several Pulses as one under load: 500 clusters with 50,000 guests, whose edges are made up (all of them are this process), on three real
 * nats-servers, with real cores, as built. Each cluster is looked at every ten seconds, and nine of ten guests are otherwise each time. Says
 * how long a look takes from being sent until a browser has it, what a core and a nats-server cost, and how long nobody tells, or looks, when
 * a core or an edge is killed. All of it runs on one machine: with few processors, what waits for one of them counts as well.
 * npm run bench -- cluster [--clusters 500] [--guests 50000] [--cores 2] [--seconds 60]
 */
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { WebSocket } from "ws";
import { toBody } from "../cluster/entry.ts";
import { instanceSubject, messageId, STREAM, subjectOf } from "../cluster/names.ts";
import { systemClock } from "../kit/clock.ts";
import { MIB, SECOND } from "../kit/units.ts";
import { openEstate } from "../simulator/estate.ts";
import { sizedEstate } from "../simulator/presets.ts";
import { type NatsServer, startNats } from "../test/cluster/nats-servers.ts";
import { type ClusterProcess, clusterProcess, entriesOf, until } from "../test/cluster/processes.ts";
import { cpuOf, memoryOf } from "../test/process-load.ts";
import { BUSY, BusyEstate } from "./parts/busy-estate.ts";

const { values } = parseArgs({
  options: {
    clusters: { type: "string", default: "500" },
    guests: { type: "string", default: "50000" },
    cores: { type: "string", default: "2" },
    seconds: { type: "string", default: "60" },
  },
});
const [clusters, guests, count] = [Number(values.clusters), Number(values.guests), Number(values.cores)];
const measured = Number(values.seconds) * SECOND;
const CYCLE = BUSY.interval;
const WARM_UP = 4 * CYCLE;
/** "Stored": by so many looks under way the publisher waits. */
const MOST_UNDER_WAY = 256;

const say = (text: string) => process.stdout.write(`cluster ${text}\n`);
const round = (value: number, places = 1) => value.toFixed(places);
const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

await using nats = await startNats({ config: { max_payload: 8 * MIB } });
await nats.ready();
await using running = new AsyncDisposableStack();
const cores = Array.from({ length: count }, (_, at) =>
  running.use(
    clusterProcess({
      command: "core",
      env: { PULSE_NAME: `core-${at}`, PULSE_NATS_URL: nats.url, PULSE_ENCRYPTION_KEY: "0".repeat(64) },
      isUsual: true,
    }),
  ),
);
await Promise.all(cores.map(core => core.start()));
await until(() => cores.some(core => core.log().includes("This core tells")), "one that tells");

const connection = await connect({ servers: nats.url.split(","), maxReconnectAttempts: -1 });
running.defer(() => connection.close());
const stream = jetstream(connection, { timeout: 30 * SECOND });
const manager = await jetstreamManager(connection);

const estates = Array.from({ length: clusters }, (_, at) => {
  const name = `c${at}`;
  return { name, site: `site-${at}`, estate: new BusyEstate(Math.round(guests / clusters), name) };
});
for (const { name, site } of estates)
  await stream.publish(
    instanceSubject(site, name),
    toBody({ fence: 1, settings: { ...BUSY, name, credentials: { kind: "token", id: "a@pve!b", secret: "" } } }),
  );

/** When looks were sent, by the time at which they ended: each says another. */
const sent = new Map<number, number>();
const stored: number[] = [];
const sizes: number[] = [];
let last = 0;
let underWay = 0;
let isOver = false;
let isMeasured = false;

async function look({ site, estate }: (typeof estates)[number]): Promise<void> {
  const at = Math.max(Date.now(), last + 1);
  last = at;
  const seen = estate.look(at);
  const body = toBody({ fence: 1, seen });
  const began = performance.now();
  sent.set(at + seen.took, began);
  underWay += 1;
  await stream.publish(subjectOf(site, seen), body, { msgID: messageId(seen) });
  underWay -= 1;
  if (isMeasured) {
    stored.push(performance.now() - began);
    sizes.push(body.length);
  }
}

/** Evenly, as edges that know nothing of each other do. */
async function publish(): Promise<void> {
  const began = Date.now();
  for (let turn = 0; !isOver; turn++) {
    const due = began + (turn * CYCLE) / clusters;
    if (due > Date.now()) await systemClock.sleep(due - Date.now());
    while (underWay > MOST_UNDER_WAY) await systemClock.sleep(5);
    const one = estates[turn % clusters];
    if (one) void look(one).catch(error => say(`a look was not stored: ${(error as Error).message}`));
  }
}

/** Hears, as a browser does, of what a core has applied. */
function follow(core: ClusterProcess, heard: (lag: number) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${core.url().replace("http", "ws")}/ws?format=patch`, { perMessageDeflate: false });
  const opened = Promise.withResolvers<WebSocket>();
  socket.on("error", opened.reject);
  socket.on("open", () => opened.resolve(socket));
  socket.on("message", (data: Buffer) => {
    const text = data.toString("latin1");
    const began = text.startsWith('{"type":"patch"') ? sent.get(Number(/"at":(\d+)/.exec(text)?.[1])) : undefined;
    if (began !== undefined) heard(performance.now() - began);
  });
  return opened.promise;
}

const publishing = publish();
const lags = cores.map((): number[] => []);
await systemClock.sleep(WARM_UP);
const sockets = await Promise.all(
  cores.map((core, at) => follow(core, lag => (isMeasured ? lags[at]?.push(lag) : undefined))),
);
await systemClock.sleep(CYCLE);

const used = (one: ClusterProcess | NatsServer) => {
  const child = one.child();
  return child ? { cpu: cpuOf(child), memory: memoryOf(child) } : { cpu: 0, memory: 0 };
};
const everything = [...cores, ...nats.servers];
const streamBytes = async () => {
  const { state } = await manager.streams.info(STREAM);
  return { bytes: state.bytes, entries: state.messages };
};
const before = {
  used: everything.map(used),
  own: process.cpuUsage(),
  stream: await streamBytes(),
  at: performance.now(),
};
isMeasured = true;
await systemClock.sleep(measured);
isMeasured = false;
const seconds = (performance.now() - before.at) / SECOND;
const after = await streamBytes();
say(
  `clusters=${clusters} guests=${guests} cores=${count} nats=${nats.servers.length} every=${CYCLE / SECOND}s measured=${round(seconds, 0)}s ` +
    `processors=${availableParallelism()} load=${round(loadavg()[0] ?? 0)}`,
);
const looks = stored.length / seconds;
const bytes = sizes.reduce((sum, size) => sum + size, 0) / seconds;
stored.sort((a, b) => a - b);
say(
  `looks/s=${round(looks)} of ${round(clusters / (CYCLE / SECOND))} due; kB/look=${round(bytes / looks / 1000)}; ` +
    `sent kB/s=${round(bytes / 1000, 0)}; stream kB/s=${round((after.bytes - before.stream.bytes) / seconds / 1000, 0)}, ` +
    `a day GB=${round((((after.bytes - before.stream.bytes) / seconds) * 86_400) / 1e9)}; stored after ms p50=${round(percentile(stored, 0.5), 0)} ` +
    `p99=${round(percentile(stored, 0.99), 0)}`,
);
for (const [at, all] of lags.entries()) {
  all.sort((a, b) => a - b);
  const now = used(cores[at] as ClusterProcess);
  say(
    `core ${at}: lag ms p50=${round(percentile(all, 0.5), 0)} p99=${round(percentile(all, 0.99), 0)} max=${round(all.at(-1) ?? Number.NaN, 0)} ` +
      `of ${all.length} looks; CPU=${round((100 * (now.cpu - (before.used[at]?.cpu ?? 0))) / seconds)} % of one; memory=${round(now.memory / MIB, 0)} MiB`,
  );
}
for (const [at, server] of nats.servers.entries()) {
  const [now, then] = [used(server), before.used[cores.length + at]];
  say(
    `nats ${at}: CPU=${round((100 * (now.cpu - (then?.cpu ?? 0))) / seconds)} % of one; memory=${round(now.memory / MIB, 0)} MiB`,
  );
}
const { user, system } = process.cpuUsage(before.own);
say(`this process, which is all edges and all browsers: CPU=${round((user + system) / 1e4 / seconds)} % of one`);
for (const socket of sockets) socket.close();

if (count > 1) {
  const holder = cores.find(core => /This core tells/.test(core.log().split("Another core tells").at(-1) ?? ""));
  const others = cores.filter(core => core !== holder);
  const marks = others.map(core => core.log().length);
  const killed = performance.now();
  await holder?.kill();
  await until(() => others.some((core, at) => core.log().slice(marks[at]).includes("This core tells")), "taken over");
  say(`core killed (-9) that tells: another one tells after ${round((performance.now() - killed) / SECOND)} s`);
  if (holder) {
    const began = performance.now();
    await holder.start();
    const present = Promise.withResolvers<void>();
    const socket = await follow(holder, lag => (lag < SECOND ? present.resolve() : undefined));
    await present.promise;
    socket.close();
    say(
      `core started again after ${round((began - killed) / SECOND)} s: shows the present after ${round((performance.now() - began) / SECOND)} s`,
    );
  }
}

await using estate = await openEstate(sizedEstate({ nodes: 2, guests: 10 }));
const edges = ["first", "second"].map(name =>
  running.use(
    clusterProcess({
      command: "edge",
      env: { PULSE_SITE: "north", PULSE_NAME: name, PULSE_NATS_URL: nats.url },
      config: { instances: entriesOf(estate.instances) },
      isUsual: true,
    }),
  ),
);
await Promise.all(edges.map(edge => edge.start()));
const watches = (edge: ClusterProcess) => edge.log().includes("Watching instance");
await until(() => edges.some(watches), "watched");
await systemClock.sleep(5 * SECOND);
const holder = edges.find(watches);
const killed = performance.now();
await holder?.kill();
await until(() => edges.some(edge => edge !== holder && watches(edge)), "taken over");
say(`edge killed (-9): the other one of its site watches after ${round((performance.now() - killed) / SECOND)} s`);
isOver = true;
await publishing;
