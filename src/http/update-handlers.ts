import type { AnswerOf, BodyOf, QueryOf } from "../contract/route.ts";
import type { UPDATE_ROUTES } from "../contract/update-routes.ts";
import type { Instant } from "../kit/units.ts";
import type { DeploymentType, UpdateChannel, UpdateEvent, UpdateStatus } from "../model/update.ts";
import { Failure } from "./failure.ts";
import type { Build, Handlers } from "./handlers.ts";
import type { SystemDesk } from "./system-handlers.ts";

type UpdateRoutes = typeof UPDATE_ROUTES;

/** What a look for releases has found; `offer` null: nothing newer. */
export interface FoundRelease {
  offer: { version: string; notes: string; published: string; url: string; size: number; isMajor: boolean } | null;
  /** A major version that is newer still. */
  laterMajor: string | null;
  checkedAt: Instant;
}

/** Who knows of versions, and puts them in place. */
export interface UpdateDesk {
  readonly deployment: DeploymentType;
  /** Why this Pulse does not put another version in its own place; null: it does. */
  hindrance(): string | null;
  /** What root has to do about the units of systemd, as a sentence; null: nothing. */
  readonly unitsNote: string | null;
  /** A sentence: nothing can be known, and why. */
  look(channel: UpdateChannel): Promise<FoundRelease | string>;
  /** The newer version that the last look found; null: none. */
  known(channel: UpdateChannel): string | null;
  status(): UpdateStatus;
  /** The newest first. */
  events(): readonly UpdateEvent[];
  apply(wish: {
    version?: string | undefined;
    downloadUrl?: string | undefined;
    acceptMajor: boolean;
    channel: UpdateChannel;
    by: string | null;
    via: "ui" | "api";
  }): Promise<{ started: string } | { refused: "busy" | "not-offered" | "major" | "unknown"; message: string }>;
}

/** What to do by hand. */
const STEPS: { readonly [D in Exclude<DeploymentType, "development">]: (version: string) => string[] } = {
  docker: version => [
    "Back up the data folder",
    `Build or pull the image of ${version}`,
    "Stop the container, and start one of the new image with the same data folder",
  ],
  systemd: version => [
    "pulse backup FILE",
    `sh /opt/pulse/current/lib/install.sh --from PLACE --version ${version.slice(1)}, where PLACE is where the releases are`,
  ],
  npx: version => ["Stop Pulse", "Back up the data folder", `Start the package of ${version}`],
  manual: version => [
    "Stop Pulse",
    "Back up the data folder",
    `git fetch --tags && git checkout ${version}`,
    "npm start",
  ],
};
const ITSELF = (version: string) => [
  `Press "Update" under Settings → Updates, or POST /api/updates/apply { "version": "${version}" }`,
];
const BEFORE_ITSELF = ["Free disk space: five times the archive's size in /opt, and the database's in /var/lib"];

/** The handlers of updates. */
export function updateHandlers(
  desk: UpdateDesk,
  { system, build }: { system: SystemDesk; build: Build },
): Pick<Handlers, keyof UpdateRoutes> {
  const channelOf = (asked: string | undefined): UpdateChannel => {
    if (asked !== undefined && asked !== "stable" && asked !== "rc")
      throw new Failure(400, `channel: "${asked.slice(0, 20)}" is neither "stable" nor "rc"`);
    return asked ?? system.settings().updateChannel;
  };
  return {
    checkUpdates: async ({ query }) => {
      const channel = channelOf((query as QueryOf<UpdateRoutes["checkUpdates"]>).channel);
      return toCheck(await desk.look(channel), channel, { desk, build });
    },
    updateStatus: () => ({ ...desk.status(), ...(desk.unitsNote === null ? {} : { note: desk.unitsNote }) }),
    updateHistory: ({ query }) => {
      const { limit = "50", status } = query as QueryOf<UpdateRoutes["updateHistory"]>;
      return desk
        .events()
        .filter(event => !status || event.status === status)
        .slice(0, Number(limit));
    },
    updateEvent: ({ query }) => {
      const { id } = query as QueryOf<UpdateRoutes["updateEvent"]>;
      const event = desk.events().find(({ event_id }) => event_id === id);
      if (!event) throw new Failure(404, `id: there is no update "${id}"`);
      return event;
    },
    updatePlan: ({ query }) => {
      const { version, channel } = query as QueryOf<UpdateRoutes["updatePlan"]>;
      return toPlan(version.startsWith("v") ? version : `v${version}`, channelOf(channel), desk);
    },
    applyUpdate: async ({ body, caller }) => {
      const hindrance = desk.hindrance();
      if (hindrance !== null) throw new Failure(409, hindrance, { deploymentType: desk.deployment });
      const { version, downloadUrl, channel, acceptMajor = false } = body as BodyOf<UpdateRoutes["applyUpdate"]>;
      const via = caller.by === "token" ? "api" : "ui";
      const wish = { version, downloadUrl, acceptMajor, channel: channelOf(channel), by: caller.name, via } as const;
      const outcome = await desk.apply(wish);
      if ("started" in outcome)
        return {
          status: "started",
          message: `The update to v${outcome.started} begins; /api/updates/status tells how far it is`,
        };
      const { refused, message } = outcome;
      throw new Failure(STATUS[refused], message, { deploymentType: desk.deployment });
    },
  };
}

const STATUS = { busy: 409, major: 409, "not-offered": 400, unknown: 502 } as const;

function toCheck(
  found: FoundRelease | string,
  channel: UpdateChannel,
  { desk, build }: { desk: UpdateDesk; build: Build },
): AnswerOf<UpdateRoutes["checkUpdates"]> {
  const offer = typeof found === "string" ? null : found.offer;
  const current = `v${build.version}`;
  const latest = offer ? `v${offer.version}` : typeof found === "string" ? null : current;
  return {
    available: offer !== null,
    currentVersion: current,
    latestVersion: latest,
    releaseNotes: offer?.notes ?? "",
    releaseDate: offer?.published ?? null,
    downloadUrl: offer?.url ?? "",
    downloadSize: offer?.size ?? null,
    isPrerelease: (offer?.version ?? build.version).includes("-"),
    isMajor: offer?.isMajor ?? false,
    channel,
    deploymentType: desk.deployment,
    canAutoUpdate: desk.hindrance() === null,
    checkedAt: typeof found === "string" ? null : new Date(found.checkedAt).toISOString(),
    warning: typeof found === "string" ? found : warningOf(found, current),
  };
}

function warningOf({ offer, laterMajor }: FoundRelease, current: string): string {
  if (offer?.isMajor)
    return `v${offer.version} is another major version than ${current}: read its notes before you update`;
  return laterMajor === null ? "" : `There is a newer major version, v${laterMajor}, which is offered after this one`;
}

function toPlan(version: string, channel: UpdateChannel, desk: UpdateDesk): AnswerOf<UpdateRoutes["updatePlan"]> {
  const { deployment } = desk;
  const hindrance = desk.hindrance();
  if (deployment === "development") throw new Failure(404, hindrance ?? "There is no plan");
  const canAutoUpdate = hindrance === null;
  const steps = canAutoUpdate ? ITSELF(version) : STEPS[deployment](version);
  return {
    ...{ version, channel, steps, instructions: steps },
    prerequisites: canAutoUpdate ? BEFORE_ITSELF : [],
    ...{ canAutoUpdate, requiresRoot: !canAutoUpdate && deployment === "systemd", rollbackSupport: canAutoUpdate },
    deploymentType: deployment,
  };
}
