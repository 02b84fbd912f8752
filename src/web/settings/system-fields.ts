import type { SystemField } from "../../model/system-settings.ts";

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

/** The system settings that do something, in groups; what is only kept for older clients is not offered. */
export const SETTING_GROUPS: readonly { title: string; fields: readonly SettingField[] }[] = [
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
