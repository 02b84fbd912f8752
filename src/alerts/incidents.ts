import { equal } from "../kit/equal.ts";
import { MINUTE, type Millis } from "../kit/units.ts";
import type { Alert, ResourceType } from "../model/alert.ts";
import { alertId, dockerHostOf, dockerPart, nodeId, storageId, zfsPoolId } from "../model/ids.ts";
import type { Picture } from "../model/picture.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import type { Event } from "./pass.ts";

/** What failed seconds before its node was given up failed with it; what was bad long before is a matter of its own. */
const BEFORE: Millis = 5 * MINUTE;
/** What goes wrong with the same thing this soon after is the same trouble. */
const AFTER: Millis = 10 * MINUTE;
const MOST_NAMED = 100;
/** What a node takes with it gets so long to come back by itself, once the node has. */
const LEAST_ALONE: Millis = MINUTE;

/** The alert of a resource that stands for whatever else is wrong with that very resource. */
const OWN: { readonly [R in ResourceType]?: string } = {
  node: "offline",
  pbs: "offline",
  pmg: "offline",
  "docker-host": "offline",
  storage: "storage-inactive",
  datastore: "datastore-unavailable",
  "zfs-pool": "zfs-state",
  ceph: "ceph-health",
};
/** The alerts by which something is gone with all that is on it. */
const OUTAGES: ReadonlySet<string> = new Set(["unreachable", "offline"]);

/** Whether an alert may carry others. */
export function isRoot({ resourceType, type }: Pick<Entry, "resourceType" | "type">): boolean {
  return type === "unreachable" || OWN[resourceType] === type;
}

type Placed = Pick<Alert, "resourceId" | "resourceType" | "instance" | "node" | "type">;

/** The ids of the alerts that could carry one, the furthest up first. `storages`: those that a guest's disks lie on. */
function carriersOf({ resourceId, resourceType, instance, node, type }: Placed, storages: readonly string[]): string[] {
  const carriers: string[] = [];
  if (instance !== "") carriers.push(alertId(instance, "unreachable"), alertId(instance, "offline"));
  if (instance !== "" && node !== "") carriers.push(alertId(nodeId(instance, node), "offline"));
  if (resourceType === "docker-container") {
    const host = dockerHostOf(resourceId);
    carriers.push(alertId(host, "offline"), alertId(dockerPart(host), "offline"));
  }
  for (const storage of storages) {
    carriers.push(alertId(storageId(instance, storage, null), "storage-inactive"));
    carriers.push(alertId(storageId(instance, storage, node), "storage-inactive"));
  }
  const own = OWN[resourceType];
  if (own !== undefined && own !== type) carriers.push(alertId(resourceId, own));
  return carriers.filter(id => id !== alertId(resourceId, type));
}

/** The alert that carries `entry`, of those that fire; null: it stands for itself. */
function causeOf(entry: Entry, roots: ReadonlyMap<string, Entry>, { vms, containers }: Picture): Entry | null {
  if (entry.alert === null || entry.state.phase !== "firing") return null;
  const { since } = entry.state;
  const guest = entry.resourceType === "guest" ? (vms[entry.resourceId] ?? containers[entry.resourceId]) : undefined;
  for (const id of carriersOf(entry.alert, guest?.storages ?? [])) {
    const root = roots.get(id);
    if (!root || root === entry || root.state.phase !== "firing") continue;
    if (entry.cause === id) return root;
    const after = since - root.state.since;
    if (after >= -BEFORE && (OUTAGES.has(root.type) || after <= AFTER)) return root;
  }
  return null;
}

/**
 * Puts every alert that fires under the one that carries it, and every root in charge of what lies on it. What was carried and still is so
 * when its root is over speaks for itself once it has had as long as any to come back: those are returned. `pass`: the pass's number.
 */
export function joinIncidents(entries: Entries, picture: Picture, pass: number, step: Millis): Event[] {
  const released: Event[] = [];
  const topology = new Topology(picture);
  for (const entry of entries) {
    if (entry.state.phase !== "firing" || (entries.roots.size === 0 && entry.cause === null)) continue;
    const root = causeOf(entry, entries.roots, picture);
    if (root !== null) {
      entry.alone = 0;
      setCause(entry, root.id, entries);
    } else if (entry.cause !== null && entry.judged === pass) {
      entry.alone += step;
      if (entry.alone < Math.max(LEAST_ALONE, Number(entry.alert?.metadata.hold ?? 0) * 1000)) continue;
      setCause(entry, null, entries);
      released.push({ entry, kind: "released", reason: "What it came of is over, and it still is so" });
    }
  }
  for (const root of entries.roots.values()) setCovers(root, topology.covers(root), entries);
  // Entries stand in the order in which they began, or were loaded: what happens must not depend on that.
  return released.sort((one, other) => (one.entry.id < other.entry.id ? -1 : 1));
}

