import { isIP } from "node:net";
import type { InstanceDesk, Refusal } from "./http/instance-handlers.ts";
import { doubleOf } from "./instance-doubles.ts";
import type { Clock } from "./kit/clock.ts";
import type { Millis } from "./kit/units.ts";
import { nodeId } from "./model/ids.ts";
import type { Endpoint } from "./model/instance.ts";
import { type InstanceSettings, type Member, PRODUCTS } from "./model/instance-settings.ts";
import type { Picture } from "./model/picture.ts";
import type { Probe } from "./model/probe.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import { BadInput, besides, type InstanceBook, toSettings } from "./settings/instance-book.ts";
import { KeyGone } from "./settings/seal.ts";
import { probe } from "./sources/probe.ts";

export interface InstanceDeskOptions {
  /** Those of pulse.yaml, or of the simulated estate: they cannot be changed here. */
  locked: readonly InstanceSettings[];
  /** null: nothing can be added. */
  book: InstanceBook | null;
  /** The simulated estate is shown. */
  isMock: boolean;
  picture: Picture;
  clock: Clock;
  environment: EnvironmentSettings;
  /** Which ways in are set up. */
  signIn: () => { passwordAuth: boolean; apiToken: boolean };
  /** What is known of the members of an instance's cluster. */
  members: (name: string) => Member[];
  /** For one call of a trial. */
  deadline: () => Millis;
  /** Makes the server watch these settings from now on. */
  begin: (settings: InstanceSettings) => Promise<void>;
  /** Makes the server forget an instance. */
  end: (name: string) => Promise<void>;
}

export interface InstanceWatch {
  /** Watches the instances that `which` names anew; resolves when it does. */
  watchAgain(which: (settings: InstanceSettings) => boolean): Promise<void>;
  /** Whose edges are to watch what is entered with this said, which is empty where there is one site; null: this Pulse watches. */
  siteOf: ((given: string) => string | Refusal) | null;
}

type Configured = ReturnType<InstanceDesk["list"]>[number];

const SIMULATED = "This Pulse shows a simulated estate: nothing can be added to it";

/** Keeps, changes and tries out instances; one change at a time. */
export function openInstanceDesk(options: InstanceDeskOptions): InstanceDesk & InstanceWatch {
  const { locked, book, picture, clock, members, begin, end } = options;
  const all = () => [...locked, ...besides(locked, book?.all ?? [])];
  const double = async (settings: InstanceSettings, others: readonly InstanceSettings[]): Promise<Refusal | null> => {
    const why = doubleOf(settings, await probe(settings, clock, options.deadline()), others, { picture, members });
    return why === null ? null : { refused: "duplicate", message: `host: ${why}` };
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T | Refusal>): Promise<T | Refusal> => {
    const turn = last.then(() => refusing(work));
    last = turn.catch(() => undefined);
    return turn;
  };
  /** The instance to be changed, or why it cannot be. */
  const changeable = (id: string): InstanceSettings | Refusal => {
    const found = all().find(one => one.name === id);
    if (!found) return { refused: "unknown", message: `There is no instance "${id}"` };
    if (!locked.includes(found)) return found;
    return { refused: "locked", message: book ? `"${id}" stands in pulse.yaml; change it there` : SIMULATED };
  };
  return {
    watchAgain: async which => {
      await inTurn(async () => {
        for (const settings of all().filter(which)) await begin(settings);
      });
    },
    list: () => all().map(settings => toConfigured(settings, picture, locked.includes(settings))),
    system: () => toSystem(options),
    add: input =>
      inTurn(async () => {
        if (!book) return { refused: "locked", message: SIMULATED };
        const settings = toSettings(
          input,
          null,
          [...locked, ...book.all].map(({ name }) => name),
        );
        const refused = await double(settings, all());
        if (refused) return refused;
        book.add(settings);
        await begin(settings);
        return { id: settings.name };
      }),
    update: (id, input) =>
      inTurn(async () => {
        const before = changeable(id);
        if ("refused" in before) return before;
        const settings = toSettings(input, before, []);
        const others = all().filter(one => one.name !== id);
        if (settings.host !== before.host) {
          const refused = await double(settings, others);
          if (refused) return refused;
        }
        book?.replace(settings);
        await begin(settings);
        return { id };
      }),
    remove: id =>
      inTurn(async () => {
        const before = changeable(id);
        if ("refused" in before) return before;
        book?.remove(id);
        await end(id);
        return { id };
      }),
    siteOf: null,
    test: (id, input) =>
      refusing(async () => {
        const before = id === null ? null : (all().find(one => one.name === id) ?? null);
        if (id !== null && !before) return { refused: "unknown", message: `There is no instance "${id}"` } as const;
        const settings = toSettings(input, before, []);
        return toTested(settings, await probe(settings, clock, options.deadline()));
      }),
  };
}

