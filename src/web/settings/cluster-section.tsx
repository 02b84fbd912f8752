import { For, type JSX, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { formatAgo, formatBytes, formatDuration, formatNumber, UNKNOWN } from "../format/format.ts";
import { ask, type Refused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { t } from "../words/words.ts";
import { Cores, Edges } from "./cluster-members.tsx";

export function readCluster(): Promise<ClusterReport | Refused> {
  return ask<ClusterReport>("GET", "api/cluster");
}

/** Several Pulses that serve as one: who is there, who watches what, and what NATS has of it; read anew every ten seconds. */
export function ClusterSection(): JSX.Element {
  const reading = createReading(readCluster, { every: 10 * SECOND });
  return (
    <Loaded reading={reading} what={t("How the cluster fares cannot be read now")} lines={10}>
      {known => (
        <>
          <Cores report={known()} again={reading.again} />
          <Edges report={known()} again={reading.again} />
          <Show when={known().skipped.length > 0}>
            <SkippedEntries report={known()} />
          </Show>
          <Nats report={known()} />
        </>
      )}
    </Loaded>
  );
}

interface Told {
  report: ClusterReport;
}

function SkippedEntries(props: Told): JSX.Element {
  const live = useLive();
  return (
    <Panel id="cluster-skipped" title={t("Skipped")} count={String(props.report.skipped.length)}>
      <p class="panel-note muted">
        {t(
          "What an edge, or somebody in its name, put on the stream and is not what it should be. It changed nothing.",
        )}
      </p>
      <ScrollTable caption={t("Skipped")} class="wide-table">
        <thead>
          <tr>
            <th scope="col">{t("Site")}</th>
            <th scope="col">{t("Instance")}</th>
            <th scope="col">{t("Why")}</th>
            <th scope="col">{t("How often")}</th>
            <th scope="col">{t("Last")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.report.skipped.toReversed()}>
            {one => (
              <tr>
                <td data-say={t("Site")}>{one.site ?? UNKNOWN}</td>
                <td data-say={t("Instance")}>{one.instance ?? UNKNOWN}</td>
                <td class="episode-message">{one.reason}</td>
                <td data-say={t("How often")}>{formatNumber(one.count)}</td>
                <td data-say={t("Last")}>{formatAgo(one.last, live.now())}</td>
              </tr>
            )}
          </For>
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function Nats(props: Told): JSX.Element {
  return (
    <Panel id="cluster-nats" title={t("NATS")} count={String(props.report.nats.servers.length)}>
      <p class="panel-note muted">
        {props.report.nats.server === null
          ? t("No server is reached of {servers}.", { servers: props.report.nats.servers.join(", ") })
          : t("This core's line leads to {server}.", { server: props.report.nats.server })}
      </p>
      <Show when={!props.report.nats.answers}>
        <p class="panel-note form-problem">
          {t("A majority of the servers does not answer: what follows is from before.")}
        </p>
      </Show>
      <ScrollTable caption={t("NATS")} class="wide-table">
        <thead>
          <tr>
            <th scope="col">{t("Stream")}</th>
            <th scope="col">{t("Entries")}</th>
            <th scope="col">{t("Size")}</th>
            <th scope="col">{t("Kept for")}</th>
            <th scope="col">{t("Leader")}</th>
            <th scope="col">{t("Copies")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.report.streams}>
            {stream => (
              <tr>
                <td>
                  <strong>{stream.name}</strong>
                </td>
                <td data-say={t("Entries")}>{formatNumber(stream.messages)}</td>
                <td data-say={t("Size")}>
                  {stream.limit === null
                    ? formatBytes(stream.bytes)
                    : t("{used} of {limit}", { used: formatBytes(stream.bytes), limit: formatBytes(stream.limit) })}
                </td>
                <td data-say={t("Kept for")}>{stream.keeps === null ? t("always") : formatDuration(stream.keeps)}</td>
                <td data-say={t("Leader")}>{stream.leader ?? <span class="status-word critical">{t("none")}</span>}</td>
                <td data-say={t("Copies")}>
                  <Copies stream={stream} />
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function Copies(props: { stream: ClusterReport["streams"][number] }): JSX.Element {
  const lost = () => props.stream.others.filter(({ state }) => state !== "current");
  const names = (state: "behind" | "offline") =>
    lost()
      .filter(one => one.state === state)
      .map(({ name }) => name)
      .join(", ");
  return (
    <>
      {formatNumber(props.stream.copies)}{" "}
      <Show when={names("offline")}>
        {which => <span class="status-word critical">{t("{servers} not reached", { servers: which() })}</span>}
      </Show>{" "}
      <Show when={names("behind")}>
        {which => <span class="status-word warning">{t("{servers} behind", { servers: which() })}</span>}
      </Show>
    </>
  );
}
