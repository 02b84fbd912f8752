import "./glance.css";
import { For, type JSX, Show } from "solid-js";
import { formatNumber, unbroken } from "../format/format.ts";
import { Icon } from "../ui/icon.tsx";
import { createMedia } from "../ui/media.ts";
import { PageLink } from "../ui/page-link.tsx";
import { Help, Skeleton } from "../ui/states.tsx";
import { plural, t } from "../words/words.ts";

/** One line of a panel that is read at a glance. */
export interface GlanceLine {
  id: string;
  tone: "critical" | "warning" | "plain";
  subject: string;
  /** The entity whose details it shows; null: it leads to `href`, or nowhere. */
  shows: string | null;
  says: string;
  /** What stands at the end of the line: when, how much. */
  value?: string;
  title?: string;
}

/** How many lines there are at a desk, and on a phone. */
const LINES = 5;
const LINES_ON_PHONE = 3;

/**
 * A panel that says in a line that all is well, or in a few what is not. `lines` null: nothing is known yet; the panel is then as high as it
 * will be. `problem`: why nothing is.
 */
export function Glance(props: {
  id: string;
  title: string;
  /** The page that tells more. */
  href: string;
  /** Beside the title. */
  note?: string;
  /** What it counts, in a sentence or two, for who stops to think. */
  help?: string;
  lines: readonly GlanceLine[] | null;
  /** What is said when there is no line. */
  well: string;
  problem?: string | null;
  onAgain?: () => void;
  /** Below the lines, whatever they are. */
  foot?: JSX.Element;
  onShow: (id: string) => void;
}): JSX.Element {
  const isPhone = createMedia("(max-width: 640px)");
  const most = () => (isPhone() ? LINES_ON_PHONE : LINES);
  const listed = () => (props.lines ?? []).slice(0, most());
  const more = () => (props.lines?.length ?? 0) - listed().length;
  return (
    <section
      class="panel glance"
      aria-labelledby={`${props.id}-title`}
      aria-busy={props.lines === null && !props.problem}
    >
      <header class="panel-head">
        <h2 id={`${props.id}-title`}>
          <PageLink href={props.href}>{props.title}</PageLink>
        </h2>
        <span class="count">{props.note}</span>
        <Show when={props.help}>{text => <Help about={props.title}>{text()}</Help>}</Show>
      </header>
      <Show when={props.problem && props.lines === null}>
        <p class="glance-problem" role="alert">
          <Icon name="warning" /> <span>{props.problem}</span>
          <button type="button" class="button quiet" onClick={() => props.onAgain?.()}>
            {t("Try again")}
          </button>
        </p>
      </Show>
      <Show when={props.lines === null && !props.problem}>
        <Skeleton lines={most()} />
      </Show>
      <Show when={props.lines?.length === 0}>
        <p class="glance-well">
          <Icon name="check" /> <span>{props.well}</span>
        </p>
      </Show>
      <ul>
        <For each={listed().map(({ id }) => id)}>
          {id => (
            <Show when={listed().find(line => line.id === id)}>
              {line => <Line line={line()} onShow={props.onShow} />}
            </Show>
          )}
        </For>
      </ul>
      <Show when={more() > 0}>
        <p class="glance-more">
          <PageLink href={props.href}>{t("{count} more", { count: formatNumber(more()) })}</PageLink>
        </p>
      </Show>
      {props.foot}
    </section>
  );
}

function Line(props: { line: GlanceLine; onShow: (id: string) => void }): JSX.Element {
  const subject = () => props.line.subject;
  return (
    <li class={`glance-line ${props.line.tone}`} title={props.line.title}>
      <span class="glance-text">
        <Show when={props.line.tone !== "plain"}>
          <span class="visually-hidden">{props.line.tone === "critical" ? t("Critical:") : t("Warning:")} </span>
        </Show>
        <Show when={props.line.shows} fallback={<strong>{subject()}</strong>}>
          {id => (
            <button type="button" class="link" onClick={() => props.onShow(id())}>
              {subject()}
            </button>
          )}
        </Show>{" "}
        {unbroken(props.line.says)}
      </span>
      <Show when={props.line.value}>{value => <span class="glance-value number">{value()}</span>}</Show>
    </li>
  );
}

/** "web, db, mail and 4 more". */
export function namesOf(names: readonly string[], most = 3): string {
  const listed = names.slice(0, names.length === most + 1 ? most + 1 : most);
  const rest = names.length - listed.length;
  return rest > 0
    ? t("{names} and {count}", { names: listed.join(", "), count: plural(rest, "more", "more") })
    : listed.join(", ");
}
