import type { AnswerOf, QueryOf } from "../contract/route.ts";
import type { UPDATE_ROUTES } from "../contract/update-routes.ts";
import type { Clock } from "../kit/clock.ts";
import type { Instant } from "../kit/units.ts";
import { Failure } from "./failure.ts";
import type { Build, Handlers } from "./handlers.ts";
import type { SystemDesk } from "./system-handlers.ts";

type UpdateRoutes = typeof UPDATE_ROUTES;
type Event = AnswerOf<UpdateRoutes["updateEvent"]>;
type Deployment = Event["deployment_type"];

/** Who knows which versions ran here. */
export interface VersionDesk {
  changes(): readonly { id: string; at: Instant; from: string; to: string }[];
  /** systemd has started this process. */
  readonly bySystemd: boolean;
}

const WHY: { readonly [D in Deployment]: string } = {
  docker: "A container does not update itself: start one of the new image, with the same data folder",
  systemd: "This Pulse does not update itself: GET /api/updates/plan says what to do",
  manual: "This Pulse does not update itself: GET /api/updates/plan says what to do",
  development: "This Pulse runs from its sources: update those",
};

const STEPS: { readonly [D in Exclude<Deployment, "development">]: (version: string) => string[] } = {
  docker: version => [
    "Back up the data folder",
    `git fetch --tags && git checkout ${version}, and build the image`,
    "Start a container of the new image with the same data folder",
  ],
  systemd: version => [
    "Back up the data folder",
    `git fetch --tags && git checkout ${version}`,
    "npm run build",
    "systemctl restart pulse",
  ],
  manual: version => [
    "Stop Pulse",
    "Back up the data folder",
    `git fetch --tags && git checkout ${version}`,
    "npm start",
  ],
};

/** The handlers of updates; nothing is asked of the internet, and nothing is replaced. */
export function updateHandlers(
  desk: VersionDesk,
  { system, build, clock }: { system: SystemDesk; build: Build; clock: Clock },
): Pick<Handlers, keyof UpdateRoutes> {
  const deployment: Deployment = build.development
    ? "development"
    : build.docker
      ? "docker"
      : desk.bySystemd
        ? "systemd"
        : "manual";
  const channelOf = (asked: string | undefined) => {
    if (asked !== undefined && asked !== "stable" && asked !== "rc")
      throw new Failure(400, `channel: "${asked.slice(0, 20)}" is neither "stable" nor "rc"`);
    return asked ?? system.settings().updateChannel;
  };
  const events = () => desk.changes().map(change => toEvent(change, deployment));
  return {
    checkUpdates: ({ query }) => ({
      available: false,
      currentVersion: `v${build.version}`,
      latestVersion: null,
      ...{ releaseNotes: "", releaseDate: null, downloadUrl: "" },
      isPrerelease: build.version.includes("-"),
      channel: channelOf((query as QueryOf<UpdateRoutes["checkUpdates"]>).channel),
      deploymentType: deployment,
      warning: "This Pulse asks nobody on the internet for new versions: whether there is one is not known",
    }),
    updateStatus: () => ({
      status: "idle",
      progress: 0,
      message: "Nothing is going on",
      updatedAt: new Date(clock.now()).toISOString(),
    }),
    updateHistory: ({ query }) => {
      const { limit = "50", status } = query as QueryOf<UpdateRoutes["updateHistory"]>;
      return events()
        .filter(event => !status || event.status === status)
        .slice(0, Number(limit));
    },
    updateEvent: ({ query }) => {
      const { id } = query as QueryOf<UpdateRoutes["updateEvent"]>;
      const event = events().find(({ event_id }) => event_id === id);
      if (!event) throw new Failure(404, `id: there is no update "${id}"`);
      return event;
    },
    updatePlan: ({ query }) => {
      const { version, channel } = query as QueryOf<UpdateRoutes["updatePlan"]>;
      if (deployment === "development") throw new Failure(404, WHY.development);
      const named = version.startsWith("v") ? version : `v${version}`;
      const steps = STEPS[deployment](named);
      return {
        ...{ version: named, channel: channelOf(channel), steps, instructions: steps },
        ...{ canAutoUpdate: false, requiresRoot: deployment === "systemd", rollbackSupport: false },
        deploymentType: deployment,
      };
    },
    applyUpdate: () => {
      throw new Failure(409, WHY[deployment], { deploymentType: deployment });
    },
  };
}

function toEvent({ id, at, from, to }: ReturnType<VersionDesk["changes"]>[number], deployment: Deployment): Event {
  return {
    event_id: id,
    timestamp: new Date(at).toISOString(),
    action: "update",
    channel: to.includes("-") ? "rc" : "stable",
    version_from: `v${from}`,
    version_to: `v${to}`,
    deployment_type: deployment,
    initiated_via: "outside",
    status: "completed",
  };
}
