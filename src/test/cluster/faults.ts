import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../../kit/clock.ts";
import { type Instant, MINUTE, SECOND } from "../../kit/units.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { randomNumbers } from "../random-numbers.ts";
import { keepAll } from "./keep.ts";
import { type Link, openLink } from "./link.ts";
import { type Figure, figuresOf, pictureOf } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, entriesOf, until, untilEqual } from "./processes.ts";

// npm run test:cluster -- --minutes 3 --seed 1: three nats-servers, three cores and two edges, of which some is killed, halted or cut off
// every few seconds; of the nats-servers one at a time, or all of them are started anew. Afterwards nothing may be missing, nothing may differ,
// and nobody may have been told twice without it being said. The same seed does the same. With --lose all nats-servers lose what they stored of
// late, too, as by a power cut; with --split the network falls in two, a nats-server and a core on one side. A nats-server is fetched the first
// time. Logs, databases and the stream go to --keep FOLDER, or to one of its own when something is wrong.

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    keep: { type: "string" },
    lose: { type: "boolean", default: false },
    split: { type: "boolean", default: false },
  },
});
const random = randomNumbers(Number(values.seed));
const between = (least: number, most: number) => Math.round(least + random() * (most - least));
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const say = (text: string) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

interface Told {
  /** When it came. */
  at: Instant;
  reason: string;
  alerts: { id: string; startTime: string; level: string; metadata?: { firedAt?: string } }[];
  duplicatePossible?: boolean;
}

/** An alert that fires, as a core shows it. */
interface Active {
  id: string;
  startTime: string;
  cause: string | null;
}

if (spawnSync(process.execPath, ["scripts/get-nats-server.ts"], { stdio: "inherit" }).status !== 0) process.exit(1);
await using nats = await startNats({ byLinks: values.split });
await nats.ready();
await using estate = await openEstate({ ...sizedEstate({ nodes: 2, guests: 8 }), tick: 5 * SECOND });
const [instance = ""] = estate.instances.map(({ name }) => name);
const posts: Told[] = [];
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  posts.push({ ...(JSON.parse(Buffer.concat(chunks).toString()) as Told), at: systemClock.now() });
  response.end("ok");
}).listen(0, "127.0.0.1");
await new Promise(resolve => receiver.once("listening", resolve));
const { port } = receiver.address() as { port: number };

await using running = new AsyncDisposableStack();
running.defer(() => void receiver.close());
const toServers = async () => {
  const lines = await Promise.all(nats.servers.map(({ url }) => openLink(url)));
  for (const link of lines) running.use(link);
  return lines;
};
const urlOf = (lines: readonly Link[]) => lines.map(({ url }) => url).join(",");
const links = await toServers();
const edges = ["first", "second"].map(name =>
  running.use(
    clusterProcess({
      command: "edge",
      env: { PULSE_SITE: "north", PULSE_NAME: name, PULSE_NATS_URL: urlOf(links) },
      config: { instances: entriesOf(estate.instances).map(entry => ({ ...entry, interval: 10 })) },
    }),
  ),
);
const config = {
  channels: {
    webhooks: [{ id: "hook", name: "Hook", url: `http://127.0.0.1:${port}/` }],
    allowedPrivateNetworks: ["127.0.0.1/32"],
  },
  thresholds: {
    metricTimeThresholds: { guest: { cpu: 10 } },
    guestDefaults: { cpu: { trigger: 96, clear: 95 } },
    schedule: { grouping: { enabled: false }, maxAlertsHour: 0 },
  },
};
const ofCores = values.split ? await Promise.all(nats.servers.map(toServers)) : [];
const cores = ["one", "two", "three"].map((name, at) =>
  running.use(
    clusterProcess({
      command: "core",
      env: {
        PULSE_NAME: name,
        PULSE_NATS_URL: values.split ? urlOf(ofCores[at] ?? []) : nats.url,
        PULSE_ENCRYPTION_KEY: "0".repeat(64),
      },
      config,
    }),
  ),
);
await Promise.all([...edges, ...cores].map(one => one.start()));
await until(async () => Object.keys((await pictureOf(cores[0] as ClusterProcess)).guests).length === 8, "shown");
say("all is there");

/** What is broken, and how it is mended. */
const broken = new Map<object, { at: Instant; mend: () => unknown }>();

