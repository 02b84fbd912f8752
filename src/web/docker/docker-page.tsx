import { type Accessor, createMemo, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { ProblemList } from "../overview/problem-list.tsx";
import { CONTAINERS, type HostedContainer } from "../search/fields.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import type { Group } from "../ui/column.ts";
import { DataTable } from "../ui/data-table.tsx";
import { type Examples, TableSearch } from "../ui/filter-field.tsx";
import { QuickFilters } from "../ui/quick-filters.tsx";
import { AddButton, EmptyState, NothingFound } from "../ui/states.tsx";
import { StatusDot } from "../ui/status.tsx";
import { GroupChoice, TableMenu } from "../ui/table-menu.tsx";
import { TablePanel } from "../ui/table-panel.tsx";
import { createTable } from "../ui/table-state.ts";
import { createUrlState } from "../ui/url-state.ts";
import { locale, t } from "../words/words.ts";
import { CONTAINER_COLUMNS } from "./container-columns.tsx";
import { containerGroupings, toFilters, toHosted, toHostRows, toIssues } from "./docker-rows.ts";
import { HOSTS } from "./host-columns.tsx";

const HELP: Examples = [
  ["web", t("name, image, host or project contains it")],
  ["host:dock1", t("also image, project, service, state, health, issue, mount, port")],
  ["state:exited,restarting", t("one of these; image:nginx* with a star for anything")],
  ["health:unhealthy", t("healthy, unhealthy, starting")],
  ["issue:*", t("restart-loop, unhealthy, out-of-memory, memory-pressure")],
  ["label:tier=back", t("a label, or a label with its value")],
  ["cpu>50  memory>2G", t("percent of one CPU; bytes or percent")],
  ["in>1M  write>500K", t("bytes a second; also out, read")],
  ["restarts>=3 uptime<1h", "s, m, h, d"],
  ["web -project:test", t("both; a minus or NOT excludes; brackets, AND, OR")],
];

type Shown = { shown: string; onShow: (id: string) => void };

/** Docker hosts and their containers: what is wrong first. */
export function DockerPage(props: Shown): JSX.Element {
  const { picture } = useLive();
  const hosts = createMemo(() => toHostRows(picture()));
  const issues = createMemo(() => toIssues(picture()));
  return (
    <div class="overview">
      <h1 class="visually-hidden">{t("Docker")}</h1>
      <Show when={hosts().length > 0} fallback={<NoHosts />}>
        <ProblemList problems={issues()} onShow={props.onShow} />
        <TablePanel
          name="docker-hosts"
          title={t("Hosts")}
          count={hosts().length.toLocaleString(locale())}
          rows={hosts()}
          columns={() => HOSTS}
          sort="name"
          shown={props.shown}
          onShow={props.onShow}
        />
        <Containers shown={props.shown} onShow={props.onShow} />
      </Show>
    </div>
  );
}

function Containers(props: Shown): JSX.Element {
  const { picture } = useLive();
  const [text, setText] = createUrlState("q");
  const all = createMemo(() => toHosted(picture()));
  const known = createMemo(() => vocabularyOf(all(), CONTAINERS));
  const query = createMemo(() => parseQuery(text(), CONTAINERS, (field, value) => known()(field, value)));
  const found = createMemo(() => all().filter(query().test));
  const groupings = containerGroupings(group => <GroupHead group={group} onShow={props.onShow} />);
  const table = createTable<HostedContainer>({
    name: "docker-containers",
    isMain: true,
    columns: () => CONTAINER_COLUMNS,
    groupings: () => groupings,
    sort: "name",
    group: () => "host",
  });
  return (
    <section class="panel" aria-labelledby="docker-containers-title">
      <div class="panel-head tools">
        <h2 id="docker-containers-title">{t("Containers")}</h2>
        <span class="count" role="status">
          {found().length === all().length
            ? all().length.toLocaleString(locale())
            : t("{found} of {all}", {
                found: found().length.toLocaleString(locale()),
                all: all().length.toLocaleString(locale()),
              })}
        </span>
        <TableSearch
          text={text()}
          onText={setText}
          label={t("Search containers")}
          placeholder={t("Search: web, host:dock1, state:exited…")}
          error={query().error}
          examples={HELP}
        />
        <QuickFilters filters={toFilters(all())} text={text()} onText={setText} />
        <GroupChoice table={table} />
        <TableMenu table={table} title={t("Containers")} />
      </div>
      <Show
        when={found().length > 0}
        fallback={
          <NothingFound
            icon="lxc"
            text={text()}
            onAll={() => setText("")}
            none={t("There are no containers yet")}
            like={t("No container is like that")}
          />
        }
      >
        <DataTable
          table={table}
          rows={found()}
          labelledBy="docker-containers-title"
          shown={props.shown}
          onShow={props.onShow}
          asked={text()}
        />
      </Show>
    </section>
  );
}

/** The name of a host, which leads to its details, or of a project, and how its containers are. */
function GroupHead(props: { group: Accessor<Group<HostedContainer>>; onShow: (id: string) => void }): JSX.Element {
  const { picture } = useLive();
  const host = () => picture().dockerHosts[props.group().id];
  const running = () => props.group().rows.filter(({ state }) => state === "running").length;
  return (
    <>
      <Show when={host()} fallback={<span class="name">{props.group().name}</span>}>
        {host => (
          <>
            <StatusDot status={host().status} />
            <button
              type="button"
              class="name"
              tabindex={-1}
              onClick={event => {
                event.stopPropagation();
                props.onShow(host().id);
              }}
            >
              {props.group().name}
            </button>
          </>
        )}
      </Show>
      <span class="muted running-count">
        {t("{running} of {count} running", { running: running(), count: props.group().rows.length })}
      </span>
    </>
  );
}

function NoHosts(): JSX.Element {
  return (
    <section class="panel">
      <EmptyState
        icon="lxc"
        title={t("No Docker host reports yet")}
        text={t("Hosts are seen through an agent that runs on them: one command installs it.")}
      >
        <AddButton href="?page=settings&section=docker" what={t("Add a Docker host")} />
      </EmptyState>
    </section>
  );
}
