import { systemClock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import { openAdmin } from "./admin.ts";
import { DockerHosts } from "./docker-hosts.ts";
import type { Fault, FaultEntry } from "./fault.ts";
import { FaultBook } from "./fault-book.ts";
import { Instance } from "./instance.ts";
import { Listener } from "./listener.ts";
import type { Credentials, Machine, Product } from "./machine.ts";
import type { EstateOptions } from "./options.ts";
import { planBackupServer } from "./pbs-plan.ts";
import { BackupServer } from "./pbs-server.ts";
import { planEstate } from "./plan.ts";
import { planGateway } from "./pmg-plan.ts";
import { MailGateway } from "./pmg-server.ts";
import { RequestCounter } from "./request-counter.ts";

/** What one needs to know to watch an instance. */
export interface InstanceInfo extends Credentials {
  type: Product;
  name: string;
  endpoints: readonly { node: string; url: string /** As of now: a fault may change it. */; fingerprint: string }[];
}

/** Causes trouble. Each method resolves when the sockets have followed. */
export interface Faults {
  /** In force from now on, returns its id. Rejects with UnknownFault when it concerns nothing that the estate has. */
  cause(fault: Fault): Promise<string>;
  /** Ends one fault, or all of them. */
  clear(id?: string): Promise<void>;
  /** Those in force. */
  list(): readonly FaultEntry[];
  /** Resolves when the sockets have followed what passed by itself as the clock moved on. */
  settled(): Promise<void>;
}

/** A simulated estate behind real sockets. */
export interface Estate extends AsyncDisposable {
  readonly instances: readonly InstanceInfo[];
  /** Plain HTTP on loopback; see `openAdmin`. */
  readonly adminUrl: string;
  readonly faults: Faults;
  readonly requests: RequestCounter;
  /** They report nowhere until they are told where. */
  readonly docker: DockerHosts;
}

/** Starts all nodes; resolves when everything listens. Throws RangeError when the options make no sense. */
export async function openEstate(options: EstateOptions): Promise<Estate> {
  const { clock = systemClock, tick = 10 * SECOND, adminPort = 0 } = options;
  const many = (options.loopback ?? (process.platform === "linux" ? "many" : "one")) === "many";
  const plans = planEstate(options);
  const servers = (options.backupServers ?? []).map(server => planBackupServer(options.seed, server, plans));
  const gateways = (options.mailGateways ?? []).map(gateway => planGateway(options.seed, gateway));
  const docker = new DockerHosts({
    seed: options.seed,
    count: options.dockerHosts ?? 0,
    containers: options.dockerContainers ?? null,
    clock,
    interval: tick,
    book: () => book,
  });
  const book = new FaultBook([...plans, ...servers, ...gateways], clock, docker.plans);
  const requests = new RequestCounter();
  const common = { seed: options.seed, clock, book, tick };
  const clusters = plans.map(plan => new Instance(plan, options.seed, clock, book, tick, many));
  const instances: Machine[] = [
    ...clusters,
    ...servers.map(plan => new BackupServer(plan, common, clusters)),
    ...gateways.map(plan => new MailGateway(plan, common)),
  ];
  await using stack = new AsyncDisposableStack();
  const listeners: Listener[] = [];
  for (const [index, instance] of instances.entries())
    listeners.push(...(await openNodes(instance, index, many, options, requests, stack)));
  const stop = new AbortController();
  const faults = openFaults(book, listeners, options, stop.signal);
  stack.use(docker);
  const open = { instances: instances.map(toInfo), faults, requests, docker };
  const admin = stack.use(await openAdmin(open, adminPort));
  stack.defer(() => stop.abort());
  const resources = stack.move();
  return { ...open, adminUrl: admin.url, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

function openFaults(
  book: FaultBook,
  listeners: readonly Listener[],
  options: EstateOptions,
  stop: AbortSignal,
): Faults {
  const { clock = systemClock } = options;
  let following = Promise.resolve();
  const follow = () => {
    following = following.then(async () => {
      if (!stop.aborted) await Promise.all(listeners.map(listener => listener.follow()));
    });
    return following;
  };
  return {
    async cause(fault) {
      const id = book.add(fault);
      await follow();
      if (fault.lasts !== undefined) void clock.sleep(fault.lasts, stop).then(follow);
      return id;
    },
    async clear(id) {
      book.clear(id);
      await follow();
    },
    list: () => book.activeAt(clock.now()),
    settled: () => follow(),
  };
}

function toInfo(instance: Machine): InstanceInfo {
  const { product, name, nodes, credentials, addresses } = instance;
  return {
    type: product,
    name,
    endpoints: nodes.map(node => {
      const address = addresses.get(node);
      const url = `https://${address?.ip}:${address?.port}`;
      return {
        node,
        url,
        get fingerprint() {
          return instance.certificateOf(node).fingerprint;
        },
      };
    }),
    ...credentials,
  };
}

/** How often a port is looked for that is free on all addresses of a cluster. */
const MOST_ATTEMPTS = 20;

/**
 * Members of a cluster listen on one port: a client derives a member's address from the `ip` in `/cluster/status` and the port it knows.
 * What listens is closed with `stack`.
 */
async function openNodes(
  instance: Machine,
  index: number,
  many: boolean,
  options: EstateOptions,
  counter: RequestCounter,
  stack: AsyncDisposableStack,
): Promise<Listener[]> {
  const { latency = 0, authDelay = 0 } = options;
  const listeners = instance.nodes.map((node, number) => {
    const ip = many ? toIp(index, number) : "127.0.0.1";
    instance.addresses.set(node, { ip, port: 0 });
    return new Listener({ instance, node, ip, latency, authDelay, counter });
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await listenAll(listeners, many, instance);
      break;
    } catch (error) {
      await Promise.all(listeners.map(listener => listener.close()));
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || attempt === MOST_ATTEMPTS) throw error;
    }
  }
  for (const listener of listeners) stack.use(listener);
  return listeners;
}

async function listenAll(listeners: readonly Listener[], many: boolean, { addresses, nodes }: Machine): Promise<void> {
  let port = 0;
  for (const [number, name] of nodes.entries()) {
    const opened = await listeners[number]?.listen(port);
    if (opened === undefined) continue;
    addresses.set(name, { ip: addresses.get(name)?.ip ?? "127.0.0.1", port: opened });
    if (many) port = opened;
  }
}

/** 127.80.0.1, 127.80.0.2… for the first instance, 127.81.0.1… for the second. */
function toIp(instance: number, node: number): string {
  return `127.${80 + (instance % 150)}.${Math.floor(node / 250) + 4 * Math.floor(instance / 150)}.${(node % 250) + 1}`;
}
