import { For, type JSX, Show } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { MINUTE } from "../../kit/units.ts";
import { formatDuration, formatNumber } from "../format/format.ts";
import { createReading } from "../live/reading.ts";
import type { Grouping } from "../ui/column.ts";
import { DataTable } from "../ui/data-table.tsx";
import { byText } from "../ui/grouping.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { TableMenu } from "../ui/table-menu.tsx";
import { createTable } from "../ui/table-state.ts";
import { locale, plural, t } from "../words/words.ts";
import { readDiagnostics } from "./instances-api.ts";
import { LOOKS, type LookRow } from "./look-columns.tsx";

type Facts = AnswerOf<Routes["diagnostics"]>;

/** What watching costs on each API, how long it takes, and what fails; read anew every ten seconds. */
export function Diagnostics(): JSX.Element {
  const diagnostics = createReading(readDiagnostics, { every: MINUTE / 6 });
  const groupings: readonly Grouping<LookRow>[] = [
    {
      ...byText<LookRow>("instance", t("By instance"), ({ instance }) => instance),
      head: group => <SourceHead instance={group().name} sources={diagnostics.told()?.sources ?? []} />,
    },
  ];
  const table = createTable<LookRow>({
    name: "diagnostics",
    columns: () => LOOKS,
    groupings: () => groupings,
    sort: "what",
    group: () => "instance",
  });
  return (
    <Loaded reading={diagnostics} what={t("The diagnostics cannot be read now")} lines={10}>
      {facts => (
        <Panel
          id="diagnostics"
          title={t("Diagnostics")}
          help={t(
            "What Pulse asks each instance for, how often, and how long the last answer took. Where something fails, what is shown of it is old.",
          )}
          docs="troubleshooting#figures-are-old"
          tools={
            <>
              <span class="muted">
                {t("Pulse {version}, {runtime}, {memory} MiB, up {uptime}, {pages} open", {
                  version: facts().version,
                  runtime: facts().runtime,
                  memory: formatNumber(Math.round(facts().system.memoryMB)),
                  uptime: formatDuration(facts().uptime * 1000),
                  pages: plural(facts().streamClients, "page"),
                })}
              </span>
              <TableMenu table={table} title={t("Diagnostics")} />
            </>
          }
        >
          <DataTable
            table={table}
            rows={rowsOf(facts())}
            labelledBy="diagnostics-title"
            shown=""
            onShow={() => {}}
            showsOf={() => null}
          />
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

function rowsOf({ sources }: Facts): LookRow[] {
  return sources.flatMap(({ instance, scopes }) =>
    scopes.map(scope => ({ ...scope, id: `${instance} ${scope.scope}`, stale: false as const, instance })),
  );
}

/** An instance: how much is asked of it, and whether something fails. */
function SourceHead(props: { instance: string; sources: Facts["sources"] }): JSX.Element {
  const source = () => props.sources.find(({ instance }) => instance === props.instance);
  return (
    <>
      <span class="name">{props.instance}</span>
      <span class="muted">
        {t("{calls} in the last minute", { calls: plural(source()?.callsLastMinute ?? 0, "call") })}
        {(source()?.stretch ?? 1) > 1.05
          ? `, ${t("rounds take {factor} times as long as planned", { factor: formatNumber(source()?.stretch ?? 1, 1) })}`
          : ""}
      </span>
      <Show when={source()?.scopes.some(({ fault }) => fault !== null)}>
        <span class="status-word warning">{t("something fails")}</span>
      </Show>
    </>
  );
}
