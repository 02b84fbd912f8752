import type { Instant, Millis } from "../kit/units.ts";
import type { DockerContainer, DockerHostFacts } from "./docker.ts";
import type { Fault } from "./fault.ts";
import type { Guest } from "./guest.ts";
import type { Endpoint, Instance } from "./instance.ts";
import type { Node } from "./node.ts";
import type { Aged, Entities } from "./picture.ts";
import type { Storage } from "./storage.ts";

/**
 * What a source can tell about an entity in one look: any of its fields. An absent field says nothing (the last value stands), null
 * says "now unknown" or "now none". How fresh the entity is (`lastSeen`, `stale`, `fault`), and what of it has not been read (`unread`), is
 * the inventory's to say.
 */
export type Facts<T> = { id: string } & Partial<
  Omit<T, "id" | "lastSeen" | "stale" | "fault" | "unread" | "connectionHealth">
> & {
    /** Why the upstream lists the entity but does not give its present numbers, as a sentence: its last ones are then stale. */
    withheld?: string | null;
  };

interface Look {
  instance: string;
  /** When the look began: the data is at least as fresh as that. */
  at: Instant;
  /** How long the look took. */
  took: Millis;
  /** Planned time until the next look of this scope; from it follows when silence means stale. */
  interval: Millis;
}

/** A complete list of an instance's nodes, guests and storages: what it does not name is no longer there. */
export interface ResourcesSeen extends Look {
  kind: "seen";
  scope: "resources";
  nodes: Facts<Node>[];
  guests: Facts<Guest>[];
  storages: Facts<Storage>[];
  endpoints: Endpoint[];
  /** Complete lists whose part is the instance itself. */
  lists?: PartLists;
}

/** Who forms the cluster, and which version answers. */
export interface ClusterSeen extends Look {
  kind: "seen";
  scope: "cluster";
  clusterName: string | null;
  quorate: boolean | null;
  /** null: not in use, or it could not be asked. */
  ha: Instance["ha"];
  version: string | null;
  endpoints: Endpoint[];
}

/** Details that only each node itself can give; nodes that could not be asked are absent. */
export interface NodesSeen extends Look {
  kind: "seen";
  scope: "nodes";
  nodes: Facts<Node>[];
}

/** The collections whose entities come as complete lists of a part. */
export type Listed = Exclude<Aged, "nodes" | "vms" | "containers" | "storage" | Docker>;
/** The collections that agents report. */
export type Docker = "dockerHosts" | "dockerContainers";
/**
 * An entity as a source sees it: whole. How fresh it is (`lastSeen`, `stale`, `fault`), what of it has not been read (`unread`), and which
 * guest of another instance it belongs to (`guestId`), is the inventory's to say.
 */
export type Whole<T> = Omit<T, "lastSeen" | "stale" | "fault" | "unread" | "guestId">;
export type PartLists = { readonly [C in Listed]?: readonly Whole<Entities[C]>[] };

/**
 * Complete lists for one part of an instance: of the given collections, everything that belongs to `part` (see `partOf` in picture.ts).
 * What a list no longer names is no longer there. A part that is no node, guest or storage ends with empty lists.
 */
export interface PartSeen extends Look {
  kind: "seen";
  scope: PartScope;
  /** The instance, or the id of a node, guest or storage. */
  part: string;
  lists: PartLists;
}

/** A look at a part that failed: what it listed before is stale from then on, with this fault, and stays. */
export interface PartMissed extends Look {
  kind: "missed";
  scope: PartScope;
  part: string;
  fault: Fault;
}

/** A look at a whole instance that failed. It makes data stale; it never removes anything. */
export interface Missed extends Look {
  kind: "missed";
  scope: Scope;
  fault: Fault;
  endpoints: Endpoint[];
}

/** What the agent of a Docker host reports: everything that is there. */
export interface DockerSeen {
  kind: "seen";
  scope: "docker";
  /** When the report came, by our own clock. */
  at: Instant;
  /** Planned time until the next. */
  interval: Millis;
  host: Omit<DockerHostFacts, Fresh>;
  containers: readonly Omit<DockerContainer, Fresh>[];
}
type Fresh = "lastSeen" | "stale" | "fault";

/** What history can be imported of. */
export type PastKind = "node" | "guest" | "storage";

/** In order: when each step begins and, beside it, its mean. Two lists, because a list of pairs takes five times the room. */
export interface PastSamples {
  starts: readonly Instant[];
  means: readonly number[];
}

/** Means over steps of equal length, by metric, in the units of the history. */
export interface PastFrame {
  step: Millis;
  metrics: Readonly<Record<string, PastSamples>>;
}

/** What the server itself remembers of a resource, from before it was watched. No frames: nothing. */
export interface PastSeen extends Look {
  kind: "seen";
  scope: "past";
  resource: string;
  of: PastKind;
  frames: readonly PastFrame[];
  /** All that is remembered of it; false: only of a time that was missed. */
  whole: boolean;
}

export type Scope = "resources" | "cluster" | "nodes";
/** What a look at a part is about; each kind has a cadence of its own. */
export type PartScope =
  | "disks"
  | "ceph"
  | "tasks"
  | "archives"
  | "snapshots"
  | "backup-jobs"
  | "replication"
  | "namespace";
export type Observation = PastSeen | ResourcesSeen | ClusterSeen | NodesSeen | PartSeen | Missed | PartMissed;
