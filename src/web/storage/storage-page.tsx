import { createMemo, type JSX, Show } from "solid-js";
import type { Node } from "../../model/node.ts";
import { notKnown } from "../../model/not-known.ts";
import type { Storage } from "../../model/storage.ts";
import { useLive } from "../live/live.ts";
import type { Column } from "../ui/column.ts";
import { TableSearch } from "../ui/filter-field.tsx";
import { MissingNote, NothingFound, StaleNote } from "../ui/states.tsx";
import { TablePanel } from "../ui/table-panel.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { notKnownText } from "../words/not-known.ts";
import { locale, t } from "../words/words.ts";
import { CEPH, DISK_GROUPINGS, DISKS, STORAGE_GROUPINGS, STORAGES, ZFS, ZFS_GROUPINGS } from "./storage-columns.tsx";
import { fits, toZfsRows } from "./storage-rows.ts";
import { createStorageTrends, type Space } from "./storage-trends.ts";
import { trendColumns } from "./trend-columns.tsx";

/** Storages, Ceph, ZFS pools and physical disks. */
export function StoragePage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  const { picture, now } = useLive();
  const { trendOf, reading } = createStorageTrends();
  const withTrends = <T,>(columns: readonly Column<T>[], spaceOf: (row: T) => Space): readonly Column<T>[] => [
    ...columns.slice(0, -1),
    ...trendColumns(trendOf, now, spaceOf),
    ...columns.slice(-1),
  ];
  const ofStorages = withTrends(STORAGES, ({ id, total }: Storage) => ({ id, full: { metric: "used", size: total } }));
  const ofPools = withTrends(ZFS, ({ id, pool }) => ({ id, full: { metric: "used", size: pool.size } }));
  // Of the bytes of Ceph some are another's: they do not add up to its size.
  const ofCephs = withTrends(CEPH, ({ id }) => ({ id, full: { metric: "usage", size: 100 } }));
  const [text, setText] = createUrlState("q");
  const storages = createMemo(() =>
    Object.values(picture().storage).filter(one =>
      fits(text(), one.name, one.node, one.instance, one.type, one.content),
    ),
  );
  const cephs = createMemo(() => Object.values(picture().cephClusters).filter(one => fits(text(), one.name, "ceph")));
  const pools = createMemo(() =>
    toZfsRows(picture()).filter(one => fits(text(), one.pool.name, one.node, one.instance, "zfs")),
  );
  const disks = createMemo(() =>
    Object.values(picture().physicalDisks).filter(one =>
      fits(text(), one.devPath, one.model, one.serial, one.node, one.instance, one.type, one.used, one.health),
    ),
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
      <h1 class="visually-hidden">{t("Storage")}</h1>
      <div class="page-tools">
        <TableSearch
          text={text()}
          onText={setText}
          label={t("Search storages and disks")}
          placeholder={t("Search: nas, pve1, nvme…")}
        />
      </div>
      <MissingNote
        reading={reading}
        what={t("How they fill cannot be read now: {why}", { why: reading.problem() ?? "" })}
      />
      <StaleNote reading={reading} />
      <Show when={cephs().length > 0}>
        <TablePanel
          name="ceph"
          title={t("Ceph")}
          help={t(
            "Ceph warns once an OSD is nearly full, and takes no more writes once one is full: keep enough free that the data of a lost node fits on the others.",
          )}
          count={cephs().length.toLocaleString(locale())}
          rows={cephs()}
          columns={() => ofCephs}
          sort="name"
          {...common}
        />
      </Show>
      <TablePanel
        name="storages"
        title={t("Storages")}
        help={t(
          "A thin pool takes space only as guests write: more may be promised to them than there is (overcommit), and once it is full, its guests stop. “Full” goes on in a straight line from the last 30 days; from less than three days nobody can tell.",
        )}
        count={storages().length.toLocaleString(locale())}
        rows={storages()}
        columns={() => ofStorages}
        groupings={STORAGE_GROUPINGS}
        sort="-usage"
        {...common}
        fallback={
          <NothingFound
            icon="storage"
            text={text()}
            onAll={() => setText("")}
            none={t("No storage is known yet")}
            like={t("No storage is like that")}
            why={t("Storages of every node stand here as soon as an instance has told of them.")}
          />
        }
      />
      <Show when={pools().length > 0}>
        <TablePanel
          name="zfs"
          title={t("ZFS pools")}
          help={t(
            "A scrub reads all of a pool and mends what another copy can tell. DEGRADED means that a device is missing and the pool still works: replace it before another one fails.",
          )}
          count={pools().length.toLocaleString(locale())}
          rows={pools()}
          columns={() => ofPools}
          groupings={ZFS_GROUPINGS}
          sort="name"
          {...common}
        />
      </Show>
      <TablePanel
        name="disks"
        title={t("Disks")}
        help={t(
          "Wear is how much of its rated life an SSD says to have used. At 100 % it need not fail, but nobody vouches for it any more.",
        )}
        count={disks().length.toLocaleString(locale())}
        rows={disks()}
        columns={() => DISKS}
        groupings={DISK_GROUPINGS}
        sort="node"
        {...common}
        fallback={
          <NothingFound
            icon="storage"
            text={text()}
            onAll={() => setText("")}
            none={noDisksText(Object.values(picture().nodes))}
            like={t("No disk is like that")}
          />
        }
      />
    </div>
  );
}

function noDisksText(nodes: readonly Node[]): string {
  const unknown = nodes.flatMap(node => notKnown(node, "disks") ?? []);
  const failing = unknown.find(({ reason }) => reason !== null);
  if (failing) return t("Disks: {unknown}", { unknown: notKnownText(failing) });
  return unknown.length > 0 || nodes.length === 0
    ? t("No disks are known yet; each node is asked for its own every few minutes.")
    : t("The nodes have no disks of their own.");
}
