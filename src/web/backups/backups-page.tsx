import { createMemo, type JSX, Show, untrack } from "solid-js";
import { useLive } from "../live/live.ts";
import { guestsOf } from "../overview/rows.ts";
import { fits } from "../storage/storage-rows.ts";
import { TableSearch } from "../ui/filter-field.tsx";
import { NothingFound, PageSkeleton } from "../ui/states.tsx";
import { TablePanel } from "../ui/table-panel.tsx";
import { createFound, createTurns } from "../ui/turns.ts";
import { createUrlState } from "../ui/url-state.ts";
import { locale, plural, t } from "../words/words.ts";
import {
  BACKUP_GROUPINGS,
  BACKUPS,
  DATASTORES,
  type DatastoreRow,
  FAILED,
  GUEST_GROUPINGS,
  GUESTS,
} from "./backup-columns.tsx";
import {
  atRisk,
  countGaps,
  type FailedRun,
  failuresOf,
  type GuestBackups,
  startOfDay,
  toDays,
  toGuestBackups,
  toRecent,
} from "./backup-rows.ts";
import { DayChart } from "./day-chart.tsx";
import {
  areNamedAlike,
  type Backup,
  type FoundBackups,
  findingBackups,
  foundBefore,
  toNamed,
} from "./finding-backups.ts";

const DAYS = 30;
/** What is at risk and what failed, guests, all backups: pieces below the days. */
const PIECES = 3;
/** Once it is drawn in one go, so that "back" leads to where it was scrolled to. */
let wasDrawn = false;

/** What is not backed up comes first, then what failed, then all backups and where they lie. */
export function BackupsPage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  const { picture } = useLive();
  const named = createMemo(() => guestsOf(picture()).map(toNamed), [], { equals: areNamedAlike });
  const found = createFound(
    () => {
      const { pbsBackups, storageBackups } = picture();
      return findingBackups({ pbsBackups, storageBackups }, named());
    },
    { isAtOnce: true, known: untrack(() => foundBefore(picture())) },
  );
  return (
    <Show when={found()} fallback={<PageSkeleton />}>
      {found => <FoundPage found={found()} shown={props.shown} onShow={props.onShow} />}
    </Show>
  );
}

/** What all tables of the page have. */
interface Asked {
  shown: string;
  /** What somebody searches for. */
  asked: string;
  onShow: (id: string) => void;
}

/** The page once the backups are found. Each piece is a task of its own: there may be thousands of rows in any. */
function FoundPage(props: { found: FoundBackups; shown: string; onShow: (id: string) => void }): JSX.Element {
  const { picture } = useLive();
  const [text, setText] = createUrlState("q");
  const drawn = wasDrawn ? () => PIECES : createTurns(() => PIECES, true);
  wasDrawn = true;
  const failures = createMemo(() => failuresOf(picture(), props.found.guests));
  const guests = createMemo(() => toGuestBackups(picture(), props.found));
  const gaps = createMemo(() => countGaps(guests(), picture().lastUpdate));
  const common: Asked = {
    get shown() {
      return props.shown;
    },
    get asked() {
      return text();
    },
    onShow: id => props.onShow(id),
  };
  return (
    <div class="overview">
      <h1 class="visually-hidden">{t("Backups")}</h1>
      <DaysPanel kept={props.found.all} failures={failures()} gaps={gaps()} guests={guests().length} />
      <Show when={drawn() >= 1}>
        <RiskPanel guests={guests()} common={common} />
        <FailedPanel failures={failures()} common={common} />
        <DatastoresPanel common={common} />
      </Show>
      <Show when={drawn() >= 2}>
        <div class="page-tools">
          <TableSearch
            text={text()}
            onText={setText}
            label={t("Search backups")}
            placeholder={t("Search: web, 101, office…")}
          />
        </div>
        <GuestsPanel guests={guests()} onAll={() => setText("")} common={common} />
      </Show>
      <Show when={drawn() >= PIECES}>
        <ArchivesPanel kept={props.found.all} unread={gaps().unread} onAll={() => setText("")} common={common} />
      </Show>
    </div>
  );
}

/** Guests whose backups are not what they should be; nothing where there are none. */
function RiskPanel(props: { common: Asked; guests: readonly GuestBackups[] }): JSX.Element {
  const { picture } = useLive();
  const risky = createMemo(() => atRisk(props.guests, picture().lastUpdate));
  return (
    <Show when={risky().length > 0}>
      <TablePanel
        name="at-risk"
        title={t("At risk")}
        count={t("{risky} of {all} guests", { risky: risky().length, all: props.guests.length })}
        rows={risky()}
        columns={() => GUESTS}
        groupings={GUEST_GROUPINGS}
        sort="last"
        {...props.common}
      />
    </Show>
  );
}

/** What failed in the last week, if anything. */
function FailedPanel(props: { common: Asked; failures: readonly FailedRun[] }): JSX.Element {
  const { picture } = useLive();
  const failed = createMemo(() => toRecent(props.failures, picture().lastUpdate));
  return (
    <Show when={failed().length > 0}>
      <TablePanel
        name="failed"
        title={t("Failed in the last week")}
        count={failed().length.toLocaleString(locale())}
        rows={failed()}
        columns={() => FAILED}
        sort="-at"
        showsOf={row => row.shows}
        {...props.common}
      />
    </Show>
  );
}

