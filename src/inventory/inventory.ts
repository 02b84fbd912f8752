import { type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import { blankGuest, blankInstance, blankNode, blankStorage, entityFields } from "../model/blank.ts";
import type { DockerHostFacts } from "../model/docker.ts";
import { type Fault, isTransportFault } from "../model/fault.ts";
import { nodeId } from "../model/ids.ts";
import type { Instance } from "../model/instance.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type {
  ClusterSeen,
  DockerSeen,
  Facts,
  Missed,
  NodesSeen,
  Observation,
  ResourcesSeen,
} from "../model/observation.ts";
import {
  allOf,
  applyPatch,
  COLLECTIONS,
  type Collection,
  type Entities,
  entitiesOf,
  indexedPicture,
  type Patch,
  type Picture,
} from "../model/picture.ts";
import { staleAfter } from "../model/stale-after.ts";
import { BackupLinks } from "./backup-links.ts";
import { ageDocker, dismissDocker, doubtDocker, seeDocker } from "./docker.ts";
import { Draft } from "./draft.ts";
import { LISTED, listsOf, Parts } from "./parts.ts";
import { addServer, setServerHealth } from "./servers.ts";
import { UnreadLists } from "./unread.ts";

/** How long an entity that a complete list no longer names is kept, when most of its kind vanish at once: that is rarely true. */
const EXODUS_GRACE: Millis = MINUTE;
/** The clock does not move so far between two calls a second apart. */
const LEAP: Millis = MINUTE;
/** So many entities of a list are a step: some ten milliseconds. */
const TOGETHER = 4000;
/** Of what gives its present numbers. */
const FRESH = { stale: false, fault: null };
/** What does not come and go with an instance. */
const OTHERS: readonly Collection[] = ["dockerHosts", "dockerContainers", "activeAlerts"];
/** The collections made of an instance's resources. */
const RESOURCES = ["nodes", "vms", "containers", "storage"] as const;
type Resource = (typeof RESOURCES)[number];
/** An entity as it will be after this look: where it goes, its facts, and an empty one in case it is new. */
type Incoming = { [C in Resource]: { collection: C; facts: Facts<Entities[C]>; blank: () => Entities[C] } }[Resource];

/**
 * The current picture: merges observations into it, numbers its versions, and says of each step what changed. What is not seen becomes
 * stale, and is removed only when complete lists keep leaving it out. Deterministic: same observations and times, same picture.
 */
export class Inventory {
  readonly picture: Picture = indexedPicture();
  /** How long the last good look at an instance took: silence is measured against cadence and duration. */
  readonly #took = new Map<string, Millis>();
  readonly #absentSince = new Map<string, Instant>();
  readonly #detailedAt = new Map<string, Instant>();
  readonly #parts = new Parts(this.picture);
  readonly #links = new BackupLinks();
  readonly #unread = new UnreadLists(this.picture, this.#parts);
  #startedAt: Instant = 0;
  #agedAt: Instant = 0;

  constructor(instances: readonly WatchedInstance[]) {
    for (const settings of instances) this.admit(settings, 0);
    // Nobody has seen a picture yet: the first one that can be told from another is version 1.
    this.picture.version = 0;
  }

  /** As `apply`, with others in between: a long list is taken in step by step, what is new in it first; each step is a patch of its own. */
  *applying(seen: Observation, together = TOGETHER): Generator<Patch | null> {
    let taken = 0;
    if ("lists" in seen && "part" in seen) {
      const length = Math.max(...Object.values(seen.lists).map(list => list.length));
      for (; taken + together < length && this.picture.instances[seen.instance]; taken += together) {
        const draft = new Draft(this.picture, seen.at + seen.took);
        this.#parts.begin(draft, seen, taken, taken + together);
        yield this.#commit(draft);
      }
    }
    yield this.#apply(seen, taken);
  }

  /** Takes in what a source saw; the patch that leads to the new picture, null when nothing changed or the instance is unknown. */
  apply(seen: Observation): Patch | null {
    return this.#apply(seen, 0);
  }

