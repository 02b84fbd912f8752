import { setImmediate as otherWork } from "node:timers/promises";
import type { Clock } from "../../kit/clock.ts";
import { every } from "../../kit/every.ts";
import { DAY, type Instant, MINUTE, type Millis, round, SECOND } from "../../kit/units.ts";
import type { FaultKind } from "../../model/fault.ts";
import type { Instance } from "../../model/instance.ts";
import type { Gap, Member, WatchedInstance } from "../../model/instance-settings.ts";
import type { Node } from "../../model/node.ts";
import type { Facts, Observation, Scope } from "../../model/observation.ts";
import type { SourceReport } from "../../model/source-report.ts";
import { staleAfter } from "../../model/stale-after.ts";
import { inTurns } from "../in-turns.ts";
import { LookLog } from "../look-log.ts";
import { ProxmoxClient } from "../proxmox/client.ts";
import { RateMeter } from "../rates.ts";
import { LookFailed, type Observe, type Source, toFailure } from "../source.ts";
import { memberUrl, sameMembers, toClusterStatus, toFingerprint, toVersion } from "./cluster-status.ts";
import { unlessBug } from "./errands.ts";
import { toHaStatus } from "./ha-status.ts";
import { toNodeMemory, toNodeStatus } from "./node-status.ts";
import { toResources } from "./resources.ts";
import { Rounds } from "./rounds.ts";

const NODES_INTERVAL: Millis = 30 * SECOND;
/** pvestatd moves the counters every 10 s; one that stands still for longer than two and a half turns is idle. */
const STANDSTILL: Millis = 25 * SECOND;
const CLUSTER_INTERVAL: Millis = MINUTE;
/** A node has about three worker processes; we leave it room for its own users. */
const NODES_AT_ONCE = 3;
/** Fingerprints of members are asked anew that often: certificates are renewed. */
const FINGERPRINT_LIFE: Millis = DAY;
/** After a refused sign-in the pauses double up to this, so that a wrong password does not lock the account. */
const LONGEST_PAUSE: Millis = 5 * MINUTE;

export interface PveSourceOptions {
  settings: WatchedInstance;
  clock: Clock;
  /** Members known from an earlier run. */
  members: readonly Member[];
  /** Called when the cluster's members have changed, to be remembered for the next start. */
  remember: (members: readonly Member[]) => void;
  deadline?: Millis;
  /** Whether the past of a resource has been asked for already; without this, none is asked for. */
  isPastKnown?: (resource: string) => boolean;
  /** Until when an earlier run kept history; null: none did. */
  keptUntil?: Instant | null;
  /** What an earlier run missed and did not get to ask for. */
  gap?: Gap | null;
  /** Called with what was missed and is still to be asked for; null: nothing. */
  rememberGap?: (gap: Gap | null) => void;
}

/** What one look yields beside the facts common to all looks. */
type Findings<O extends Observation = Observation> = O extends { kind: "seen" }
  ? Omit<O, "kind" | "instance" | "at" | "took" | "interval">
  : never;

/**
 * One Proxmox VE cluster or standalone host. Three scopes, each with its own cadence, none waiting for another: the resources (one call
 * for the whole cluster), the cluster itself, and what only the nodes know (a call a node). Everything else is gathered on rounds.
 */
export class PveSource implements Source {
  readonly #options: PveSourceOptions;
  readonly #client: ProxmoxClient;
  readonly #meter = new RateMeter(STANDSTILL);
  readonly #log = new LookLog();
  readonly #rounds: Rounds;
  /** The nodes that were online at the last look: the others are not asked. */
  #online: readonly string[] = [];
  /** Start of the last good look at the resources, also of an earlier run. */
  #heardAt: Instant | null;
  /** For so long what was seen then counts. */
  #freshFor: Millis;
  #members: readonly Member[];
  readonly #fingerprints = new Map<string, { value: string | null; at: Instant }>();
  /** Resolves when the first look at the resources has ended, good or not: only then it is known which nodes there are. */
  readonly #firstLook = Promise.withResolvers<void>();

