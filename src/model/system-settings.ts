import { type Static, Type } from "typebox";
import { THEMES } from "./user-settings.ts";

/** `must`: how an error ends that names the field. */
const whole = (least: number, most: number, unit: string, description: string) =>
  Type.Integer({
    minimum: least,
    maximum: most,
    description,
    must: `must be a whole number of ${unit}, ${least} to ${most}`,
  });
const days = (description: string) =>
  Type.Number({
    exclusiveMinimum: 0,
    maximum: 36_500,
    description: `${description}, in days; fractions are fine`,
    must: "must be a number of days above 0",
  });
const flag = (description: string) => Type.Boolean({ description, must: "must be true or false" });
const oneOf = <const T extends string[]>(values: readonly [...T], description: string) =>
  Type.Enum(values, {
    description,
    must: `must be one of ${values.map(value => (value === "" ? "empty" : value)).join(", ")}`,
  });
const port = (description: string) =>
  Type.Integer({
    minimum: 0,
    maximum: 65_535,
    description: `${description} 0: any that is free.`,
    must: "must be a port number, 0 to 65535",
  });

const timeOfDay = (description: string) =>
  Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", description, must: "must be a time such as 03:00" });

const ORIGIN = "https?://[A-Za-z0-9._*:\\[\\]-]+";
const listOf = (item: string) => `${item}([\\s,]+${item})*`;
const NETWORK = "\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}";

/** The fields of the system settings: what the operator chooses for the whole server. */
export const SYSTEM_FIELDS = {
  pvePollingInterval: whole(5, 3600, "seconds", "Between two looks at a Proxmox VE that has no interval of its own."),
  pbsPollingInterval: whole(
    5,
    3600,
    "seconds",
    "Between two looks at a Backup Server that has no interval of its own.",
  ),
  pmgPollingInterval: whole(5, 3600, "seconds", "Between two looks at a Mail Gateway that has no interval of its own."),
  connectionTimeout: whole(1, 120, "seconds", "For one call to a server, from connecting to the last byte."),
  discoveryEnabled: flag("Looks for servers by itself when an administrator asks what there is."),
  discoverySubnet: Type.String({
    pattern: `^(auto|${NETWORK})?$`,
    description: "The network that is looked through; auto: those that this machine is in.",
    must: "must be auto, or a private network such as 192.168.1.0/24",
  }),
  allowedOrigins: Type.String({
    pattern: `^(${listOf(`(\\*|${ORIGIN})`)})?$`,
    maxLength: 4096,
    description: "Origins whose pages may call the API, with a token; separated by commas; *: any; empty: none.",
    must: "must be *, or origins such as https://dashboard.example.com, separated by commas",
  }),
  allowEmbedding: flag("Whether pages of this origin, and of `allowedEmbedOrigins`, may show Pulse in a frame."),
  allowedEmbedOrigins: Type.String({
    pattern: `^(${listOf(ORIGIN)})?$`,
    maxLength: 4096,
    description: "Further origins whose pages may show Pulse in a frame; separated by commas.",
    must: "must be origins such as https://dashboard.example.com, separated by commas",
  }),
  theme: oneOf(["", ...THEMES], "For those who chose none; empty: as the device."),
  logLevel: oneOf(["debug", "info", "warn", "error"], "The least that is logged."),
  frontendPort: port("Where API, stream and web UI are, from the next start on."),
  backendPort: Type.Optional(port("Kept for older clients; everything is at `frontendPort`.")),
  historyRawDays: days("How long samples of 10 s are kept"),
  historyMinuteDays: days("How long the least, the mean and the greatest value of each minute are kept"),
  historyHalfHourDays: days("How long the same of each half hour is kept"),
  historyQuarterDayDays: days("How long the same of each quarter of a day is kept"),
  historyLimitMB: whole(1, 1e9, "mebibytes", "The most that the database may hold; beyond it the oldest history goes."),
  backupSchedule: oneOf(["off", "daily", "weekly"], "When Pulse backs up its own database, by itself."),
  backupTime: timeOfDay("When on that day, by the clock of this machine."),
  backupDay: oneOf(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    "On which day, if it is weekly.",
  ),
  backupKeep: whole(
    1,
    1000,
    "backups",
    "So many of those are kept; older ones go when a new one has been found sound.",
  ),
  updateChannel: oneOf(["stable", "rc"], "Which releases count as newer."),
  autoUpdateEnabled: flag("Whether Pulse looks for newer versions by itself, and goes over to one where it can."),
  autoUpdateCheckInterval: whole(1, 8760, "hours", "How often it looks."),
  autoUpdateTime: timeOfDay(
    "From when on, for an hour, it goes over to what it has found, by the clock of this machine.",
  ),
} as const;

export const SystemSettings = Type.Object(SYSTEM_FIELDS, { $id: "SystemSettings" });
export type SystemSettings = Static<typeof SystemSettings>;
export type SystemField = keyof SystemSettings;

/** What a server does whose operator chose nothing. */
export const USUAL_SETTINGS: SystemSettings = {
  pvePollingInterval: 10,
  pbsPollingInterval: 10,
  pmgPollingInterval: 10,
  connectionTimeout: 8,
  discoveryEnabled: true,
  discoverySubnet: "auto",
  allowedOrigins: "",
  allowEmbedding: false,
  allowedEmbedOrigins: "",
  theme: "",
  logLevel: "info",
  frontendPort: 7655,
  historyRawDays: 3,
  historyMinuteDays: 14,
  historyHalfHourDays: 395,
  historyQuarterDayDays: 1825,
  historyLimitMB: 4096,
  backupSchedule: "weekly",
  backupTime: "03:30",
  backupDay: "sunday",
  backupKeep: 4,
  updateChannel: "stable",
  autoUpdateEnabled: false,
  autoUpdateCheckInterval: 24,
  autoUpdateTime: "03:00",
};

/** A change: what is left out stays. */
export const SystemChange = Type.Partial(Type.Object(SYSTEM_FIELDS), {
  $id: "SystemChange",
  additionalProperties: true,
});
export type SystemChange = Static<typeof SystemChange>;

export function isSystemField(name: string): name is SystemField {
  return Object.hasOwn(SYSTEM_FIELDS, name);
}

/** What stands between commas or blanks. */
export function toList(text: string): string[] {
  return text.split(/[\s,]+/).filter(part => part !== "");
}
