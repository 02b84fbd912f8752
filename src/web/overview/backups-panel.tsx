import { createMemo, type JSX, untrack } from "solid-js";
import { type Millis, SECOND } from "../../kit/units.ts";
import { RECENT_BACKUP } from "../../model/not-known.ts";
import { formatAgo, formatLargest } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { createFound } from "../ui/turns.ts";
import { plural, t, told } from "../words/words.ts";
import { type BackupRisks, findingRisks, type Risk, type RiskKind } from "./backup-risks.ts";
import { Glance, type GlanceLine, namesOf } from "./glance.tsx";

/** Backups come by the hour; all of them are looked at no more often than that. */
const PACE: Millis = 20 * SECOND;

/** Guests whose backups are not what they should be. */
export function BackupsPanel(props: { onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const beat = createMemo(() => (live.isWhole() ? Math.floor(live.now() / PACE) : null));
  /** null: the backups have not come yet. */
  const risks = createFound(() =>
    beat() === null ? null : untrack(() => findingRisks(live.picture(), live.picture().lastUpdate)),
  );
  const lines = createMemo(() => {
    const known = risks();
    return known && toRiskLines(known, live.now());
  });
  return (
    <Glance
      id="risks"
      title={t("Backups at risk")}
      href="?page=backups"
      help={t(
        "Guests without a backup of the last two days, whose newest backup is bad, whose last run failed or that no backup job covers. Each is counted once, by the worst of it.",
      )}
      note={noteOf(risks())}
      lines={lines()}
      well={
        risks()?.guests === 0 ? t("There are no guests yet") : t("Every guest has a good backup of the last two days")
      }
      onShow={props.onShow}
    />
  );
}

function noteOf(known: BackupRisks | null): string {
  if (known === null) return "";
  const { risks, guests } = known;
  const count = risks.reduce((sum, { kind, guests }) => (NO_RISKS.has(kind) ? sum : sum + guests.length), 0);
  return count > 0 ? t("{count} of {guests}", { count, guests: plural(guests, "guest") }) : "";
}

/** Of these nobody says that something is wrong. */
const NO_RISKS: ReadonlySet<RiskKind> = new Set(["unverified", "unread", "unknown"]);

const TONES: { readonly [K in RiskKind]: GlanceLine["tone"] } = {
  bad: "critical",
  failed: "critical",
  none: "warning",
  uncovered: "warning",
  old: "warning",
  unknown: "warning",
  unread: "plain",
  unverified: "plain",
};

/** A line for each kind of risk, then the jobs that failed. */
function toRiskLines({ risks, jobs }: BackupRisks, now: number): GlanceLine[] {
  return [
    ...risks.map((risk): GlanceLine => {
      const [first] = risk.guests;
      const names = risk.guests.map(({ name }) => name);
      const one = risk.guests.length === 1;
      return {
        id: risk.kind,
        tone: TONES[risk.kind],
        subject: one && first ? first.name : plural(risk.guests.length, "guest"),
        shows: one && first ? first.id : null,
        says:
          one || risk.kind === "unread"
            ? says(risk)
            : t("{says}: {names}", { says: says(risk), names: namesOf(names) }),
        title: names.slice(0, 40).join(", "),
      };
    }),
    ...jobs.map(
      ({ id, subject, place, error, at, shows }): GlanceLine => ({
        ...{ id, tone: "warning", subject, shows, title: error },
        says: t("on {place} failed", { place }),
        value: formatAgo(at, now),
      }),
    ),
  ];
}

function says({ kind, guests, why }: Risk): string {
  const one = guests.length === 1;
  switch (kind) {
    case "bad":
      return t("newest backup failed its check");
    case "failed":
      return t("last run failed");
    case "none":
      return one ? t("has no backup") : t("have no backup");
    case "uncovered":
      return one ? t("is in no backup job") : t("are in no backup job");
    case "old":
      return t("no backup for {age}", { age: formatLargest(RECENT_BACKUP) });
    case "unknown":
      return t("newest backup not known: {why}", { why: told(why ?? "") });
    case "unread":
      return t("backups not read yet");
    case "unverified":
      return t("no backup checked for a week");
  }
}
