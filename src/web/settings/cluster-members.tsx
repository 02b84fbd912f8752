import { For, type JSX, Match, Show, Switch } from "solid-js";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { formatAgo, formatBytes, formatNumber, formatTime, UNKNOWN } from "../format/format.ts";
import { ask, type Refused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { AskingButton } from "../security/asking.tsx";
import { Panel } from "../ui/panel.tsx";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { plural, t } from "../words/words.ts";

interface Told {
  report: ClusterReport;
  /** Reads it again. */
  again: () => void;
}

/** `site`: null: it is a core. */
function dismiss(site: string | null, name: string): Promise<object | Refused> {
  const place = site === null ? "cores" : `edges/${encodeURIComponent(site)}`;
  return ask("DELETE", `api/cluster/${place}/${encodeURIComponent(name)}`);
}

/** The cores, and how each is. */
export function Cores(props: Told): JSX.Element {
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
      <Show when={props.report.nats.refuses}>
        {refusal => (
          <p class="panel-note form-problem">
            {t(
              "NATS has stored nothing of what this core gives it since {time}: {reason}. Its disks or limits may be full.",
              {
                time: formatTime(refusal().since),
                reason: refusal().reason,
              },
            )}{" "}
            {t("Nothing is judged and nothing can be changed meanwhile; edges keep what they see.")}
          </p>
        )}
      </Show>
      <Show when={alone().length > 0}>
        <p class="panel-note form-problem">
          {t(
            "Each core tells people for itself, as NATS does not answer or stores nothing: a message may come twice, and says so.",
          )}
        </p>
      </Show>
      <Silent report={props.report} members={props.report.cores} again={props.again} />
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
          <For each={props.report.cores.map(({ name }) => name)}>
            {name => (
              <Show when={props.report.cores.find(core => core.name === name)}>
                {core => <CoreRow core={core()} {...props} />}
              </Show>
            )}
          </For>
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function CoreRow(props: Told & { core: ClusterReport["cores"][number] }): JSX.Element {
  const live = useLive();
  return (
    <tr>
      <td>
        <strong>{props.core.name}</strong>{" "}
        <Show when={props.core.name === props.report.self}>
          <span class="tag">{t("this core")}</span>
        </Show>
      </td>
      <td>
        <State
          silentSince={props.core.silentSince}
          isKnown={props.report.nats.answers || props.core.name === props.report.self}
        />{" "}
        <span class="muted">{lagText(props.core)}</span>
      </td>
      <td data-say={t("Version")}>{props.core.version || UNKNOWN}</td>
      <td data-say={t("Entries read")}>{props.core.version ? formatNumber(props.core.position) : UNKNOWN}</td>
      <td data-say={t("Last heard of")}>{formatAgo(props.core.seen, live.now())}</td>
    </tr>
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

/** Those that are silent, for who may say that they are gone for good. */
function Silent(
  props: Told & { members: readonly { site?: string; name: string; silentSince: number | null }[] },
): JSX.Element {
  const live = useLive();
  const may = () => props.report.nats.answers && (live.session()?.may.includes("admin") ?? false);
  const silent = () => props.members.filter(({ silentSince }) => silentSince !== null);
  return (
    <For each={may() ? silent().map(placeOf) : []}>
      {place => (
        <Show when={silent().find(one => placeOf(one) === place)}>
          {member => (
            <p class="panel-note asking-line">
              <span>
                {t("{name} is not heard of. Where it was taken away for good, say so:", { name: member().name })}
              </span>
              <AskingButton
                label={t("Gone for good")}
                question={
                  member().site === undefined
                    ? t("No alert speaks of it any more. Started again, it is back.")
                    : t(
                        "No alert speaks of it any more, and no secret is sealed for its key. Started again, it is back.",
                      )
                }
                confirm={t("It is gone")}
                does={() => dismiss(member().site ?? null, member().name)}
                onDone={props.again}
              />
            </p>
          )}
        </Show>
      )}
    </For>
  );
}

/** What it is told by from others of its kind. */
function placeOf({ site = "", name }: { site?: string; name: string }): string {
  return `${site} ${name}`;
}

/** The edges of each site, and what they watch. */
export function Edges(props: Told): JSX.Element {
  const answers = () => props.report.nats.answers;
  const unheld = () => props.report.instances.filter(({ holder }) => answers() && holder === null);
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
      <Silent report={props.report} members={props.report.edges} again={props.again} />
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
            <For each={props.report.edges.map(placeOf)}>
              {key => (
                <Show when={props.report.edges.find(edge => placeOf(edge) === key)}>
                  {edge => <EdgeRow edge={edge()} {...props} />}
                </Show>
              )}
            </For>
          </tbody>
        </ScrollTable>
      </Show>
    </Panel>
  );
}

function EdgeRow(props: Told & { edge: ClusterReport["edges"][number] }): JSX.Element {
  const live = useLive();
  const answers = () => props.report.nats.answers;
  const held = () => {
    if (!answers()) return UNKNOWN;
    const { silentSince, holds } = props.edge;
    return silentSince === null && holds.length > 0 ? holds.join(", ") : t("nothing");
  };
  return (
    <tr>
      <td data-say={t("Site")}>{props.edge.site}</td>
      <td>
        <strong>{props.edge.name}</strong>
        <Show when={props.edge.key}>
          {key => (
            <div class="muted" title={t("Fingerprint of the key that secrets are sealed with for it")}>
              {key()}
            </div>
          )}
        </Show>
      </td>
      <td>
        <State silentSince={props.edge.silentSince} isKnown={answers()} />{" "}
        <span class="muted">({formatAgo(props.edge.seen, live.now())})</span>
      </td>
      <td data-say={t("Version")}>{props.edge.version || UNKNOWN}</td>
      <td class="episode-message" data-say={t("Watches")}>
        {held()}
      </td>
      <td data-say={t("Waits to be sent")}>
        {props.edge.waiting.entries === 0
          ? t("nothing")
          : `${plural(props.edge.waiting.entries, "look")}, ${formatBytes(props.edge.waiting.bytes)}`}
      </td>
    </tr>
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
