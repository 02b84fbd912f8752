import { availableParallelism } from "node:os";
import type { AnswerOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import type { Clock } from "../kit/clock.ts";
import { MIB, round, SECOND } from "../kit/units.ts";
import type { SourceReport } from "../model/source-report.ts";
import type { State } from "../model/state.ts";
import { toWall } from "../model/wall.ts";
import { Failure } from "./failure.ts";
import type { Build, Handlers } from "./handlers.ts";

type Diagnostics = AnswerOf<Routes["diagnostics"]>;

/** How the picture comes about, asked when somebody wants to know. */
export interface Inspection {
  state(): State;
  sources(): SourceReport[];
  streamClients(): number;
  errors(): Diagnostics["errors"];
}

type PictureRoutes =
  | "wall"
  | "storages"
  | "storageOf"
  | "backups"
  | "backupsUnified"
  | "backupsPve"
  | "backupsPbs"
  | "snapshots"
  | "diagnostics";

/** The handlers of parts of the picture. */
export function pictureHandlers(inspection: Inspection, build: Build, clock: Clock): Pick<Handlers, PictureRoutes> {
  const timestamp = () => Math.floor(clock.now() / SECOND);
  const storages = () => ({ data: inspection.state().storage, timestamp: timestamp() });
  const backups = () => {
    const { pveBackups, pbsBackups } = inspection.state();
    return { ...pveBackups, pbsBackups };
  };
  return {
    wall: () => toWall(inspection.state()),
    storages,
    storageOf: ({ params }) => ({ data: storageOf(params.id ?? "", inspection.state()), timestamp: timestamp() }),
    backups,
    backupsUnified: backups,
    backupsPve: () => ({ backups: inspection.state().pveBackups.storageBackups }),
    backupsPbs: () => {
      const { pbs, pbsBackups } = inspection.state();
      return { instances: pbs, backups: pbsBackups };
    },
    snapshots: () => ({ snapshots: inspection.state().pveBackups.guestSnapshots }),
    diagnostics: () => toDiagnostics(inspection, build, clock),
  };
}

/** A storage by its id, or all that a node can use, by the node's id or name. Throws Failure 404. */
function storageOf(id: string, { storage, nodes }: State): State["storage"][number] | State["storage"] {
  const found = storage.find(one => one.id === id);
  if (found) return found;
  const named = nodes.filter(node => node.id === id || node.node === id);
  if (named.length === 0) throw new Failure(404, `There is no storage or node "${id}"`);
  return storage.filter(one =>
    named.some(({ instance, node }) => one.instance === instance && one.nodes.includes(node)),
  );
}

function toDiagnostics(inspection: Inspection, build: Build, clock: Clock): Diagnostics {
  const { instances } = inspection.state();
  const { user, system } = process.cpuUsage();
  return {
    version: `v${build.version}`,
    runtime: `node ${process.versions.node}`,
    uptime: round((clock.now() - build.startedAt) / SECOND, 3),
    nodes: instances.filter(({ type }) => type !== "pbs"),
    pbs: instances.filter(({ type }) => type === "pbs"),
    sources: inspection.sources(),
    streamClients: inspection.streamClients(),
    system: {
      os: process.platform,
      arch: process.arch,
      numCPU: availableParallelism(),
      memoryMB: round(process.memoryUsage.rss() / MIB, 1),
      cpuSeconds: round((user + system) / 1e6, 2),
    },
    errors: inspection.errors(),
  };
}
