import type { CommandOutcome } from "./account-command.ts";
import { rootOf } from "./deployment.ts";
import { systemClock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import { SECOND } from "./kit/units.ts";
import { putInPlace } from "./updates/put-in-place.ts";
import { HEALTH_LIMITS, systemdService } from "./updates/service.ts";

/** `pulse apply-update`, which pulse-update.service runs as root: puts the version in place that the server has asked for. `folder`: where the bundle lies. */
export async function applyUpdate(folder: string, dataDir: string | null, log: Log): Promise<CommandOutcome> {
  if (process.geteuid?.() !== 0)
    return { ok: false, text: "Only root may replace Pulse: pulse-update.service does it" };
  const root = rootOf(folder);
  if (dataDir === null) return { ok: false, text: "PULSE_DATA_DIR: must be set to the data folder of the service" };
  if (root === null)
    return { ok: false, text: "This Pulse is not installed so that another version can take its place" };
  const patience = Number(process.env.PULSE_UPDATE_PATIENCE?.trim() || 0);
  const outcome = await putInPlace({
    ...{ root, dataDir, clock: systemClock },
    arch: process.arch === "arm64" ? "arm64" : "amd64",
    service: systemdService("systemctl"),
    health: { ...HEALTH_LIMITS, ...(patience > 0 ? { deadline: patience * SECOND } : {}) },
    step: name => log("info", "A step of the update is done", { step: name }),
  });
  if (!outcome) return { ok: true, text: "Nothing was asked for" };
  return { ok: outcome.status === "completed", text: outcome.message };
}
