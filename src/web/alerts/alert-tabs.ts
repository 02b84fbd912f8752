import { t } from "../words/words.ts";

/** The parts of the page of alerts, in their order, and the right that each needs. */
export const ALERT_TABS = [
  { key: "", name: t("Now"), needs: "read" },
  { key: "history", name: t("History"), needs: "read" },
  { key: "thresholds", name: t("Thresholds"), needs: "read" },
  { key: "destinations", name: t("Destinations"), needs: "admin" },
  { key: "schedule", name: t("Schedule"), needs: "read" },
  { key: "deliveries", name: t("Deliveries"), needs: "admin" },
] as const;