/** The datastores of Backup Servers, where there is one. */
function DatastoresPanel(props: { common: Asked }): JSX.Element {
  const { picture } = useLive();
  const datastores = createMemo(() => datastoresOf(picture()));
  return (
    <Show when={datastores().length > 0}>
      <TablePanel
        name="datastores"
        title={t("Backup Servers")}
        help={t(
          "Verification reads archives again and compares their checksums: only then is it known that they can be restored. Prune takes away old archives by its retention; their space is free only after the next garbage collection (GC).",
        )}
        count={plural(datastores().length, "datastore")}
        rows={datastores()}
        columns={() => DATASTORES}
        sort="-usage"
        showsOf={row => row.serverId}
        {...props.common}
      />
    </Show>
  );
}

/** Every guest and its newest backup, or those that somebody searches for. */
function GuestsPanel(props: { common: Asked; guests: readonly GuestBackups[]; onAll: () => void }): JSX.Element {
  const found = createMemo(() =>
    searched(props.guests, props.common.asked, ({ guest: { name, vmid, instance, node }, last }) => [
      ...[name, String(vmid), instance, node],
      last?.place ?? null,
    ]),
  );
  return (
    <TablePanel
      name="guest-backups"
      title={t("Guests")}
      count={found().length.toLocaleString(locale())}
      rows={found()}
      columns={() => GUESTS}
      groupings={GUEST_GROUPINGS}
      sort="last"
      {...props.common}
      fallback={
        <NothingFound
          icon="vm"
          text={props.common.asked}
          onAll={props.onAll}
          none={t("There are no guests yet")}
          like={t("No guest is like that")}
        />
      }
    />
  );
}

/** All backups, or those that somebody searches for. `unread`: of how many guests they are not read yet. */
function ArchivesPanel(props: {
  common: Asked;
  kept: readonly Backup[];
  unread: number;
  onAll: () => void;
}): JSX.Element {
  const found = createMemo(() =>
    searched(props.kept, props.common.asked, one => [one.title, one.place, one.guest?.instance ?? null]),
  );
  return (
    <TablePanel
      name="backups"
      title={t("All backups")}
      help={t(
        "A protected archive is taken away by no prune. A snapshot is no backup: it lies on the same storage as its guest, and goes with it.",
      )}
      count={found().length.toLocaleString(locale())}
      rows={found()}
      columns={() => BACKUPS}
      groupings={BACKUP_GROUPINGS}
      sort="-at"
      showsOf={row => row.guest?.id ?? null}
      {...props.common}
      fallback={
        <NothingFound
          icon="archive"
          text={props.common.asked}
          onAll={props.onAll}
          none={props.unread > 0 ? t("The backups have not been read yet.") : t("No backups are known.")}
          like={t("No backup is like that")}
        />
      }
    />
  );
}

/** How many backups of each day there are, and how many guests are without. */
function DaysPanel(props: {
  kept: readonly Backup[];
  failures: readonly FailedRun[];
  gaps: ReturnType<typeof countGaps>;
  guests: number;
}): JSX.Element {
  const { picture } = useLive();
  const today = createMemo(() => startOfDay(picture().lastUpdate));
  const days = createMemo(() => toDays(props.kept, props.failures, today(), DAYS));
  const says = () => {
    const { missing, old, unread, unknown } = props.gaps;
    return [
      t("{backups} kept", { backups: props.kept.length.toLocaleString(locale()) }),
      unread > 0 ? "" : t("{missing} of {all} guests have none", { missing, all: props.guests }),
      old > 0 ? t("{old} none of the last two days", { old }) : "",
      unread > 0 ? t("those of {guests} are not read yet", { guests: plural(unread, "guest") }) : "",
      unknown > 0 ? t("of {guests} it is not known", { guests: plural(unknown, "guest") }) : "",
    ]
      .filter(text => text !== "")
      .join(", ");
  };
  return (
    <section class="panel" aria-labelledby="days-title">
      <header class="panel-head">
        <h2 id="days-title">{t("Backups a day")}</h2>
        <span class="count">{says()}</span>
      </header>
      <DayChart days={days()} />
    </section>
  );
}

/** The rows of which one of the texts contains what was typed; the same list where nothing was. */
function searched<T>(rows: readonly T[], typed: string, textsOf: (row: T) => (string | null)[]): readonly T[] {
  return typed.trim() === "" ? rows : rows.filter(row => fits(typed, ...textsOf(row)));
}

function datastoresOf(picture: ReturnType<ReturnType<typeof useLive>["picture"]>): DatastoreRow[] {
  return Object.values(picture.pbs).flatMap(({ id, name, datastores, stale, lastSeen, fault }) =>
    datastores.map(store => ({
      id: store.id,
      server: name,
      serverId: id,
      store,
      stale,
      lastSeen: Date.parse(lastSeen) || 0,
      fault,
    })),
  );
}
