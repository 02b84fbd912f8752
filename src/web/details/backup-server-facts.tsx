import { For, type JSX, Show } from "solid-js";
import type { BackupServer, BackupServerJob } from "../../model/backup-server.ts";
import { notKnown } from "../../model/not-known.ts";
import { formatAgo, formatBytes, formatNumber, formatUptime, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Fact } from "../ui/drawer.tsx";
import { CPU_LIMITS, DISK_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { notKnownText } from "../words/not-known.ts";
import { stateName } from "../words/states.ts";
import { t, told } from "../words/words.ts";
import { Age, ProxmoxLink } from "./parts.tsx";

/** Everything known of a Backup Server: itself, its datastores and its jobs. */
export function BackupServerFacts(props: { server: BackupServer }): JSX.Element {
  const server = () => props.server;
  const entity = () => ({ ...server(), lastSeen: Date.parse(server().lastSeen) || 0 });
  return (
    <>
      <Age entity={entity()} />
      <dl class="facts">
        <Fact name={t("Status")}>{stateName(server().status)}</Fact>
        <Fact name={t("Version")}>{server().version ?? UNKNOWN}</Fact>
        <Fact name={t("Uptime")}>{formatUptime(server().uptime)}</Fact>
        <Fact name={t("CPU")}>
          <Meter percent={server().cpu} limits={CPU_LIMITS} />
        </Fact>
        <Fact name={t("Memory")}>
          <Meter percent={server().memory} limits={MEMORY_LIMITS} />
          <span class="muted">
            {t("{used} of {total}", {
              used: formatBytes(server().memoryUsed),
              total: formatBytes(server().memoryTotal),
            })}
          </span>
        </Fact>
        <For each={Object.entries(server().faults)}>
          {([part, fault]) => (
            <Fact name={part}>
              <span class="status-word warning">{told(fault)}</span>
            </Fact>
          )}
        </For>
      </dl>
      <h3>{t("Datastores")}</h3>
      <dl class="facts">
        <For each={server().datastores}>
          {store => (
            <Fact name={store.name}>
              <Meter percent={store.usage} limits={DISK_LIMITS} />
              <span class="muted">
                {t("{free} of {total} free", { free: formatBytes(store.free), total: formatBytes(store.total) })}
                {store.deduplicationFactor === null
                  ? ""
                  : `, ${t("deduplicated {factor}×", { factor: formatNumber(store.deduplicationFactor, 1) })}`}
              </span>
              <Show when={store.error}>{error => <span class="status-word warning">{told(error())}</span>}</Show>
              <Show when={notKnown(server(), store.name)}>
                {reason => <span class="muted">{t("Backups: {unknown}", { unknown: notKnownText(reason()) })}</span>}
              </Show>
            </Fact>
          )}
        </For>
      </dl>
      <Jobs title={t("Verification")} jobs={server().verifyJobs} />
      <Jobs title={t("Sync")} jobs={server().syncJobs} />
      <Jobs title={t("Prune")} jobs={server().pruneJobs} />
      <Jobs title={t("Garbage collection")} jobs={server().garbageJobs} />
      <ProxmoxLink href={server().host} />
    </>
  );
}

function Jobs(props: { title: string; jobs: readonly BackupServerJob[] }): JSX.Element {
  const live = useLive();
  const ago = (time: string | null) => (time === null ? t("never") : formatAgo(Date.parse(time), live.now()));
  return (
    <Show when={props.jobs.length > 0}>
      <h3>{props.title}</h3>
      <dl class="facts">
        <For each={props.jobs}>
          {job => (
            <Fact name={job.id}>
              <span class="status-word" classList={{ critical: job.error !== null }}>
                {job.error ?? stateName(job.status)}
              </span>
              <span class="muted">
                {t("last {ago}", { ago: ago(job.lastRun) })}
                {job.schedule ? `, ${job.schedule}` : ""}
              </span>
            </Fact>
          )}
        </For>
      </dl>
    </Show>
  );
}
