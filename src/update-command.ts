import { existsSync, readFileSync } from "node:fs";
import type { CommandOutcome } from "./account-command.ts";
import { rootOf } from "./deployment.ts";
import { MINUTE } from "./kit/units.ts";
import { runningUrl } from "./status-command.ts";
import { askBack } from "./updates/ask-back.ts";
import { type Address, Outcome, readPaper } from "./updates/papers.ts";
import { pathsOf } from "./updates/place.ts";
import { runProgram } from "./updates/service.ts";

const UNIT = "pulse-update.service";
/** Copying a large database back takes its time. */
const DEADLINE = 20 * MINUTE;

export interface UpdateBackOptions {
  /** Where the bundle lies. */
  folder: string;
  dataDir: string | null;
  /** `systemctl`, or what takes its place. */
  systemctl?: string;
  /** Of who calls; null: the system has no such thing. */
  uid?: number | null;
}

/** `pulse update --back`: the version before runs again, with a database that it can read. */
export async function updateBack(options: UpdateBackOptions): Promise<CommandOutcome> {
  const { folder, dataDir, systemctl = "systemctl", uid = process.geteuid?.() ?? null } = options;
  const root = rootOf(folder);
  if (root === null)
    return { ok: false, text: "This Pulse is not installed so that another version can take its place" };
  if (uid !== 0) return { ok: false, text: `Only root may replace Pulse: sudo pulse update --back` };
  if (dataDir === null) return { ok: false, text: "PULSE_DATA_DIR: must be set to the data folder of the service" };
  const unit = await runProgram(systemctl, ["cat", UNIT], { deadline: MINUTE });
  if (unit.code !== 0) return { ok: false, text: `${UNIT} is not installed, and it is what replaces Pulse` };
  const asked = askBack({ root, dataDir, address: toAddress(await runningUrl(dataDir)) });
  if (typeof asked === "string") return { ok: false, text: asked };
  await runProgram(systemctl, ["start", UNIT], { deadline: DEADLINE });
  const { outcome: path } = pathsOf({ root, dataDir });
  const outcome = existsSync(path) ? readPaper(Outcome, readFileSync(path, "utf8")) : null;
  if (outcome?.id !== asked.id)
    return { ok: false, text: `It is not done yet: journalctl -u pulse-update tells how far it is` };
  return { ok: outcome.status === "rolled_back", text: outcome.message };
}

/** Where the server answers; where it does not run just now, as its settings say. */
function toAddress(url: string | null): Address {
  const { hostname, port, protocol } = new URL(url ?? `http://127.0.0.1:${process.env.FRONTEND_PORT?.trim() || 7655}`);
  const host = hostname === "localhost" ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, "");
  return { host, port: Number(port), tls: protocol === "https:" };
}