function setCause(entry: Entry, cause: string | null, entries: Entries): void {
  if (entry.cause === cause || entry.alert === null) return;
  Object.assign(entry, { cause, unsaved: true, alert: { ...entry.alert, cause } });
  entries.show(entry);
}

function setCovers(root: Entry, { covers, coversCount }: Covers, entries: Entries): void {
  if (root.alert === null || (root.alert.coversCount === coversCount && equal(root.alert.covers, covers))) return;
  root.alert = { ...root.alert, covers, coversCount };
  entries.show(root);
}

type Covers = Pick<Alert, "covers" | "coversCount">;

/** Everything that lies on what is gone, by the picture's topology, whether or not any of it has an alert. */
class Topology {
  readonly #picture: Picture;
  #byNode: Map<string, Alert["covers"]> | null = null;
  #byInstance: Map<string, Alert["covers"]> | null = null;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  /** What the alert of a root speaks for. */
  covers({ resourceType, resourceId, type }: Pick<Entry, "resourceType" | "resourceId" | "type">): Covers {
    if (!OUTAGES.has(type) && type !== "storage-inactive") return { covers: [], coversCount: 0 };
    const all = this.#on(resourceType, resourceId);
    return { covers: all.slice(0, MOST_NAMED), coversCount: all.length };
  }

  #on(resourceType: ResourceType, id: string): Alert["covers"] {
    const { pbs, dockerContainers } = this.#picture;
    if (resourceType === "instance") return this.#ofInstances().get(id) ?? [];
    if (resourceType === "node") return this.#ofNodes().get(id) ?? [];
    if (resourceType === "storage") return this.#usersOf(id);
    if (resourceType === "pbs") return pbs[id]?.datastores.map(({ id, name }) => ({ resourceId: id, name })) ?? [];
    if (resourceType === "docker-host")
      return Object.values(dockerContainers)
        .filter(({ hostId }) => hostId === id || dockerPart(hostId) === id)
        .map(({ id, name }) => ({ resourceId: id, name }));
    return [];
  }

  /** The guests whose disks lie on a storage. */
  #usersOf(id: string): Alert["covers"] {
    const storage = this.#picture.storage[id];
    return this.#guests()
      .filter(
        ({ instance, node, storages }) =>
          instance === storage?.instance &&
          (storage.shared || node === storage.node) &&
          storages?.includes(storage.storage),
      )
      .map(({ id, name }) => ({ resourceId: id, name }));
  }

  #ofInstances(): Map<string, Alert["covers"]> {
    if (this.#byInstance) return this.#byInstance;
    const { nodes, storage } = this.#picture;
    const real = Object.values(nodes).filter(({ id, instance }) => id !== nodeId(instance, "*"));
    this.#byInstance = gather([
      ...real.map(({ id, displayName, instance }) => [instance, id, displayName] as const),
      ...this.#guests().map(({ id, name, instance }) => [instance, id, name] as const),
      ...Object.values(storage).map(({ id, storage: name, instance }) => [instance, id, name] as const),
    ]);
    return this.#byInstance;
  }

  #ofNodes(): Map<string, Alert["covers"]> {
    if (this.#byNode) return this.#byNode;
    const { nodes, storage, physicalDisks } = this.#picture;
    this.#byNode = gather([
      ...this.#guests().map(({ id, name, instance, node }) => [nodeId(instance, node), id, name] as const),
      ...Object.values(storage)
        .filter(({ shared }) => !shared)
        .map(({ id, storage: name, instance, node }) => [nodeId(instance, node), id, name] as const),
      ...Object.values(nodes).flatMap(({ id, instance, node, zfsPools }) =>
        (zfsPools ?? []).map(({ name }) => [id, zfsPoolId(instance, node, name), name] as const),
      ),
      ...Object.values(physicalDisks).map(
        ({ id, devPath, instance, node }) => [nodeId(instance, node), id, devPath] as const,
      ),
    ]);
    return this.#byNode;
  }

  #guests() {
    const { vms, containers } = this.#picture;
    return [...Object.values(vms), ...Object.values(containers)].filter(({ template }) => !template);
  }
}

function gather(
  rows: readonly (readonly [carrier: string, resourceId: string, name: string])[],
): Map<string, Alert["covers"]> {
  const found = new Map<string, Alert["covers"]>();
  for (const [carrier, resourceId, name] of rows) {
    const known = found.get(carrier);
    if (known) known.push({ resourceId, name });
    else found.set(carrier, [{ resourceId, name }]);
  }
  return found;
}
