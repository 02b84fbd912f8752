import { createMemo, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { SortedTable } from "../ui/sorted-table.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { locale, t } from "../words/words.ts";
import { CEPH, DISKS, STORAGES, ZFS } from "./storage-columns.tsx";
import { fits, toZfsRows } from "./storage-rows.ts";
import { createStorageTrends } from "./storage-trends.ts";
import { trendColumns } from "./trend-columns.tsx";

/** Storages, Ceph, ZFS pools and physical disks. */
export function StoragePage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  const { picture, now } = useLive();
  const columns = [...STORAGES.slice(0, -1), ...trendColumns(createStorageTrends(), now), ...STORAGES.slice(-1)];
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
  const table = { shown: () => props.shown, show: (row: { id: string }) => props.onShow(row.id) };
  return (
    <div class="overview">
      <h1 class="visually-hidden">{t("Storage")}</h1>
      <div class="page-tools">
        <FilterField
          text={text()}
          onText={setText}
          label={t("Search storages and disks")}
          placeholder={t("Search: nas, pve1, nvme…")}
        />
      </div>
      <Show when={cephs().length > 0}>
        <Panel id="ceph" title={t("Ceph")} count={String(cephs().length)}>
          <SortedTable rows={cephs()} columns={CEPH} name="ceph" table={table} />
        </Panel>
      </Show>
      <Panel id="storages" title={t("Storages")} count={storages().length.toLocaleString(locale())}>
        <SortedTable rows={storages()} columns={columns} name="storages" byDefault="-usage" table={table} />
      </Panel>
      <Show when={pools().length > 0}>
        <Panel id="zfs" title={t("ZFS pools")} count={pools().length.toLocaleString(locale())}>
          <SortedTable rows={pools()} columns={ZFS} name="zfs" table={table} />
        </Panel>
      </Show>
      <Panel id="disks" title={t("Disks")} count={disks().length.toLocaleString(locale())}>
        <Show
          when={disks().length > 0}
          fallback={
            <p class="nothing">
              {text() === ""
                ? t("No disks are known yet; each node is asked for its own every few minutes.")
                : t("No disk is like that.")}
            </p>
          }
        >
          <SortedTable rows={disks()} columns={DISKS} name="disks" table={table} />
        </Show>
      </Panel>
    </div>
  );
}
