import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { FIELDS } from "../search/fields.ts";
import { type Knows, parseQuery } from "../search/query.ts";
import { createUrlState } from "../ui/url-state.ts";
import { Details } from "./details.tsx";
import { GuestTable } from "./guest-table.tsx";
import { GuestTools } from "./guest-tools.tsx";
import { NodeTable } from "./node-table.tsx";
import { ProblemList } from "./problem-list.tsx";
import type { Problem } from "./problems.ts";
import { guestsOf, SORT_KEYS, type Sort, toRows } from "./rows.ts";

/** The main page: what is wrong, the nodes, the guests. */
export function Overview(props: { problems: readonly Problem[] }): JSX.Element {
  const live = useLive();
  const [text, setText] = createUrlState("q");
  const [sortText, setSortText] = createUrlState("sort", "name");
  const [view, setView] = createUrlState("view", "nodes");
  const [shown, setShown] = createUrlState("show");
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());

  const vocabulary = createMemo(() => toVocabulary(live.picture()));
  const query = createMemo(() => parseQuery(text(), (field, value) => vocabulary()(field, value)));
  const sort = createMemo(() => toSort(sortText()));
  const found = createMemo(() =>
    toRows(live.picture(), { query: query(), sort: sort(), grouped: view() === "nodes", folded: folded() }),
  );
  const show = (id: string) => setShown(shown() === id ? "" : id, "push");
  const fold = (id: string) => setFolded(before => (before.has(id) ? without(before, id) : new Set([...before, id])));

  return (
    <div class="overview">
      <h1 class="visually-hidden">Overview</h1>
      <ProblemList problems={props.problems} onShow={show} />
      <NodeTable shown={shown()} onShow={show} />
      <section class="panel" aria-labelledby="guests-title">
        <GuestTools
          text={text()}
          onText={setText}
          error={query().error}
          rows={found()}
          grouped={view() === "nodes"}
          onGrouped={grouped => setView(grouped ? "nodes" : "flat")}
          sort={sort()}
          onSort={next => setSortText(toText(next))}
        />
        <GuestTable
          rows={found().rows}
          grouped={view() === "nodes"}
          sort={sort()}
          onSort={next => setSortText(toText(next))}
          folded={folded()}
          onFold={fold}
          shown={shown()}
          onShow={show}
        />
        <Show when={found().found === 0}>
          <p class="nothing">
            {found().total === 0 ? "There are no guests yet." : "No guest is like that."}{" "}
            <Show when={text() !== ""}>
              <button type="button" class="button" onClick={() => setText("")}>
                Show all {found().total.toLocaleString()}
              </button>
            </Show>
          </p>
        </Show>
      </section>
      <Details id={shown()} onClose={() => setShown("", "push")} onShow={show} />
    </div>
  );
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const rest = new Set(set);
  rest.delete(id);
  return rest;
}

/** "cpu", or "-cpu" for descending, as the address has it; anything else is by name. */
function toSort(text: string): Sort {
  const key = SORT_KEYS.find(one => one === text.replace(/^-/, "")) ?? "name";
  return { key, descending: text.startsWith("-") };
}

function toText({ key, descending }: Sort): string {
  return `${descending ? "-" : ""}${key}`;
}

/** Which values the guests have, asked for a field at a time. */
function toVocabulary(picture: Parameters<typeof guestsOf>[0]): Knows {
  const values = new Map<string, Set<string>>();
  const guests = guestsOf(picture);
  return (name, value) => {
    const field = FIELDS[name];
    if (field?.kind !== "text") return false;
    const known = values.get(name) ?? new Set(guests.flatMap(guest => field.of(guest)));
    values.set(name, known);
    return known.has(value);
  };
}