/** How the server was started. */
export function toSystem({
  environment: { bindHost, demoMode },
  isMock,
  signIn,
}: Pick<InstanceDeskOptions, "environment" | "isMock" | "signIn">): ReturnType<InstanceDesk["system"]> {
  return { bindHost, mockMode: isMock, demoMode, ...signIn() };
}

export async function refusing<T>(work: () => Promise<T | Refusal>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    return toRefusal(error);
  }
}

/** Throws what is none. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof KeyGone) return { refused: "not-now", message: error.message };
  if (!(error instanceof BadInput)) throw error;
  return { refused: "bad-input", message: error.message };
}

export function toConfigured(settings: InstanceSettings, picture: Picture, isLocked: boolean): Configured {
  const { name, title, type, host, credentials, trust, interval } = settings;
  const seen = picture.instances[name];
  return {
    id: name,
    type,
    name: title ?? name,
    host,
    ...(credentials.kind === "password" ? { user: credentials.user } : { tokenName: credentials.id }),
    hasPassword: credentials.kind === "password",
    hasToken: credentials.kind === "token",
    fingerprint: trust.kind === "fingerprint" ? trust.sha256 : null,
    ca: trust.kind === "ca" ? trust.ca : null,
    verifySSL: trust.kind !== "any",
    interval: interval === null ? null : interval / 1000,
    status: seen?.status === "online" || seen?.status === "degraded" ? "connected" : "disconnected",
    error: seen?.fault?.message ?? null,
    isCluster: (seen?.clusterName ?? null) !== null,
    clusterName: seen?.clusterName ?? null,
    clusterEndpoints: (seen?.endpoints ?? []).flatMap(endpoint => toMember(name, endpoint, picture)),
    locked: isLocked,
  };
}

/** A member of a cluster in the words of older clients; none while it is not known which node is behind the address. */
function toMember(
  instance: string,
  { url, node, fault }: Endpoint,
  { nodes }: Picture,
): Configured["clusterEndpoints"] {
  if (node === null) return [];
  const id = nodeId(instance, node);
  const address = URL.parse(url)?.hostname.replace(/^\[|\]$/g, "") ?? "";
  const lastSeen = nodes[id]?.lastSeen ?? 0;
  return [
    {
      ...{ NodeID: id, NodeName: node, Host: url },
      IP: isIP(address) === 0 ? "" : address,
      Online: fault === null,
      LastSeen: lastSeen === 0 ? "" : new Date(lastSeen).toISOString(),
    },
  ];
}

export function toTested(settings: InstanceSettings, seen: Probe): Awaited<ReturnType<InstanceDesk["test"]>> {
  const { fault, latency, version, cluster, fingerprint } = seen;
  if (fault) return { fault: fault.kind, message: fault.message, fingerprint };
  const product = `${PRODUCTS[settings.type].title}${version ? ` ${version}` : ""}`;
  const nodes = cluster ? `, cluster "${cluster.name}" of ${cluster.nodes.length} nodes` : "";
  return {
    status: "success",
    message: `Connected to ${product}${nodes}`,
    latency,
    version,
    isCluster: cluster !== null,
    clusterName: cluster?.name ?? null,
    nodeCount: cluster?.nodes.length ?? 1,
    fingerprint,
  };
}
