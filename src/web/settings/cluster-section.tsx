import { For, type JSX, Match, Show, Switch } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { formatAgo, formatBytes, formatDuration, formatNumber, formatTime, UNKNOWN } from "../format/format.ts";
import { ask, type Refused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { plural, t } from "../words/words.ts";

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
          <Cores report={known()} />
          <Edges report={known()} />
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

function Cores(props: Told): JSX.Element {
  const live = useLive();
  const teller = () => props.report.cores.find(({ tells }) => tells)?.name ?? null;
  const alone = () => props.report.cores.filter(core => core.alone && core.silentSince === null);
  return (
    <Panel
      id="cluster-cores"
      help={t(
        "Each core has the whole of it and serves the page, so any of them can be lost. One tells people of alerts for all; another one takes that over within seconds.",
      )}
      docs="scale-out#what-goes-wrong-and-what-to-do-then"
      title={t("Cores of Pulse")}
      count={String(props.report.cores.length)}
    >
      <Show
        when={props.report.nats.answers}
        fallback={
          <p class="panel-note form-problem">
            {t("NATS has not answered since {time}: what is shown grows stale, and nothing can be changed.", {
              time: formatTime(props.report.nats.answered),
            })}
          </p>
        }
      >
        <p class="panel-note muted">
          {teller() === null
            ? t("No core tells people of alerts at the moment; one takes that over within seconds.")
            : t("{core} tells people of alerts, for all.", { core: teller() ?? "" })}
        </p>
      </Show>
      <Show when={alone().length > 0}>
        <p class="panel-note form-problem">
          {t("Each core tells people for itself, as NATS does not answer: a message may come twice, and says so.")}
        </p>
      </Show>
      <ScrollTable caption={t("Cores of Pulse")} class="wide-table">
        <thead>
          <tr>
            <th scope="col">{t("Core")}</th>
            <th scope="col">{t("State")}</th>
            <th scope="col">{t("Version")}</th>
            <th scope="col">{t("Entries read")}</th>
            <th scope="col">{t("Last heard of")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.report.cores}>
            {core => (
              <tr>
                <td>
                  <strong>{core.name}</strong>{" "}
                  <Show when={core.name === props.report.self}>
                    <span class="tag">{t("this core")}</span>
                  </Show>
                </td>
                <td>
                  <State
                    silentSince={core.silentSince}
                    isKnown={props.report.nats.answers || core.name === props.report.self}
                  />{" "}
                  <span class="muted">{lagText(core)}</span>
                </td>
                <td data-say={t("Version")}>{core.version}</td>
                <td data-say={t("Entries read")}>{formatNumber(core.position)}</td>
                <td data-say={t("Last heard of")}>{formatAgo(core.seen, live.now())}</td>
              </tr>
            )}
          </For>
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function lagText({ behind, silentSince }: ClusterReport["cores"][number]): string {
  if (silentSince !== null) return "";
  if (behind === null) return t("has not begun to read");
  return behind === 0 ? t("up to date") : plural(behind, "entry behind", "entries behind");
}

/** While NATS does not answer nobody can be heard of, and nothing follows from that. */
function State(props: { silentSince: number | null; isKnown: boolean }): JSX.Element {
  return (
    <Switch fallback={<span class="status-word good">{t("there")}</span>}>
      <Match when={!props.isKnown}>
        <span class="muted">{t("not known now")}</span>
      </Match>
      <Match when={props.silentSince}>
        {since => (
          <span class="status-word critical" title={formatTime(since())}>
            {t("not heard of")}
          </span>
        )}
      </Match>
    </Switch>
  );
}

function Edges(props: Told): JSX.Element {
  const live = useLive();
  const answers = () => props.report.nats.answers;
  const unheld = () => props.report.instances.filter(({ holder }) => answers() && holder === null);
  const held = ({ silentSince, holds }: ClusterReport["edges"][number]) => {
    if (!answers()) return UNKNOWN;
    return silentSince === null && holds.length > 0 ? holds.join(", ") : t("nothing");
  };
  return (
    <Panel
      id="cluster-edges"
      help={t(
        "Edges look at the instances of their site and share them; another one takes over within seconds. Two at a site are usual. What waits on the disk of one arrives when its line is back.",
      )}
      docs="scale-out#what-happens-when"
      title={t("Edges")}
      count={String(props.report.edges.length)}
    >
      <Show when={unheld().length > 0}>
        <p class="panel-note form-problem">
          {t("Nobody watches {instances}.", {
            instances: unheld()
              .map(({ name, site }) => t("{name} (site {site})", { name, site }))
              .join(", "),
          })}
        </p>
      </Show>
      <For each={props.report.edges.filter(({ silentSince }) => silentSince === null)}>
        {edge => <Show when={keyProblem(edge)}>{problem => <p class="panel-note form-problem">{problem()}</p>}</Show>}
      </For>
      <Show
        when={props.report.edges.length > 0}
        fallback={<p class="panel-note muted">{t("No edge has been heard of since this core was started.")}</p>}
      >
        <ScrollTable caption={t("Edges")} class="wide-table">
          <thead>
            <tr>
              <th scope="col">{t("Site")}</th>
              <th scope="col">{t("Edge")}</th>
              <th scope="col">{t("State")}</th>
              <th scope="col">{t("Version")}</th>
              <th scope="col">{t("Watches")}</th>
              <th scope="col">{t("Waits to be sent")}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.report.edges}>
              {edge => (
                <tr>
                  <td data-say={t("Site")}>{edge.site}</td>
                  <td>
                    <strong>{edge.name}</strong>
                    <Show when={edge.key}>
                      {key => (
                        <div class="muted" title={t("Fingerprint of the key that secrets are sealed with for it")}>
                          {key()}
                        </div>
                      )}
                    </Show>
                  </td>
                  <td>
                    <State silentSince={edge.silentSince} isKnown={answers()} />{" "}
                    <span class="muted">({formatAgo(edge.seen, live.now())})</span>
                  </td>
                  <td data-say={t("Version")}>{edge.version}</td>
                  <td class="episode-message" data-say={t("Watches")}>
                    {held(edge)}
                  </td>
                  <td data-say={t("Waits to be sent")}>
                    {edge.waiting.entries === 0
                      ? t("nothing")
                      : `${plural(edge.waiting.entries, "look")}, ${formatBytes(edge.waiting.bytes)}`}
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </ScrollTable>
      </Show>
    </Panel>
  );
}

/** null: it can open all that is entered for it. */
function keyProblem({ name: edge, key, cannotOpen }: ClusterReport["edges"][number]): string | null {
  if (key === null)
    return t("{edge} is of a version that cannot open what is entered on the page: update it.", { edge });
  if (cannotOpen.length === 0) return null;
  return t(
    "{edge} cannot open the secrets of {instances}: enter them anew, or give it the file site.key of another edge of its site.",
    { edge, instances: cannotOpen.join(", ") },
  );
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