  /** `taken`: so much of each of its lists has been taken in already. */
  #apply(seen: Observation, taken: number): Patch | null {
    const instance = this.picture.instances[seen.instance];
    // The past changes nothing of the present.
    if (!instance || ("scope" in seen && seen.scope === "past")) return null;
    const draft = new Draft(this.picture, seen.at + seen.took);
    if ("lists" in seen && "part" in seen) this.#parts.see(draft, seen, taken);
    else if ("part" in seen) this.#parts.miss(draft, seen);
    else if (seen.kind === "missed") this.#applyMissed(draft, seen, instance);
    else if (seen.scope === "resources") this.#applyResources(draft, seen, instance);
    else if (seen.scope === "cluster") this.#applyCluster(draft, seen, instance);
    else this.#applyNodes(draft, seen);
    return this.#commit(draft);
  }

  /** Takes in what the agent of a Docker host reports. */
  report(seen: DockerSeen): Patch | null {
    const draft = new Draft(this.picture, seen.at);
    seeDocker(draft, this.picture, seen);
    return this.#commit(draft);
  }

  /** Takes in which alerts fire now, or look different, and which do not fire any more. */
  tell({ changed, removed }: { changed: readonly Alert[]; removed: readonly string[] }, now: Instant): Patch | null {
    const draft = new Draft(this.picture, now);
    for (const alert of changed) {
      const known = this.picture.activeAlerts[alert.id];
      // A patch cannot take a field away: who is no longer acknowledged is another.
      const isOther = known?.acknowledged && !alert.acknowledged;
      if (isOther) draft.remove("activeAlerts", alert.id);
      if (known && !isOther) draft.set("activeAlerts", alert.id, alert);
      else draft.add("activeAlerts", alert);
    }
    for (const id of removed) if (this.picture.activeAlerts[id]) draft.remove("activeAlerts", id);
    return this.#commit(draft);
  }

  /** Docker hosts that an earlier run knew: they have as long to report as if they had just done so. */
  expectHosts(hosts: readonly DockerHostFacts[], now: Instant): void {
    const draft = new Draft(this.picture, now);
    const waiting = { status: "online" as const, stale: true, fault: "No report since Pulse was started" };
    for (const host of hosts) draft.add("dockerHosts", { ...host, ...waiting });
    this.#startedAt = now;
    this.#commit(draft);
  }

  /** A Docker host that is removed; null when there is none of that id. */
  dismissHost(id: string, now: Instant): Patch | null {
    if (!this.picture.dockerHosts[id]) return null;
    const draft = new Draft(this.picture, now);
    dismissDocker(draft, this.picture, id);
    return this.#commit(draft);
  }

  /** An instance that is watched from now on, or with other settings than before. */
  admit(settings: WatchedInstance, now: Instant): Patch | null {
    const draft = new Draft(this.picture, now);
    const blank = blankInstance(settings);
    const { name, host, interval, endpoints } = blank;
    if (this.picture.instances[blank.id]) draft.set("instances", blank.id, { name, host, interval, endpoints });
    else {
      draft.add("instances", blank);
      addServer(draft, settings);
    }
    return this.#commit(draft);
  }

  /** An instance that is watched no longer goes with everything in it. */
  dismiss(instance: string, now: Instant): Patch | null {
    const draft = new Draft(this.picture, now);
    this.#parts.forget(draft, new Set([instance]));
    for (const collection of COLLECTIONS)
      for (const entity of OTHERS.includes(collection) ? [] : allOf(this.picture, collection)) {
        if (("instance" in entity ? entity.instance : entity.id) !== instance) continue;
        draft.remove(collection, entity.id);
        this.#absentSince.delete(entity.id);
        this.#detailedAt.delete(entity.id);
      }
    this.#took.delete(instance);
    return this.#commit(draft);
  }

  /** Nobody knows any more whether what was seen is so: all of it is stale until it is seen again. */
  doubt(now: Instant): Patch | null {
    const draft = new Draft(this.picture, now);
    for (const instance of allOf(this.picture, "instances")) {
      draft.set("instances", instance.id, { status: "connecting" });
      this.#applySilence(draft, instance, null);
    }
    doubtDocker(draft, this.picture);
    return this.#commit(draft);
  }

  /** Marks stale what has not been seen for too long by `now`. To be called every second or so: silence makes no observation. */
  age(now: Instant): Patch | null {
    // The clock leapt, or the machine slept: nobody could hear anybody meanwhile.
    if (this.#agedAt > 0 && Math.abs(now - this.#agedAt) > LEAP) this.#startedAt = now;
    this.#agedAt = now;
    const draft = new Draft(this.picture, now);
    for (const instance of allOf(this.picture, "instances"))
      if (this.#isSilent(instance, now)) {
        draft.set("instances", instance.id, { status: silentStatus(instance.fault) });
        this.#applySilence(draft, instance, instance.fault);
      }
    this.#parts.age(draft, now);
    ageDocker(draft, this.picture, now, this.#startedAt);
    this.#links.relink(draft, this.picture);
    this.#unread.tell(draft);
    return this.#commit(draft);
  }

  #commit(draft: Draft): Patch | null {
    const patch = draft.patch();
    if (patch) {
      applyPatch(this.picture, patch);
      this.#links.follow(patch);
      this.#unread.follow(patch);
    }
    return patch;
  }

  #applyResources(draft: Draft, seen: ResourcesSeen, instance: Instance): void {
    this.#took.set(instance.id, seen.took);
    draft.set("instances", instance.id, {
      status: "online",
      endpoints: seen.endpoints,
      lastSeen: seen.at,
      lastAttempt: seen.at,
      interval: seen.interval,
      took: seen.took,
      fault: null,
    });
    const incoming = toIncoming(seen, { ...instance, endpoints: seen.endpoints });
    const likely = new LikelyKnown(this.picture, instance.id);
    for (const entity of incoming) this.#merge(draft, entity, likely.find(entity.collection, entity.facts.id), seen.at);
    if (!likely.wereAllFound) this.#applyAbsence(draft, seen, listedBy(incoming));
    for (const collection of RESOURCES) draft.seen(collection, instance.id, seen.at);
    for (const collection of listsOf(seen.lists ?? {}))
      this.#parts.replace(draft, collection, instance.id, seen.lists ?? {}, seen.at);
  }

  #merge<C extends Resource>(
    draft: Draft,
    { collection, facts, blank }: { collection: C; facts: Facts<Entities[C]>; blank: () => Entities[C] },
    known: Entities[C] | undefined,
    at: Instant,
  ): void {
    if (this.#absentSince.size > 0) this.#absentSince.delete(facts.id);
    const fault = facts.withheld ?? null;
    const freshness = (fault === null ? FRESH : { stale: true, fault }) as Partial<Entities[C]>;
    if (known) draft.change(collection, known, facts as unknown as Partial<Entities[C]>, freshness);
    else draft.add(collection, { ...blank(), ...entityFields(facts), ...freshness, lastSeen: fault === null ? at : 0 });
  }

  /** What a complete list leaves out is stale at once, and goes when the next look does not have it either. */
  #applyAbsence(draft: Draft, seen: ResourcesSeen, listed: Listing): void {
    const gone = new Set<string>();
    for (const collection of RESOURCES) {
      const known: Entities[Resource][] = entitiesOf(this.picture, collection, seen.instance);
      const absent = known.filter(entity => !listed[collection].has(entity.id));
      const exodus = absent.length > 2 && absent.length > known.length / 2;
      const grace = exodus ? EXODUS_GRACE : seen.interval / 2;
      for (const { id } of absent) {
        const since = this.#absentSince.get(id) ?? seen.at;
        this.#absentSince.set(id, since);
        if (isPlaceholder(id, seen.instance) || listedElsewhere(listed, id) || seen.at - since > grace) {
          draft.remove(collection, id);
          if (listedElsewhere(listed, id)) continue;
          this.#absentSince.delete(id);
          this.#detailedAt.delete(id);
          gone.add(id);
        } else draft.set(collection, id, { stale: true, fault: `"${seen.instance}" no longer lists it` });
      }
    }
    this.#parts.forget(draft, gone);
  }

  #applyCluster(draft: Draft, seen: ClusterSeen, instance: Instance): void {
    const { clusterName, quorate, ha, version, endpoints } = seen;
    draft.set("instances", instance.id, { clusterName, quorate, ha, version, endpoints });
    const housed = { ...instance, endpoints };
    for (const { id, node, host } of this.#nodesOf(instance.id))
      draft.set("nodes", id, {
        clusterName,
        isClusterMember: clusterName !== null,
        host: homeOf(node, housed) ?? host,
      });
  }

  #applyNodes(draft: Draft, seen: NodesSeen): void {
    for (const facts of seen.nodes) {
      this.#detailedAt.set(facts.id, seen.at);
      draft.set("nodes", facts.id, entityFields(facts));
    }
    this.#dropOldDetails(draft, seen);
  }

  /** A load average of long ago is no load average; kernel and processor stay what they were. */
  #dropOldDetails(draft: Draft, look: NodesSeen | Missed): void {
    for (const node of this.#nodesOf(look.instance))
      if (look.at - (this.#detailedAt.get(node.id) ?? look.at) > 3 * look.interval)
        draft.set("nodes", node.id, { loadAverage: null });
  }

  /** Only looks at the resources say whether an instance is well: one failing call of a living API is no outage. */
  #applyMissed(draft: Draft, missed: Missed, instance: Instance): void {
    if (missed.scope === "nodes") this.#dropOldDetails(draft, missed);
    if (missed.scope !== "resources") return;
    const { fault, endpoints } = missed;
    const now = missed.at + missed.took;
    const silent = instance.lastSeen === 0 || this.#isSilent(instance, now);
    draft.set("instances", instance.id, {
      status: silent ? silentStatus(fault) : "degraded",
      endpoints,
      lastAttempt: missed.at,
      took: missed.took,
      fault,
    });
    if (silent) this.#applySilence(draft, instance, fault);
    else setServerHealth(draft, this.picture, instance, false);
    if (instance.lastSeen === 0 && instance.type === "pve") this.#addPlaceholder(draft, instance, fault);
  }

  /** Silent: for longer than three planned looks and the time one takes, counted from the start of the last good one. */
  #isSilent(instance: Instance, now: Instant): boolean {
    if (instance.lastSeen === 0) return false;
    // The clock was set back: nobody knows how old that is.
    if (instance.lastSeen > now + LEAP) return true;
    return now - instance.lastSeen > staleAfter(instance.interval, this.#took.get(instance.id) ?? 0);
  }

  /**
   * All of an instance is stale. When the line itself is dead, its nodes count as offline and what was running there as unknown, as the
   * cluster itself would say of a dead node.
   */
  #applySilence(draft: Draft, instance: Instance, fault: Fault | null): void {
    const dead = silentStatus(fault) === "offline";
    const stale = {
      stale: true,
      fault: fault?.message ?? `No complete answer from "${new URL(instance.host).host}" yet`,
    };
    for (const node of this.#nodesOf(instance.id))
      draft.set("nodes", node.id, {
        ...stale,
        connectionHealth: dead || node.status !== "online" ? "error" : "degraded",
        ...(dead ? { status: "offline" as const } : {}),
      });
    for (const collection of ["vms", "containers"] as const)
      for (const guest of entitiesOf(this.picture, collection, instance.id))
        draft.set(collection, guest.id, { ...stale, ...(dead && !guest.template ? { status: "unknown" } : {}) });
    for (const storage of entitiesOf(this.picture, "storage", instance.id)) draft.set("storage", storage.id, stale);
    for (const collection of LISTED)
      for (const { id } of entitiesOf(this.picture, collection, instance.id)) draft.set(collection, id, stale);
    setServerHealth(draft, this.picture, instance, dead);
  }

  /** An instance that has not been reached since the start is listed all the same, as an offline node of its own name. */
  #addPlaceholder(draft: Draft, { id: instance, host }: Instance, fault: Fault): void {
    const id = nodeId(instance, PLACEHOLDER);
    const status: "offline" | "unknown" = isTransportFault(fault.kind) ? "offline" : "unknown";
    const fields = { status, stale: true, fault: fault.message };
    if (this.picture.nodes[id]) draft.set("nodes", id, fields);
    else draft.add("nodes", { ...blankNode({ id, node: instance, host }, instance), ...fields });
  }

  #nodesOf(instance: string) {
    return entitiesOf(this.picture, "nodes", instance);
  }
}