/** From here on nats-servers have what a power cut would take from them. */
let losing = Promise.resolve();
const lose = () => {
  losing = (async () => {
    await Promise.all(nats.servers.map(server => server.kill()));
    for (const server of nats.servers) {
      server.save();
      server.start();
    }
  })();
};
/** The power cut. */
const putBack = async () => {
  await losing;
  await Promise.all(nats.servers.map(server => server.restore()));
  for (const server of nats.servers) server.start();
};

/** The lines between a nats-server with the core beside it, and all else. */
function linesAcross(side: number): Link[] {
  const ofOthers = [...ofCores, links].filter((_, at) => at !== side).flatMap(lines => lines[side] ?? []);
  const ofCore = (ofCores[side] ?? []).filter((_, server) => server !== side);
  return [...nats.linesOf(side), ...ofOthers, ...ofCore];
}

function breakOne(): void {
  const now = systemClock.now();
  const kinds: (() => void)[] = [];
  const may = (thing: object, name: string, longest: number, harm: () => void, mend: () => unknown) => {
    if (broken.has(thing)) return;
    kinds.push(() => {
      const seconds = between(2, longest);
      say(`${name} for ${seconds} s`);
      harm();
      broken.set(thing, { at: now + seconds * SECOND, mend });
    });
  };
  const mayCut = (thing: object, name: string, longest: number, lines: readonly Link[]) =>
    may(
      thing,
      name,
      longest,
      () => {
        for (const link of lines) link.cut();
      },
      () => {
        for (const link of lines) link.mend();
      },
    );
  for (const [at, core] of cores.entries()) {
    may(
      core,
      `core ${at} killed`,
      20,
      () => void core.kill(),
      () => core.start(),
    );
    may(
      core,
      `core ${at} halted`,
      20,
      () => core.halt(),
      () => core.goOn(),
    );
  }
  if (!edges.some(edge => broken.has(edge)))
    for (const [at, edge] of edges.entries()) {
      may(
        edge,
        `edge ${at} killed`,
        20,
        () => void edge.kill(),
        () => edge.start(),
      );
      may(
        edge,
        `edge ${at} halted`,
        8,
        () => edge.halt(),
        () => edge.goOn(),
      );
    }
  if (!nats.servers.some(server => broken.has(server)) && !broken.has(nats)) {
    may(
      nats,
      "all of nats killed",
      10,
      () => void Promise.all(nats.servers.map(server => server.kill())),
      () => nats.servers.map(server => server.start()),
    );
    if (values.split)
      for (const at of nats.servers.keys())
        mayCut(nats, `nats ${at} and core ${at} apart from the others`, 80, linesAcross(at));
    if (values.lose) may(nats, "all of nats writes nothing that will last", 20, lose, putBack);
    for (const [at, server] of nats.servers.entries()) {
      may(
        server,
        `nats ${at} killed`,
        15,
        () => void server.kill(),
        () => server.start(),
      );
      may(
        server,
        `nats ${at} halted`,
        10,
        () => server.halt(),
        () => server.goOn(),
      );
    }
  }
  mayCut(links, "the site cut off", 20, links);
  pick(kinds)();
}

async function mendWhatIsDue(now: Instant): Promise<void> {
  for (const [thing, { at, mend }] of [...broken]) {
    if (at > now) continue;
    broken.delete(thing);
    await mend();
  }
}

const began = systemClock.now();
const end = began + Number(values.minutes) * MINUTE;
const guests = Object.keys((await pictureOf(cores[0] as ClusterProcess)).guests);
let busy: string | null = null;
for (let turn = 0; systemClock.now() < end; turn++) {
  breakOne();
  if (turn % 4 === 0) {
    if (busy !== null) await estate.faults.clear(busy);
    const vmid = Number(pick(guests).split(":").at(-1));
    busy = await estate.faults.cause({ kind: "guest-cpu", instance, vmid, cpu: 1 });
    say(`guest ${vmid} is busy`);
  }
  for (const until = systemClock.now() + between(3, 8) * SECOND; systemClock.now() < until; ) {
    await mendWhatIsDue(systemClock.now());
    await systemClock.sleep(100);
  }
}
await mendWhatIsDue(Number.POSITIVE_INFINITY);
await estate.faults.clear();
say("all is mended");
// Whoever waits for another core to tell does so himself after a minute: what would come twice by that has come by then.
await systemClock.sleep(90 * SECOND);
let wrong = await whatIsWrong();
// A busy machine is no reason to fail: what is slow comes, what is lost does not.
for (const before = systemClock.now() + 3 * MINUTE; wrong.length > 0 && systemClock.now() < before; ) {
  await systemClock.sleep(10 * SECOND);
  wrong = await whatIsWrong();
}

