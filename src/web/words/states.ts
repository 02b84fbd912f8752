import { t } from "./words.ts";

/** What things can be, as Proxmox, Docker and Pulse write it. */
const STATES: Readonly<Record<string, string>> = {
  online: t("online"),
  offline: t("offline"),
  unknown: t("unknown"),
  degraded: t("degraded"),
  connecting: t("connecting"),
  available: t("available"),
  unavailable: t("unavailable"),
  running: t("running"),
  stopped: t("stopped"),
  paused: t("paused"),
  suspended: t("suspended"),
  template: t("template"),
  exited: t("exited"),
  created: t("created"),
  restarting: t("restarting"),
  removing: t("removing"),
  dead: t("dead"),
  healthy: t("healthy"),
  unhealthy: t("unhealthy"),
  starting: t("starting"),
  passed: t("passed"),
  failed: t("failed"),
  ok: t("ok"),
  refused: t("refused"),
  warn: t("warning"),
  err: t("error"),
  error: t("error"),
};

/** A state in the reader's language; one that is not known as it came. */
export function stateName(state: string): string {
  return Object.hasOwn(STATES, state) ? (STATES[state] ?? state) : state;
}
