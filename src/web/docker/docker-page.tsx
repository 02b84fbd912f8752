import { createMemo, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { ProblemList } from "../overview/problem-list.tsx";
import { CONTAINERS } from "../search/fields.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { SortedTable } from "../ui/sorted-table.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { CONTAINER_COLUMNS, HOSTS } from "./docker-columns.tsx";
import { toHosted, toHostRows, toIssues } from "./docker-rows.ts";

/** Docker hosts and their containers: what is wrong first. */
export function DockerPage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  const { picture } = useLive();
  const [text, setText] = createUrlState("q");
  const all = createMemo(() => toHosted(picture()));
  const known = createMemo(() => vocabularyOf(all(), CONTAINERS));
  const query = createMemo(() => parseQuery(text(), CONTAINERS, (field, value) => known()(field, value)));
  const containers = createMemo(() => all().filter(query().test));
  const hosts = createMemo(() => toHostRows(picture()));
  const issues = createMemo(() => toIssues(picture()));
  const table = { shown: () => props.shown, show: (row: { id: string }) => props.onShow(row.id) };
  const count = () =>
    containers().length === all().length
      ? all().length.toLocaleString()
      : `${containers().length.toLocaleString()} of ${all().length.toLocaleString()}`;
  return (
    <div class="overview">
      <h1 class="visually-hidden">Docker</h1>
      <Show when={hosts().length > 0} fallback={<NoHosts />}>
        <ProblemList problems={issues()} onShow={props.onShow} />
        <Panel id="docker-hosts" title="Hosts" count={String(hosts().length)}>
          <SortedTable rows={hosts()} columns={HOSTS} name="docker-hosts" table={table} />
        </Panel>
        <Panel
          id="docker-containers"
          title="Containers"
          count={count()}
          tools={
            <FilterField
              text={text()}
              onText={setText}
              label="Search containers"
              placeholder="Search: web, host:dock1, state:exited, cpu>50…"
            />
          }
        >
          <Show when={query().error}>{error => <p class="form-problem">{error()}</p>}</Show>
          <Show when={containers().length > 0} fallback={<p class="nothing">No container is like that.</p>}>
            <SortedTable rows={containers()} columns={CONTAINER_COLUMNS} name="docker-containers" table={table} />
          </Show>
        </Panel>
      </Show>
    </div>
  );
}

function NoHosts(): JSX.Element {
  return (
    <section class="empty-estate">
      <h1>No Docker host reports yet</h1>
      <p>
        Hosts are seen through an agent that runs on them. An agent of Pulse 4 works as it is: point it here, with an
        API token of this server.
      </p>
      <pre>pulse-docker-agent --url {location.origin} --token YOUR_TOKEN</pre>
    </section>
  );
}
