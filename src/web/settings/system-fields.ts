import type { SystemField } from "../../model/system-settings.ts";
import { WEEK_DAYS } from "../../model/week-days.ts";
import { dayName, weekOrder } from "../format/format.ts";
import { t } from "../words/words.ts";

/** How a setting is shown and entered. */
export interface SettingField {
  field: SystemField;
  label: string;
  hint?: string;
  /** Entered as a number, of this unit. */
  unit?: string;
  /** One of these: value and name. */
  choices?: readonly (readonly [value: string, name: string])[];
  /** On or off. */
  isFlag?: true;
  placeholder?: string;
}

export interface SettingGroup {
  title: string;
  /** What these do, what is usual, and what becomes of it when they are changed. */
  help: string;
  /** Where the documentation says more: "updates#by-itself". */
  docs: string;
  /** Of several Pulses it is the edges' own: what stands there in the place of the fields. */
  ofEdges?: string;
  fields: readonly SettingField[];
}

/** When Pulse backs itself up. */
export const BACKUP_GROUP: SettingGroup = {
  title: t("Schedule of backups"),
  help: t(
    "A backup is checked before the oldest one goes, and the last one never goes. Four, one a week, are usual; each writes as much as the database holds. A turn that was missed is made up after the next start.",
  ),
  docs: "configuration#backups",
  fields: [
    {
      field: "backupSchedule",
      label: t("Back up the database"),
      choices: [
        ["off", t("Never by itself")],
        ["daily", t("Every day")],
        ["weekly", t("Every week")],
      ],
    },
    {
      field: "backupDay",
      label: t("Day"),
      choices: weekOrder().map(day => [WEEK_DAYS[day] ?? "monday", dayName(day, "long")] as const),
      hint: t("If it is weekly."),
    },
    { field: "backupTime", label: t("At"), placeholder: "03:30", hint: t("By the clock of the server.") },
    {
      field: "backupKeep",
      label: t("Keep the last"),
      unit: t("backups"),
      hint: t("The oldest goes when a new one has been found sound."),
    },
  ],
};

/** The system settings that do something, in groups; what is only kept for older clients is not offered. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: t("Looking"),
    help: t(
      "How often each server is asked for what is now. 10 seconds are usual; with 60 it is asked a sixth as often, and what is wrong is noticed so much later. A call that takes longer than it may has failed: what it would have told is shown as old, and a server of which no address answers counts as offline.",
    ),
    docs: "configuration#system-settings",
    ofEdges: t("Edges look, each as its own pulse.yaml and environment say."),
    fields: [
      {
        field: "pvePollingInterval",
        label: t("Proxmox VE, every"),
        unit: t("seconds"),
        hint: t("Of instances without an interval of their own."),
      },
      { field: "pbsPollingInterval", label: t("Backup Server, every"), unit: t("seconds") },
      { field: "pmgPollingInterval", label: t("Mail Gateway, every"), unit: t("seconds") },
      { field: "connectionTimeout", label: t("A call may take"), unit: t("seconds") },
      { field: "discoveryEnabled", label: t("Look for servers in the network"), isFlag: true },
      {
        field: "discoverySubnet",
        label: t("In this network"),
        placeholder: "auto",
        hint: t("Such as 192.168.1.0/24; auto: the networks of this machine."),
      },
    ],
  },
  {
    title: t("Page and access"),
    help: t(
      "Unless it is named here, no page of another site may call the API or show Pulse in a frame. Leave that so, but for a dashboard of yours that does. In a frame of another site nobody is signed in, unless both are below one domain.",
    ),
    docs: "configuration#system-settings",
    fields: [
      {
        field: "theme",
        label: t("Colours, for those who chose none"),
        choices: [
          ["", t("As the device")],
          ["light", t("Light")],
          ["dark", t("Dark")],
          ["contrast", t("High contrast")],
        ],
      },
      {
        field: "allowedOrigins",
        label: t("Pages that may call the API"),
        placeholder: "https://dashboard.example.com",
        hint: t("Origins, separated by commas. They need a token."),
      },
      { field: "allowEmbedding", label: t("May be shown in frames"), isFlag: true },
      {
        field: "allowedEmbedOrigins",
        label: t("Also in frames of"),
        placeholder: "https://home.example.com",
        hint: t("Origins, separated by commas; pages of this origin always may, once frames are allowed."),
      },
      { field: "frontendPort", label: t("Port"), unit: t("from the next start on") },
    ],
  },
  {
    title: t("History"),
    help: t(
      "Each value is kept several times, fine for days and coarser for years; charts take the finest that there is. As it is usual, 20 guests take some 30 MB a year. What you shorten is removed for good; for more, there is the archive below.",
    ),
    docs: "configuration#system-settings",
    fields: [
      { field: "historyRawDays", label: t("Samples of 10 s"), unit: t("days") },
      { field: "historyMinuteDays", label: t("Minutes"), unit: t("days") },
      { field: "historyHalfHourDays", label: t("Half hours"), unit: t("days") },
      { field: "historyQuarterDayDays", label: t("Quarters of a day"), unit: t("days") },
      { field: "historyLimitMB", label: t("At the most"), unit: "MiB", hint: t("Beyond it the oldest goes.") },
    ],
  },
  {
    title: t("Pulse itself"),
    help: t(
      "By itself Pulse goes over to finished versions of the same major version only, where it runs as a service, and back when the new one is not well. A fuller log helps to find a fault; “What changes” is usual.",
    ),
    docs: "updates#by-itself",
    fields: [
      {
        field: "logLevel",
        label: t("Log"),
        choices: [
          ["debug", t("Everything")],
          ["info", t("What changes")],
          ["warn", t("Warnings and errors")],
          ["error", t("Errors")],
        ],
      },
      {
        field: "updateChannel",
        label: t("New versions"),
        choices: [
          ["stable", t("Finished ones")],
          ["rc", t("Also those that are tried out")],
        ],
      },
      {
        field: "autoUpdateEnabled",
        label: t("Look for new versions, and take them, by itself"),
        isFlag: true,
        hint: t("Finished ones of the same major version, where Pulse runs as a service."),
      },
      { field: "autoUpdateCheckInterval", label: t("Look every"), unit: t("hours") },
      {
        field: "autoUpdateTime",
        label: t("Take it within an hour from"),
        placeholder: "03:00",
        hint: t("By the clock of the server."),
      },
    ],
  },
];
