import { Value } from "typebox/value";
import { SYSTEM_FIELDS, type SystemField, type SystemSettings } from "../model/system-settings.ts";

type SystemValue = NonNullable<SystemSettings[SystemField]>;

/** What the environment, or pulse.yaml, sets of the system settings: it wins over what is kept, and `by` says where to change it. */
export type SystemLayer = Readonly<Partial<Record<SystemField, { value: SystemValue; by: string }>>>;

/** What is wrong with a value of a field, as the end of a sentence; null: nothing. */
export function problemOf(field: SystemField, value: unknown): string | null {
  if (Value.Check(SYSTEM_FIELDS[field], value)) return null;
  return (SYSTEM_FIELDS[field] as unknown as { must: string }).must;
}

/** The variables that set a field; the first that is set counts. */
const VARIABLES: Readonly<Partial<Record<SystemField, readonly string[]>>> = {
  pvePollingInterval: ["PVE_POLLING_INTERVAL", "POLLING_INTERVAL"],
  pbsPollingInterval: ["PBS_POLLING_INTERVAL"],
  pmgPollingInterval: ["PMG_POLLING_INTERVAL"],
  connectionTimeout: ["CONNECTION_TIMEOUT"],
  discoveryEnabled: ["DISCOVERY_ENABLED"],
  discoverySubnet: ["DISCOVERY_SUBNET"],
  allowedOrigins: ["ALLOWED_ORIGINS"],
  allowEmbedding: ["ALLOW_EMBEDDING"],
  allowedEmbedOrigins: ["ALLOWED_EMBED_ORIGINS"],
  logLevel: ["LOG_LEVEL"],
  backendPort: ["BACKEND_PORT"],
  historyRawDays: ["HISTORY_RAW_DAYS"],
  historyMinuteDays: ["HISTORY_MINUTE_DAYS"],
  historyHalfHourDays: ["HISTORY_HALF_HOUR_DAYS"],
  historyQuarterDayDays: ["HISTORY_QUARTER_DAY_DAYS"],
  historyLimitMB: ["HISTORY_LIMIT_MB"],
  backupSchedule: ["BACKUP_SCHEDULE"],
  backupTime: ["BACKUP_TIME"],
  backupDay: ["BACKUP_DAY"],
  backupKeep: ["BACKUP_KEEP"],
  updateChannel: ["UPDATE_CHANNEL"],
  autoUpdateEnabled: ["AUTO_UPDATE_ENABLED"],
  autoUpdateCheckInterval: ["AUTO_UPDATE_CHECK_INTERVAL"],
  autoUpdateTime: ["AUTO_UPDATE_TIME"],
};

/** What the environment sets; adds to `problems` a sentence for each variable that cannot be used. */
export function readSystemVariables(text: (name: string) => string | null, problems: string[]): SystemLayer {
  const layer: Partial<Record<SystemField, { value: SystemValue; by: string }>> = {};
  for (const [field, names] of Object.entries(VARIABLES) as [SystemField, readonly string[]][]) {
    const by = names.find(name => text(name) !== null);
    const written = by === undefined ? null : text(by);
    if (by === undefined || written === null) continue;
    const value = toValue(field, written);
    const problem = problemOf(field, value);
    if (problem === null) layer[field] = { value: value as SystemValue, by };
    else problems.push(`${by}: ${problem}; it is "${written}"`);
  }
  return layer;
}

const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  yes: true,
  false: false,
  "0": false,
  no: false,
};
const SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** What a text means as the value of a field; the text itself where it means none. */
function toValue(field: SystemField, written: string): unknown {
  const { type, must } = SYSTEM_FIELDS[field] as unknown as { type?: string; must: string };
  if (type === "boolean") return FLAGS[written.toLowerCase()] ?? written;
  if (type === "string") return written;
  if (type === undefined) return written.toLowerCase();
  // Times may be written as 1m30s, too.
  const parts = must.includes("seconds") ? [...written.matchAll(/(\d+)([hms])/g)] : [];
  if (parts.length > 0 && parts.map(([part]) => part).join("") === written)
    return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit ?? ""] ?? 0), 0);
  return Number.isNaN(Number(written)) ? written : Number(written);
}
