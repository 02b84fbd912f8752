import type { Session } from "../live/session.ts";
import { t } from "../words/words.ts";

interface Section {
  key: string;
  name: string;
  /** Without it the part is not shown. */
  needs: "read" | "admin";
  /** It is about several Pulses that serve as one, and not there on a single one. */
  several?: true;
}

const ALL: readonly Section[] = [
  { key: "", name: t("Instances"), needs: "read" },
  { key: "docker", name: t("Docker agents"), needs: "read" },
  { key: "links", name: t("Guest links"), needs: "read" },
  { key: "system", name: t("System"), needs: "read" },
  { key: "security", name: t("Security"), needs: "read" },
  { key: "backup", name: t("Backup & transfer"), needs: "admin" },
  { key: "cluster", name: t("Cluster"), needs: "read", several: true },
  { key: "updates", name: t("Updates"), needs: "read" },
  { key: "page", name: t("This page"), needs: "read" },
  { key: "diagnostics", name: t("Diagnostics"), needs: "admin" },
];

/** The parts of the settings that there are for who is signed in, in their order. */
export function sectionsFor(session: Session | null): readonly Section[] {
  const isAdmin = session?.may.includes("admin") ?? false;
  return ALL.filter(({ needs, several }) => (needs === "read" || isAdmin) && (!several || session?.several === true));
}

/** A part that there is, but only for administrators. */
export function isForAdmins(section: string): boolean {
  return ALL.some(({ key, needs }) => key === section && needs === "admin");
}