  constructor(options: PveSourceOptions) {
    this.#options = options;
    this.#members = options.members;
    this.#heardAt = options.keptUntil ?? null;
    this.#freshFor = staleAfter(options.settings.interval, 0);
    this.#client = new ProxmoxClient(options);
    this.#rounds = new Rounds(
      {
        instance: options.settings.name,
        clock: options.clock,
        ask: (path, node, signal, deadline) =>
          this.#client.get(path, signal, { tries: 1, near: node, slow: true, ...(deadline ? { deadline } : {}) }),
        placeOf: node => this.#client.via(node),
      },
      this.#log,
      options.isPastKnown ?? (() => true),
      { unfilled: options.gap ?? null, remember: options.rememberGap ?? (() => {}) },
    );
  }

  async run(observe: Observe, signal: AbortSignal): Promise<void> {
    const { interval } = this.#options.settings;
    await using client = this.#client;
    void client;
    await Promise.all([
      this.#loop("resources", interval, at => this.#lookAtResources(at, signal), observe, signal),
      this.#loop("cluster", CLUSTER_INTERVAL, () => this.#lookAtCluster(signal), observe, signal),
      this.#loop("nodes", NODES_INTERVAL, () => this.#lookAtNodes(signal), observe, signal),
      this.#rounds.run(observe, signal),
    ]);
  }

  report(): SourceReport {
    const instance = this.#options.settings.name;
    const callsLastMinute = this.#client.calls.lastMinute(this.#options.clock.now());
    return { instance, callsLastMinute, stretch: round(this.#rounds.stretch, 2), scopes: this.#log.report() };
  }

  async #loop(
    scope: Scope,
    interval: Millis,
    look: (at: Instant) => Promise<Findings>,
    observe: Observe,
    signal: AbortSignal,
  ): Promise<void> {
    let refusals = 0;
    let planned = interval;
    const pause = () => (refusals === 0 ? planned : Math.min(LONGEST_PAUSE, interval * 2 ** Math.min(refusals, 10)));
    const task = async (at: Instant) => {
      const seen = await this.#observation(scope, interval, at, look);
      refusals = seen.kind === "missed" && needsOperator(seen.fault.kind) ? refusals + 1 : 0;
      planned = seen.interval;
      const fault = seen.kind === "missed" ? seen.fault : null;
      this.#log.note({ scope, part: "", at, took: seen.took, interval: pause(), fault });
      if (!signal.aborted) observe(seen);
      if (scope === "resources") this.#firstLook.resolve();
    };
    await every(pause, task, this.#options.clock, signal);
  }

  /** The one place where a failed look becomes a value. */
  async #observation(
    scope: Scope,
    interval: Millis,
    at: Instant,
    look: (at: Instant) => Promise<Findings>,
  ): Promise<Observation> {
    const instance = this.#options.settings.name;
    const took = () => this.#options.clock.now() - at;
    try {
      const findings = await look(at);
      const planned = { took: took(), interval: restful(interval, took()) };
      if (scope === "resources") this.#freshFor = staleAfter(planned.interval, planned.took);
      return { kind: "seen", instance, at, ...planned, ...findings };
    } catch (error) {
      const { fault } = toFailure(error, instance);
      return {
        kind: "missed",
        instance,
        scope,
        at,
        took: took(),
        interval,
        fault,
        endpoints: this.#client.endpoints(),
      };
    }
  }

  async #lookAtResources(at: Instant, signal: AbortSignal): Promise<Findings> {
    this.#rounds.hold();
    const data = await this.#client.get("/cluster/resources", signal);
    // NOTE: of thousands of guests each of these takes as long as anything may hold up a reader: others have their turns in between.
    await otherWork();
    const resources = await inTurns(toResources(data, this.#options.settings.name, this.#meter, at));
    await otherWork();
    if (this.#heardAt !== null) this.#rounds.gaps.note(this.#heardAt, at, this.#freshFor);
    this.#heardAt = at;
    const { nodes, guests, storages } = await inTurns(this.#rounds.following(resources, at));
    this.#online = nodes.flatMap(node => (node.status === "online" && node.node ? [node.node] : []));
    await otherWork();
    return { scope: "resources", nodes, guests, storages, endpoints: this.#client.endpoints() };
  }

  async #lookAtCluster(signal: AbortSignal): Promise<Findings> {
    const { settings } = this.#options;
    const status = toClusterStatus(await this.#client.get("/cluster/status", signal), settings.name);
    const version = toVersion(await this.#client.get("/version", signal));
    const reachable = status.members.flatMap(({ node, ip }) =>
      ip === null ? [] : [{ node, url: memberUrl(settings.host, ip) }],
    );
    if (status.clusterName !== null) this.#learn(await this.#withFingerprints(reachable, signal));
    const ha = status.clusterName === null ? null : await this.#readHa(signal);
    await this.#client.probe(signal);
    const { clusterName, quorate } = status;
    return { scope: "cluster", clusterName, quorate, ha, version, endpoints: this.#client.endpoints() };
  }

  async #readHa(signal: AbortSignal): Promise<Instance["ha"]> {
    return toHaStatus(await this.#client.get("/cluster/ha/status/current", signal, { tries: 1 }).catch(unlessBug));
  }

  #learn(members: readonly Member[]): void {
    this.#client.learn(members);
    if (sameMembers(members, this.#members)) return;
    this.#members = members;
    this.#options.remember(members);
  }

  /** Only a pinned instance needs the fingerprints of its members. One that cannot be had now stays as it was. */
  async #withFingerprints(members: readonly { node: string; url: string }[], signal: AbortSignal): Promise<Member[]> {
    if (this.#options.settings.trust.kind !== "fingerprint")
      return members.map(member => ({ ...member, fingerprint: null }));
    const known: Member[] = [];
    for (const member of members) known.push({ ...member, fingerprint: await this.#fingerprint(member.node, signal) });
    return known;
  }

  async #fingerprint(node: string, signal: AbortSignal): Promise<string | null> {
    const now = this.#options.clock.now();
    const kept = this.#fingerprints.get(node);
    if (kept?.value && now - kept.at < FINGERPRINT_LIFE) return kept.value;
    const before = kept?.value ?? this.#members.find(member => member.node === node)?.fingerprint ?? null;
    try {
      const value = toFingerprint(
        await this.#client.get(`/nodes/${encodeURIComponent(node)}/certificates/info`, signal, { tries: 1 }),
      );
      this.#fingerprints.set(node, { value: value ?? before, at: now });
      return value ?? before;
    } catch (error) {
      if (!(error instanceof LookFailed)) throw error;
      return before;
    }
  }

  /** A node that fails is left out; it never hides the others. Only when all fail is the look itself a failure. */
  async #lookAtNodes(signal: AbortSignal): Promise<Findings> {
    await this.#firstLook.promise;
    const instance = this.#options.settings.name;
    const queue = [...this.#online];
    const nodes: Facts<Node>[] = [];
    let fault: LookFailed | null = null;
    const worker = async () => {
      for (let node = queue.shift(); node !== undefined && !signal.aborted; node = queue.shift()) {
        try {
          const data = await this.#client.get(`/nodes/${encodeURIComponent(node)}/status`, signal, { tries: 1 });
          nodes.push(toNodeStatus(data, instance, node));
          this.#rounds.nodes.keepMemory(node, toNodeMemory(data), this.#options.clock.now());
        } catch (error) {
          fault ??= toFailure(error, instance);
        }
      }
    };
    await Promise.all(Array.from({ length: NODES_AT_ONCE }, worker));
    if (fault && nodes.length === 0) throw fault;
    return { scope: "nodes", nodes };
  }
}

/** Trying again soon does not help and may harm: somebody has to correct the settings. */
function needsOperator(kind: FaultKind): boolean {
  return kind === "auth" || kind === "fingerprint" || kind === "tls";
}

/** The time to the next look: a server that is slow gets half an interval's rest after each. */
function restful(interval: Millis, took: Millis): Millis {
  return Math.max(interval, took + interval / 2);
}
