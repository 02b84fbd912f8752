import { allOf, COLLECTIONS, type Collection, type Lists, type Picture, placed } from "../model/picture.ts";
import type { State } from "../model/state.ts";
import { countUnknownBackups, toBackupGaps } from "./backup-gaps.ts";

const NATURAL = new Intl.Collator("en", { numeric: true });

/** What the picture does not hold, and the state has. */
export interface More {
  performance: State["performance"];
  stats: Pick<State["stats"], "version" | "uptime">;
  recentlyResolved: State["recentlyResolved"];
}
const NOTHING_MORE: More = { performance: {}, stats: { version: "", uptime: 0 }, recentlyResolved: [] };

/** The picture as the wire has it: lists in the order of their ids, and counts over the whole. */
export function toState(picture: Picture, epoch: string, more: More = NOTHING_MORE): State {
  const { instances, ...lists } = toLists(picture);
  return {
    version: picture.version,
    epoch,
    lastUpdate: picture.lastUpdate,
    ...placed({ instances, ...lists }),
    recentlyResolved: more.recentlyResolved,
    metrics: {},
    performance: more.performance,
    backupGaps: toBackupGaps(picture),
    stats: { ...toStats(picture), ...more.stats },
    connectionHealth: Object.fromEntries([
      ...instances.map(({ type, name, status }) => [`${type}-${name}`, status === "online"]),
      ...lists.dockerHosts.map(({ id, status }) => [`docker-${id}`, status === "online"]),
    ]),
  };
}

/** Ids begin with the instance, so that their order is that of instances, too. */
function toLists(picture: Picture): Lists {
  const lists = COLLECTIONS.map(collection => {
    const entities: { id: string }[] = allOf(picture, collection);
    return [collection, entities.sort(LONG.has(collection) ? plainly : naturally)];
  });
  return Object.fromEntries(lists) as Lists;
}

/** Lists that may have tens of thousands of members; an order that people would choose takes fifty times as long. */
const LONG: ReadonlySet<Collection> = new Set<Collection>([
  "storageBackups",
  "guestSnapshots",
  "backupTasks",
  "pbsBackups",
]);

function naturally(a: { id: string }, b: { id: string }): number {
  return NATURAL.compare(a.id, b.id);
}

function plainly(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function toStats(picture: Picture): Omit<State["stats"], keyof More["stats"]> {
  const nodes = allOf(picture, "nodes");
  const guests = [...allOf(picture, "vms"), ...allOf(picture, "containers")].filter(guest => !guest.template);
  return {
    nodes: nodes.length,
    nodesOnline: nodes.filter(node => node.status === "online").length,
    guests: guests.length,
    guestsRunning: guests.filter(guest => guest.status === "running").length,
    storages: Object.keys(picture.storage).length,
    dockerHosts: Object.keys(picture.dockerHosts).length,
    backupsUnknown: countUnknownBackups(picture),
    stale: [...nodes, ...guests].filter(entity => entity.stale).length,
  };
}