/** Finds what is known of what a look names: a server names it in the same order each time, so it stands where the last one ended. */
class LikelyKnown {
  readonly #picture: Picture;
  readonly #lists: { readonly [C in Resource]: readonly Entities[C][] };
  readonly #next = { nodes: 0, vms: 0, containers: 0, storage: 0 };

  constructor(picture: Picture, instance: string) {
    this.#picture = picture;
    const of = <C extends Resource>(collection: C) => entitiesOf(picture, collection, instance);
    this.#lists = { nodes: of("nodes"), vms: of("vms"), containers: of("containers"), storage: of("storage") };
  }

  find<C extends Resource>(collection: C, id: string): Entities[C] | undefined {
    const likely = this.#lists[collection][this.#next[collection]];
    if (likely?.id !== id) return this.#picture[collection][id] as Entities[C] | undefined;
    this.#next[collection] += 1;
    return likely;
  }

  /** Nothing is known that was not named, and no more need be looked for. */
  get wereAllFound(): boolean {
    return RESOURCES.every(collection => this.#next[collection] === this.#lists[collection].length);
  }
}

/** What an instance that has been silent for too long is: offline only by the evidence of the line. */
function silentStatus(fault: Fault | null): "offline" | "degraded" {
  return fault !== null && isTransportFault(fault.kind) ? "offline" : "degraded";
}

/** Where a node's own API and UI are: the member's address, or the configured one when that stands alone. */
function homeOf(node: string | undefined, { endpoints, host, clusterName }: Instance): string | null {
  const endpoint = endpoints.find(other => other.node === node);
  return endpoint?.url ?? (endpoints.length === 1 && clusterName === null ? host : null);
}

/** No node is called so: a host name has no "*". */
const PLACEHOLDER = "*";

function isPlaceholder(id: string, instance: string): boolean {
  return id === nodeId(instance, PLACEHOLDER);
}

/** A vmid that was a VM and is a container now. */
function listedElsewhere({ vms, containers }: Listing, id: string): boolean {
  return vms.has(id) || containers.has(id);
}

/** The ids that a look names, by collection. */
type Listing = { readonly [C in Resource]: ReadonlySet<string> };

function listedBy(incoming: readonly Incoming[]): Listing {
  const listed = {
    nodes: new Set<string>(),
    vms: new Set<string>(),
    containers: new Set<string>(),
    storage: new Set<string>(),
  };
  for (const { collection, facts } of incoming) listed[collection].add(facts.id);
  return listed;
}

function toIncoming(seen: ResourcesSeen, instance: Instance): Incoming[] {
  const { clusterName } = instance;
  const health = (facts: ResourcesSeen["nodes"][number]) => (facts.status === "online" ? "healthy" : "error");
  const nodes = seen.nodes.map((facts): Incoming => {
    const host = homeOf(facts.node, instance);
    const home = host === null ? {} : { host };
    const fields = {
      ...facts,
      ...home,
      connectionHealth: health(facts),
      clusterName,
      isClusterMember: clusterName !== null,
    };
    return { collection: "nodes", facts: fields, blank: () => blankNode(facts, instance.id) };
  });
  const guests = seen.guests.map((facts): Incoming => {
    const collection: "vms" | "containers" = facts.type === "lxc" ? "containers" : "vms";
    return { collection, facts, blank: () => blankGuest(facts, instance.id) };
  });
  const storages = seen.storages.map(
    (facts): Incoming => ({ collection: "storage", facts, blank: () => blankStorage(facts, instance.id) }),
  );
  return [...nodes, ...guests, ...storages];
}