async function whatIsWrong(): Promise<string[]> {
  const pictures = await Promise.all(cores.map(pictureOf));
  const differ = await untilEqual(() => Promise.all(cores.map(pictureOf))).then(
    () => [],
    error => [`The pictures differ: ${error}`],
  );
  return [...differ, ...(await wrongSamples()), ...wrongTold(Object.values(pictures[0]?.alerts ?? {}) as Active[])];
}

async function wrongSamples(): Promise<string[]> {
  const lines: string[] = [];
  const to = Math.floor(systemClock.now() / (10 * SECOND)) * 10 * SECOND - 30 * SECOND;
  for (const guest of guests) {
    const [first = [], ...others] = await Promise.all(cores.map(core => figuresOf(core, guest, began, to)));
    const known = new Set(first.map(({ time }) => time));
    for (let time = Math.ceil(began / (10 * SECOND)) * 10 * SECOND; time < to; time += 10 * SECOND)
      if (!known.has(time)) lines.push(`${guest}: no sample of ${new Date(time).toISOString().slice(11, 19)}`);
    for (const [at, other] of others.entries())
      for (const [time, values] of differences(first, other))
        lines.push(
          `${guest}: of ${new Date(time).toISOString().slice(11, 19)} core 0 keeps ${values[0]}, core ${at + 1} ${values[1]}`,
        );
  }
  return lines;
}

/** Of which times two cores keep something else, and what; "nothing" where one has no sample. */
function differences(one: readonly Figure[], other: readonly Figure[]): Map<Instant, [string, string]> {
  const values = [one, other].map(
    list => new Map(list.map(({ time, mean, imported }) => [time, `${mean}${imported ? " (late)" : ""}`])),
  );
  const [ours, theirs] = values;
  const times = [...new Set(values.flatMap(list => [...list.keys()]))].sort((a, b) => a - b);
  const pairs = times.map(
    time => [time, [ours?.get(time) ?? "nothing", theirs?.get(time) ?? "nothing"]] as [Instant, [string, string]],
  );
  return new Map(pairs.filter(([, [a, b]]) => a !== b));
}

/** How often each thing was told. What fires again shortly after it was over, or becomes critical, is told once more. */
function countTold(): Map<string, { plain: number; marked: number }> {
  const times = new Map<string, { plain: number; marked: number }>();
  for (const { reason, alerts, duplicatePossible } of posts)
    for (const { id, startTime, level, metadata } of alerts) {
      const key = `${reason} ${id} ${metadata?.firedAt ?? startTime} ${reason === "firing" ? level : ""}`;
      const count = times.get(key) ?? { plain: 0, marked: 0 };
      times.set(key, count);
      if (duplicatePossible) count.marked += 1;
      else count.plain += 1;
    }
  return times;
}

function wrongTold(active: readonly Active[]): string[] {
  const lines = [...countTold()].flatMap(([key, { plain }]) => (plain > 1 ? [`told ${plain} times: ${key}`] : []));
  const last = new Map<string, string>();
  for (const { reason, alerts } of posts)
    for (const { id, startTime } of alerts) last.set(`${id} ${startTime}`, reason);
  const firing = new Set(active.map(({ id, startTime }) => `${id} ${startTime}`));
  for (const [name, reason] of last) {
    if (reason !== "resolved" && !firing.has(name)) lines.push(`its end was not told: ${name}`);
    if (reason === "resolved" && firing.has(name)) lines.push(`its end was told, and it fires: ${name}`);
  }
  for (const { id, startTime, cause } of active)
    if (cause === null && !last.has(`${id} ${startTime}`)) lines.push(`it was not told: ${id} ${startTime}`);
  return lines;
}

const times = countTold();
const marked = [...times.values()].reduce((sum, count) => sum + count.marked, 0);
for (const line of wrong) say(line);
const keep = values.keep ?? (wrong.length > 0 ? mkdtempSync(join(tmpdir(), "pulse-faults-")) : null);
if (keep !== null) {
  const named = [
    ...cores.map((core, at) => [`core-${at}`, core] as const),
    ...edges.map((edge, at) => [`edge-${at}`, edge] as const),
  ];
  say(`logs and databases lie in ${keep}`);
  await keepAll(keep, new Map(named), nats, posts);
}
say(`seed ${values.seed}: ${times.size} things told, ${marked} marked; ${wrong.length} wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;
