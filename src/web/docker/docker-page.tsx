import { type Accessor, createMemo, For, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { ProblemList } from "../overview/problem-list.tsx";
import { CONTAINERS, type HostedContainer } from "../search/fields.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import { type Examples, FilterField } from "../ui/filter-field.tsx";
import { type Group, GroupedTable } from "../ui/grouped-table.tsx";
import { Panel } from "../ui/panel.tsx";
import { QuickFilters } from "../ui/quick-filters.tsx";
import { SortedTable } from "../ui/sorted-table.tsx";
import { StatusDot } from "../ui/status.tsx";
import { createUrlState, goTo } from "../ui/url-state.ts";
import { locale, t } from "../words/words.ts";
import { CONTAINER_COLUMNS } from "./container-columns.tsx";
import { LISTINGS, type Listing, toFilters, toGroups, toHosted, toHostRows, toIssues } from "./docker-rows.ts";
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
  const table = { shown: () => props.shown, show: (row: { id: string }) => props.onShow(row.id) };
  return (
    <div class="overview">
      <h1 class="visually-hidden">{t("Docker")}</h1>
      <Show when={hosts().length > 0} fallback={<NoHosts />}>
        <ProblemList problems={issues()} onShow={props.onShow} />
        <Panel id="docker-hosts" title={t("Hosts")} count={String(hosts().length)}>
          <SortedTable rows={hosts()} columns={HOSTS} name="docker-hosts" table={table} />
        </Panel>
        <Containers shown={props.shown} onShow={props.onShow} />
      </Show>
    </div>
  );
}

function Containers(props: Shown): JSX.Element {
  const { picture } = useLive();
  const [text, setText] = createUrlState("q");
  const [list, setList] = createUrlState("list", "host");
  const listing = (): Listing => LISTINGS.find(({ key }) => key === list())?.key ?? "host";
  const all = createMemo(() => toHosted(picture()));
  const known = createMemo(() => vocabularyOf(all(), CONTAINERS));
  const query = createMemo(() => parseQuery(text(), CONTAINERS, (field, value) => known()(field, value)));
  const found = createMemo(() => all().filter(query().test));
  const groups = createMemo(() => {
    const by = listing();
    return by === "list" ? null : toGroups(found(), by);
  });
  const table = { shown: () => props.shown, show: (row: { id: string }) => props.onShow(row.id) };
  const columns = () => CONTAINER_COLUMNS[listing()];
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
        <FilterField
          text={text()}
          onText={setText}
          label={t("Search containers")}
          placeholder={t("Search: web, host:dock1, state:exited…")}
          error={query().error}
          examples={HELP}
        />
        <QuickFilters filters={toFilters(all())} text={text()} onText={setText} />
        <fieldset class="segments">
          <legend class="visually-hidden">{t("How containers are listed")}</legend>
          <For each={LISTINGS}>
            {({ key, name }) => (
              <button type="button" aria-pressed={listing() === key} onClick={() => setList(key)}>
                {name}
              </button>
            )}
          </For>
        </fieldset>
      </div>
      <Show when={found().length > 0} fallback={<NothingFound all={all().length} onAll={() => setText("")} />}>
        <Show
          when={groups()}
          fallback={<SortedTable rows={found()} columns={columns()} name="docker-containers" table={table} />}
        >
          {groups => (
            <GroupedTable
              groups={groups()}
              columns={columns()}
              name="docker-containers"
              table={table}
              head={group => <GroupHead group={group} isHost={listing() === "host"} onShow={props.onShow} />}
            />
          )}
        </Show>
      </Show>
    </section>
  );
}

/** The name of a host, which leads to its details, or of a project, and how its containers are. */
function GroupHead(props: {
  group: Accessor<Group<HostedContainer>>;
  isHost: boolean;
  onShow: (id: string) => void;
}): JSX.Element {
  const { picture } = useLive();
  const host = () => (props.isHost ? picture().dockerHosts[props.group().id] : undefined);
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

function NothingFound(props: { all: number; onAll: () => void }): JSX.Element {
  return (
    <p class="nothing">
      <Show when={props.all > 0} fallback={t("There are no containers yet.")}>
        {t("No container is like that.")}{" "}
        <button type="button" class="button" onClick={() => props.onAll()}>
          {t("Show all {count}", { count: props.all.toLocaleString(locale()) })}
        </button>
      </Show>
    </p>
  );
}

function NoHosts(): JSX.Element {
  return (
    <section class="empty-estate">
      <h1>{t("No Docker host reports yet")}</h1>
      <p>{t("Hosts are seen through an agent that runs on them: one command installs it.")}</p>
      <p>
        <button type="button" class="button primary" onClick={() => goTo("?page=settings&section=docker")}>
          {t("Add a Docker host")}
        </button>
      </p>
    </section>
  );
}
