import "./states.css";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { formatMoment } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import type { Reading } from "../live/reading.ts";
import { t, told } from "../words/words.ts";
import { DocsLink } from "./docs-link.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { PageLink } from "./page-link.tsx";

/** What holds the place of lines that are on their way, as high as they will be. Screen readers are told once that something loads. */
export function Skeleton(props: { lines: number; kind?: "lines" | "table" }): JSX.Element {
  return (
    <div class={`skeleton ${props.kind ?? "lines"}`} role="status">
      <span class="visually-hidden">{t("Loading…")}</span>
      <For each={Array.from({ length: props.lines }, (_, at) => at)}>
        {at => (
          <span class="skeleton-line" aria-hidden="true">
            <i style={{ width: `${[72, 58, 84, 46, 66][at % 5]}%` }} />
          </span>
        )}
      </For>
    </div>
  );
}

/** There is nothing here: why, and what to do next. `children`: the buttons. */
export function EmptyState(props: {
  icon?: IconName;
  title: string;
  text?: JSX.Element;
  children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="state-box">
      <Icon name={props.icon ?? "search"} class="state-icon" />
      <p class="state-title">{props.title}</p>
      <Show when={props.text}>
        <p class="state-text">{props.text}</p>
      </Show>
      <Show when={props.children}>
        <div class="state-actions">{props.children}</div>
      </Show>
    </div>
  );
}

/** A list is empty: there is nothing yet (`none`, and `why`), or nothing that a search for `text` finds (`like`). */
export function NothingFound(props: {
  icon: IconName;
  text: string;
  onAll: () => void;
  none: string;
  why?: string;
  like: string;
}): JSX.Element {
  return (
    <Show
      when={props.text.trim() !== ""}
      fallback={<EmptyState icon={props.icon} title={props.none} text={props.why} />}
    >
      <EmptyState title={props.like}>
        <button type="button" class="button" onClick={() => props.onAll()}>
          {t("Show all")}
        </button>
      </EmptyState>
    </Show>
  );
}

/** Something could not be had: what, why, and a way to try again. */
export function ErrorState(props: { what: string; why: string; onAgain?: () => void }): JSX.Element {
  return (
    <div class="state-box problem-state" role="alert">
      <Icon name="warning" class="state-icon" />
      <p class="state-title">{props.what}</p>
      <p class="state-text">{told(props.why)}</p>
      <Show when={props.onAgain}>
        {again => (
          <div class="state-actions">
            <button type="button" class="button" onClick={() => again()()}>
              <Icon name="reset" /> {t("Try again")}
            </button>
          </div>
        )}
      </Show>
    </div>
  );
}

/** What is shown is old: it was read, and cannot be read anew. Nothing else. */
export function StaleNote(props: { reading: Pick<Reading<unknown>, "at" | "problem" | "again"> }): JSX.Element {
  const live = useLive();
  return (
    <Show when={props.reading.at() !== null && props.reading.problem()}>
      {why => (
        <p class="stale-note" role="status">
          <Icon name="clock" />
          <span>
            {t("As of {time}, not to be had since: {why}", {
              time: formatMoment(props.reading.at() ?? 0, live.now()),
              why: why(),
            })}
          </span>
          <button type="button" class="button quiet" onClick={() => props.reading.again()}>
            {t("Try again")}
          </button>
        </p>
      )}
    </Show>
  );
}

/** A part of what is shown was never read, and cannot be had now; the rest of the page is there. `what`: a sentence that says why, too. */
export function MissingNote(props: {
  reading: Pick<Reading<unknown>, "at" | "problem" | "again">;
  what: string;
}): JSX.Element {
  return (
    <Show when={props.reading.at() === null && props.reading.problem()}>
      <p class="stale-note" role="status">
        <Icon name="warning" />
        <span>{props.what}</span>
        <button type="button" class="button quiet" onClick={() => props.reading.again()}>
          {t("Try again")}
        </button>
      </p>
    </Show>
  );
}

/** Who may change what stands here, said to a reader who may not. */
export function OnlyFor(props: { right: "write" | "admin"; text: string }): JSX.Element {
  const live = useLive();
  return (
    <Show when={live.session() && !live.session()?.may.includes(props.right)}>
      <p class="only-for">
        <Icon name="lock" /> {props.text}
      </p>
    </Show>
  );
}

/** The reader may not see or do this; `who` may. */
export function NoRight(props: { what: string; text?: string }): JSX.Element {
  return (
    <div class="state-box">
      <Icon name="lock" class="state-icon" />
      <p class="state-title">{props.what}</p>
      <p class="state-text">{props.text ?? t("Ask an administrator of this Pulse if you need it.")}</p>
    </div>
  );
}

/** What an empty page needs, for who may do that; to others it says who can. */
export function AddButton(props: { href: string; what: string }): JSX.Element {
  const live = useLive();
  return (
    <Show
      when={live.session()?.may.includes("admin")}
      fallback={<span class="muted">{t("An administrator can add one in the settings.")}</span>}
    >
      <PageLink class="button primary" href={props.href}>
        {props.what}
      </PageLink>
    </Show>
  );
}

/** A question mark that opens a sentence or two where a person may stop to think. `docs`: the place in the documentation that says more. */
export function Help(props: { about: string; docs?: string | undefined; children: JSX.Element }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const id = createUniqueId();
  return (
    <span class="help">
      <button
        type="button"
        class="help-button"
        aria-expanded={isOpen()}
        aria-controls={id}
        aria-label={t("What is this: {about}", { about: props.about })}
        onClick={() => setOpen(!isOpen())}
        on:keydown={event => {
          if (event.key !== "Escape" || !isOpen()) return;
          event.stopPropagation();
          setOpen(false);
        }}
      >
        <Icon name="help" />
      </button>
      <span id={id} class="help-text" hidden={!isOpen()}>
        {props.children} <Show when={props.docs}>{place => <DocsLink place={place()} />}</Show>
      </span>
    </span>
  );
}

/** A page that is on its way: as its panels will lie, so that nothing jumps. */
export function PageSkeleton(props: { kind?: "overview" | "list" }): JSX.Element {
  const lines = () => (props.kind === "overview" ? [5, 5, 5] : [8]);
  return (
    <div class="overview page-skeleton" classList={{ estate: props.kind === "overview" }}>
      <div class="glances">
        <For each={lines()}>
          {count => (
            <div class="panel">
              <Skeleton lines={count} />
            </div>
          )}
        </For>
      </div>
      <Show when={props.kind === "overview"}>
        <div class="panel">
          <Skeleton lines={10} kind="table" />
        </div>
      </Show>
    </div>
  );
}
