import { For, type JSX, Show } from "solid-js";
import type { CephCluster } from "../../model/ceph.ts";
import { formatBytes, UNKNOWN } from "../format/format.ts";
import { Fact } from "../ui/drawer.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { locale, t } from "../words/words.ts";
import { FullFact } from "./full-fact.tsx";
import { Age } from "./parts.tsx";

/** Everything known of a Ceph cluster. */
export function CephFacts(props: { ceph: CephCluster }): JSX.Element {
  const ceph = () => props.ceph;
  return (
    <>
      <Age entity={ceph()} />
      <dl class="facts">
        <Fact name={t("Health")}>
          {ceph().health}
          <Show when={ceph().healthMessage}>{message => <span class="muted">{message()}</span>}</Show>
        </Fact>
        <Fact name={t("Used")}>
          <Meter percent={ceph().usagePercent} limits={DISK_LIMITS} />
          <span class="muted">
            {t("{used} of {total}", {
              used: formatBytes(ceph().usedBytes),
              total: formatBytes(ceph().totalBytes),
            })}
          </span>
        </Fact>
        <FullFact resource={ceph().id} />
        <Fact name={t("OSDs")}>
          {t("{up} up, {in} in, of {all}", {
            up: ceph().numOsdsUp ?? UNKNOWN,
            in: ceph().numOsdsIn ?? UNKNOWN,
            all: ceph().numOsds ?? UNKNOWN,
          })}
        </Fact>
        <Fact name={t("Placement groups")}>{ceph().numPGs?.toLocaleString(locale()) ?? UNKNOWN}</Fact>
        <For each={ceph().services}>
          {service => (
            <Fact name={service.type}>
              {t("{running} of {total} running", { running: service.running, total: service.total })}
              <Show when={service.message}>{message => <span class="status-word warning">{message()}</span>}</Show>
            </Fact>
          )}
        </For>
        <Show when={ceph().fsid}>{fsid => <Fact name="fsid">{fsid()}</Fact>}</Show>
      </dl>
      <Show when={ceph().pools.length > 0}>
        <h3>{t("Pools")}</h3>
        <dl class="facts">
          <For each={ceph().pools}>
            {pool => (
              <Fact name={pool.name}>
                <Meter percent={pool.percentUsed} limits={DISK_LIMITS} />
                <span class="muted">
                  {t("{stored} stored, {free} free", {
                    stored: formatBytes(pool.storedBytes),
                    free: formatBytes(pool.availableBytes),
                  })}
                </span>
              </Fact>
            )}
          </For>
        </dl>
      </Show>
    </>
  );
}
