import { createMemo, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { fits } from "../storage/storage-rows.ts";
import { TableSearch } from "../ui/filter-field.tsx";
import { NothingFound } from "../ui/states.tsx";
import { TablePanel } from "../ui/table-panel.tsx";
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
import { atRisk, countGaps, failuresOf, toBackups, toDays, toFailedRuns, toGuestBackups } from "./backup-rows.ts";
import { DayChart } from "./day-chart.tsx";

const DAYS = 30;

/** What is not backed up comes first, then what failed, then all backups and where they lie. */
export function BackupsPage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const { picture } = live;
  const [text, setText] = createUrlState("q");
  const backups = createMemo(() => toBackups(picture()));
  const failed = createMemo(() => toFailedRuns(picture(), picture().lastUpdate));
  const days = createMemo(() => toDays(backups(), failuresOf(picture()), picture().lastUpdate, DAYS));
  const all = createMemo(() => toGuestBackups(picture(), backups()));
  const risky = createMemo(() => atRisk(all(), picture().lastUpdate));
  const gaps = createMemo(() => countGaps(all(), picture().lastUpdate));
  const guests = createMemo(() =>
    all().filter(({ guest, last }) =>
      fits(text(), guest.name, String(guest.vmid), guest.instance, guest.node, last?.place ?? null),
    ),
  );
  const datastores = createMemo(() => datastoresOf(picture()));
  const listed = createMemo(() =>
    backups().filter(one => fits(text(), one.title, one.place, one.guest?.instance ?? null)),
  );
  const common = {
    get shown() {
      return props.shown;
    },
    get asked() {
      return text();
    },
    onShow: (id: string) => props.onShow(id),
  };
  return (
    <div class="overview">
      <h1 class="visually-hidden">{t("Backups")}</h1>
      <section class="panel" aria-labelledby="days-title">
        <header class="panel-head">
          <h2 id="days-title">{t("Backups a day")}</h2>
          <span class="count">
            {[
              t("{backups} kept", { backups: backups().length.toLocaleString(locale()) }),
              gaps().unread > 0
                ? ""
                : t("{missing} of {all} guests have none", { missing: gaps().missing, all: all().length }),
              gaps().old > 0 ? t("{old} none of the last two days", { old: gaps().old }) : "",
              gaps().unread > 0
                ? t("those of {guests} are not read yet", { guests: plural(gaps().unread, "guest") })
                : "",
              gaps().unknown > 0 ? t("of {guests} it is not known", { guests: plural(gaps().unknown, "guest") }) : "",
            ]
              .filter(text => text !== "")
              .join(", ")}
          </span>
        </header>
        <DayChart days={days()} />
      </section>
      <Show when={risky().length > 0}>
        <TablePanel
          name="at-risk"
          title={t("At risk")}
          count={t("{risky} of {all} guests", { risky: risky().length, all: all().length })}
          rows={risky()}
          columns={() => GUESTS}
          groupings={GUEST_GROUPINGS}
          sort="last"
          {...common}
        />
      </Show>
      <Show when={failed().length > 0}>
        <TablePanel
          name="failed"
          title={t("Failed in the last week")}
          count={failed().length.toLocaleString(locale())}
          rows={failed()}
          columns={() => FAILED}
          sort="-at"
          showsOf={row => row.shows}
          {...common}
        />
      </Show>
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
          {...common}
        />
      </Show>
      <div class="page-tools">
        <TableSearch
          text={text()}
          onText={setText}
          label={t("Search backups")}
          placeholder={t("Search: web, 101, office…")}
        />
      </div>
      <TablePanel
        name="guest-backups"
        title={t("Guests")}
        count={guests().length.toLocaleString(locale())}
        rows={guests()}
        columns={() => GUESTS}
        groupings={GUEST_GROUPINGS}
        sort="last"
        {...common}
        fallback={
          <NothingFound
            icon="vm"
            text={text()}
            onAll={() => setText("")}
            none={t("There are no guests yet")}
            like={t("No guest is like that")}
          />
        }
      />
      <TablePanel
        name="backups"
        title={t("All backups")}
        help={t(
          "A protected archive is taken away by no prune. A snapshot is no backup: it lies on the same storage as its guest, and goes with it.",
        )}
        count={listed().length.toLocaleString(locale())}
        rows={listed()}
        columns={() => BACKUPS}
        groupings={BACKUP_GROUPINGS}
        sort="-at"
        showsOf={row => row.guest?.id ?? null}
        {...common}
        fallback={
          <NothingFound
            icon="archive"
            text={text()}
            onAll={() => setText("")}
            none={noneText(gaps().unread)}
            like={t("No backup is like that")}
          />
        }
      />
    </div>
  );
}

function noneText(unread: number): string {
  return unread > 0 ? t("The backups have not been read yet.") : t("No backups are known.");
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
