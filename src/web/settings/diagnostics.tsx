import { createResource, For, type JSX, onCleanup, Show } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import type { ScopeReport } from "../../model/source-report.ts";
import { formatAgo, formatDuration, plural } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Panel } from "../ui/panel.tsx";
import { readDiagnostics } from "./instances-api.ts";

/** What watching costs on each API, how long it takes, and what fails; read anew every ten seconds. */
export function Diagnostics(): JSX.Element {
  const [diagnostics, { refetch }] = createResource(readDiagnostics);
  const timer = setInterval(() => void refetch(), MINUTE / 6);
  onCleanup(() => clearInterval(timer));
  return (
    <Show when={diagnostics.latest}>
      {facts => (
        <Panel
          id="diagnostics"
          title="Diagnostics"
          tools={
            <span class="muted">
              Pulse {facts().version}, {facts().runtime}, {Math.round(facts().system.memoryMB)} MiB, up{" "}
              {formatDuration(facts().uptime * 1000)}, {plural(facts().streamClients, "page")} open
            </span>
          }
        >
          <For each={facts().sources}>
            {source => (
              <details class="source">
                <summary>
                  <strong>{source.instance}</strong>{" "}
                  <span class="muted">
                    {plural(source.callsLastMinute, "call")} in the last minute
                    {source.stretch > 1.05 ? `, rounds take ${source.stretch.toFixed(1)} times as long as planned` : ""}
                  </span>{" "}
                  <Show when={source.scopes.some(({ fault }) => fault !== null)}>
                    <span class="status-word warning">something fails</span>
                  </Show>
                </summary>
                <table class="scopes">
                  <thead>
                    <tr>
                      <th scope="col">What</th>
                      <th scope="col">Parts</th>
                      <th scope="col">Every</th>
                      <th scope="col">Last</th>
                      <th scope="col">Took</th>
                      <th scope="col">Fault</th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={source.scopes}>{scope => <Scope scope={scope} />}</For>
                  </tbody>
                </table>
              </details>
            )}
          </For>
          <Show when={facts().errors.length > 0}>
            <details class="source">
              <summary>
                <strong>Log</strong> <span class="muted">{plural(facts().errors.length, "warning")} and errors</span>
              </summary>
              <ul class="log">
                <For each={facts().errors.toReversed()}>
                  {entry => (
                    <li>
                      <span class="muted">{new Date(entry.time).toLocaleString()}</span> {entry.message}
                    </li>
                  )}
                </For>
              </ul>
            </details>
          </Show>
        </Panel>
      )}
    </Show>
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
      <td>{Math.round(props.scope.took)} ms</td>
      <td>
        <Show when={props.scope.fault}>
          {fault => (
            <span class="status-word warning">
              {props.scope.failing > 1 ? `${props.scope.failing} parts: ` : ""}
              {fault().message}
            </span>
          )}
        </Show>
      </td>
    </tr>
  );
}
