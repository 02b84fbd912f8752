import { createResource, For, type JSX, onCleanup, Show } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import type { ScopeReport } from "../../model/source-report.ts";
import { formatAgo, formatDuration, formatNumber } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { ById } from "../ui/by-id.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { locale, plural, t, told } from "../words/words.ts";
import { type Diagnostics as Facts, readDiagnostics } from "./instances-api.ts";

/** What watching costs on each API, how long it takes, and what fails; read anew every ten seconds. */
export function Diagnostics(): JSX.Element {
  const [diagnostics, { refetch }] = createResource(readDiagnostics);
  const timer = setInterval(() => void refetch(), MINUTE / 6);
  onCleanup(() => clearInterval(timer));
  return (
    <Loaded<Facts>
      read={diagnostics}
      what={t("The diagnostics cannot be read now")}
      onAgain={() => void refetch()}
      lines={10}
    >
      {facts => (
        <Panel
          id="diagnostics"
          title={t("Diagnostics")}
          tools={
            <span class="muted">
              {t("Pulse {version}, {runtime}, {memory} MiB, up {uptime}, {pages} open", {
                version: facts().version,
                runtime: facts().runtime,
                memory: formatNumber(Math.round(facts().system.memoryMB)),
                uptime: formatDuration(facts().uptime * 1000),
                pages: plural(facts().streamClients, "page"),
              })}
            </span>
          }
        >
          <ById each={facts().sources} idOf={({ instance }) => instance}>
            {source => (
              <details class="source">
                <summary>
                  <strong>{source().instance}</strong>{" "}
                  <span class="muted">
                    {t("{calls} in the last minute", { calls: plural(source().callsLastMinute, "call") })}
                    {source().stretch > 1.05
                      ? `, ${t("rounds take {factor} times as long as planned", { factor: formatNumber(source().stretch, 1) })}`
                      : ""}
                  </span>{" "}
                  <Show when={source().scopes.some(({ fault }) => fault !== null)}>
                    <span class="status-word warning">{t("something fails")}</span>
                  </Show>
                </summary>
                <table class="scopes">
                  <caption class="visually-hidden">{source().instance}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("What")}</th>
                      <th scope="col">{t("Parts")}</th>
                      <th scope="col">{t("Every")}</th>
                      <th scope="col">{t("Last")}</th>
                      <th scope="col">{t("Took")}</th>
                      <th scope="col">{t("Fault")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={source().scopes}>{scope => <Scope scope={scope} />}</For>
                  </tbody>
                </table>
              </details>
            )}
          </ById>
          <Show when={facts().errors.length > 0}>
            <details class="source">
              <summary>
                <strong>{t("Log")}</strong>{" "}
                <span class="muted">{plural(facts().errors.length, "warning or error", "warnings and errors")}</span>
              </summary>
              <ul class="log">
                <For each={facts().errors.toReversed()}>
                  {entry => (
                    <li>
                      <span class="muted">{new Date(entry.time).toLocaleString(locale())}</span> {entry.message}
                    </li>
                  )}
                </For>
              </ul>
            </details>
          </Show>
        </Panel>
      )}
    </Loaded>
  );
}

function Scope(props: { scope: ScopeReport }): JSX.Element {
  const live = useLive();
  return (
    <tr>
      <th scope="row">{props.scope.scope}</th>
      <td>{props.scope.parts}</td>
      <td>{formatDuration(props.scope.interval)}</td>
      <td>{formatAgo(props.scope.startedAt, live.now())}</td>
      <td>{t("{count} ms", { count: formatNumber(Math.round(props.scope.took)) })}</td>
      <td>
        <Show when={props.scope.fault}>
          {fault => (
            <span class="status-word warning">
              {props.scope.failing > 1 ? `${plural(props.scope.failing, "part")}: ` : ""}
              {told(fault().message)}
            </span>
          )}
        </Show>
      </td>
    </tr>
  );
}
