import { type Accessor, type JSX, Show } from "solid-js";
import { locale, t } from "../words/words.ts";
import type { Group } from "./column.ts";
import { Icon } from "./icon.tsx";
import type { RowPlace } from "./virtual-rows.tsx";

/** The head of a group: a press folds its rows away, and out again. */
export function GroupLine<T>(props: {
  group: Accessor<Group<T>>;
  place: RowPlace;
  head: ((group: Accessor<Group<T>>) => JSX.Element) | undefined;
  isFolded: boolean;
  isShown: boolean;
  onFold: () => void;
}): JSX.Element {
  return (
    <div
      class="row group"
      classList={{ shown: props.isShown }}
      role="row"
      {...props.place}
      onClick={() => props.onFold()}
    >
      <div class="c-group cell-line" role="rowheader">
        <button
          type="button"
          class="fold"
          tabindex={-1}
          aria-expanded={!props.isFolded}
          aria-label={t("Rows of {name}", { name: props.group().name })}
          onClick={event => {
            event.stopPropagation();
            props.onFold();
          }}
        >
          <Icon name="chevron" />
        </button>
        <Show when={props.head} fallback={<PlainHead group={props.group()} />}>
          {head => head()(props.group)}
        </Show>
      </div>
    </div>
  );
}

function PlainHead<T>(props: { group: Group<T> }): JSX.Element {
  return (
    <>
      <span class="name">{props.group.name}</span>
      <span class="muted">{props.group.rows.length.toLocaleString(locale())}</span>
    </>
  );
}
