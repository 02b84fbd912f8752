import type { SystemField } from "../../model/system-settings.ts";
import { WEEK_DAYS } from "../../model/week-days.ts";

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
  fields: readonly SettingField[];
}

/** When Pulse backs itself up. */
export const BACKUP_GROUP: SettingGroup = {
  title: "Schedule of backups",
  fields: [
    {
      field: "backupSchedule",
      label: "Back up the database",
      choices: [
        ["off", "Never by itself"],
        ["daily", "Every day"],
        ["weekly", "Every week"],
      ],
    },
    {
      field: "backupDay",
      label: "On",
      choices: WEEK_DAYS.map(day => [day, toTitle(day)] as const),
      hint: "If it is weekly.",
    },
    { field: "backupTime", label: "At", placeholder: "03:30", hint: "By the clock of the server." },
    {
      field: "backupKeep",
      label: "Keep the last",
      unit: "backups",
      hint: "The oldest goes when a new one has been found sound.",
    },
  ],
};

function toTitle(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The system settings that do something, in groups; what is only kept for older clients is not offered. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: "Looking",
    fields: [
      {
        field: "pvePollingInterval",
        label: "Proxmox VE, every",
        unit: "seconds",
        hint: "Of instances without an interval of their own.",
      },
      { field: "pbsPollingInterval", label: "Backup Server, every", unit: "seconds" },
      { field: "pmgPollingInterval", label: "Mail Gateway, every", unit: "seconds" },
      { field: "connectionTimeout", label: "A call may take", unit: "seconds" },
      { field: "discoveryEnabled", label: "Look for servers in the network", isFlag: true },
      {
        field: "discoverySubnet",
        label: "In this network",
        placeholder: "auto",
        hint: "Such as 192.168.1.0/24; auto: the networks of this machine.",
      },
    ],
  },
  {
    title: "Page and access",
    fields: [
      {
        field: "theme",
        label: "Colours, for those who chose none",
        choices: [
          ["", "As the device"],
          ["light", "Light"],
          ["dark", "Dark"],
        ],
      },
      {
        field: "allowedOrigins",
        label: "Pages that may call the API",
        placeholder: "https://dashboard.example.com",
        hint: "Origins, separated by commas. They need a token.",
      },
      { field: "allowEmbedding", label: "May be shown in frames", isFlag: true },
      {
        field: "allowedEmbedOrigins",
        label: "Also in frames of",
        placeholder: "https://home.example.com",
        hint: "Origins, separated by commas; pages of this origin always may, once frames are allowed.",
      },
      { field: "frontendPort", label: "Port", unit: "from the next start on" },
    ],
  },
  {
    title: "History",
    fields: [
      { field: "historyRawDays", label: "Samples of 10 s", unit: "days" },
      { field: "historyMinuteDays", label: "Minutes", unit: "days" },
      { field: "historyHalfHourDays", label: "Half hours", unit: "days" },
      { field: "historyQuarterDayDays", label: "Quarters of a day", unit: "days" },
      { field: "historyLimitMB", label: "At the most", unit: "MiB", hint: "Beyond it the oldest goes." },
    ],
  },
  {
    title: "Pulse itself",
    fields: [
      {
        field: "logLevel",
        label: "Log",
        choices: [
          ["debug", "Everything"],
          ["info", "What changes"],
          ["warn", "Warnings and errors"],
          ["error", "Errors"],
        ],
      },
      {
        field: "updateChannel",
        label: "New versions",
        choices: [
          ["stable", "Finished ones"],
          ["rc", "Also those that are tried out"],
        ],
      },
    ],
  },
];
