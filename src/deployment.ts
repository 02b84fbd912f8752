import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DeploymentType } from "./model/update.ts";
import { otherUnits } from "./updates/units.ts";

/** How this Pulse runs, and what another version's way into its place depends on. */
export interface Deployment {
  type: DeploymentType;
  /** Where it is installed (`/opt/pulse`); null: it is not laid out like that. */
  root: string | null;
  /** Why it does not put another version in its own place, as a sentence that says what to do; null: it does. */
  hindrance: string | null;
  /** What root has to do about the units of systemd, as a sentence; null: nothing. */
  unitsNote: string | null;
}

export interface Surroundings {
  /** Where the bundle lies. */
  folder: string;
  development: boolean;
  docker: boolean;
  /** systemd has started this process. */
  bySystemd: boolean;
  /** Where systemd was told to look for units, as it reads `SYSTEMD_UNIT_PATH`; null or left out: where it usually looks. */
  unitPath?: string | null;
}

const UNIT_FOLDERS = [
  "/etc/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];
const UPDATE_UNIT = "pulse-update.path";

/** Finds out how this Pulse runs, from what is really there. */
export function deploymentOf({ unitPath = null, ...around }: Surroundings): Deployment {
  const unitFolders = unitPath?.split(":").filter(folder => folder !== "") ?? UNIT_FOLDERS;
  const root = currentRootOf(around.folder);
  const type = typeOf(around, root !== null);
  if (type !== "systemd") return { type, root, hindrance: WHY[type], unitsNote: null };
  if (root === null) return { type, root, hindrance: WHY.systemd, unitsNote: null };
  const unitsNote = noteOf(otherUnits(join(root, "current"), unitFolders), root);
  if (!unitFolders.some(folder => existsSync(join(folder, UPDATE_UNIT))))
    return {
      type,
      ...{ root, unitsNote },
      hindrance: `${UPDATE_UNIT} is not installed, so nothing may replace this Pulse: GET /api/updates/plan says what to do by hand`,
    };
  if (!existsSync(join(root, "release-key.pub")))
    return {
      type,
      ...{ root, unitsNote },
      hindrance: `There is no key to check releases with: put it at ${join(root, "release-key.pub")}`,
    };
  return { type, root, hindrance: null, unitsNote };
}

function noteOf(others: readonly string[], root: string): string | null {
  if (others.length === 0) return null;
  return `${others.join(" and ")} of systemd ${others.length === 1 ? "is" : "are"} not as this version has ${others.length === 1 ? "it" : "them"}: as root, sh ${join(root, "current/lib/install.sh")} --units`;
}

const WHY: { readonly [D in DeploymentType]: string } = {
  docker: "A container does not update itself: start one of the new image, with the same data folder",
  systemd:
    "This Pulse is not installed below releases/ in a folder of root's own, so it does not update itself: GET /api/updates/plan says what to do",
  npx: "A package does not update itself: start the package of the other version, with the same data folder",
  manual:
    "This Pulse was not installed as a service, so it does not update itself: GET /api/updates/plan says what to do",
  development: "This Pulse runs from its sources: update those",
};

function typeOf({ development, docker, bySystemd, folder }: Surroundings, isInstalled: boolean): DeploymentType {
  if (development) return "development";
  // A container with a systemd of its own is a machine as any other.
  if (docker && !(bySystemd && isInstalled)) return "docker";
  if (bySystemd) return "systemd";
  return !isInstalled && folder.includes("/node_modules/") ? "npx" : "manual";
}

/** Where the bundle in `folder` (`ROOT/releases/VERSION/lib`) is installed: ROOT; null: it is not. */
export function rootOf(folder: string): string | null {
  const releases = dirname(dirname(folder));
  return basename(folder) === "lib" && basename(releases) === "releases" ? dirname(releases) : null;
}

/** The same, while `ROOT/current` leads to that very version. */
function currentRootOf(folder: string): string | null {
  const root = rootOf(folder);
  try {
    return root !== null && realpathSync(join(root, "current")) === realpathSync(dirname(folder)) ? root : null;
  } catch {
    return null;
  }
}
