import { createSignal, type JSX, Show } from "solid-js";
import type { View } from "../../model/user-settings.ts";
import { prefer, preferences } from "../live/preferences.ts";
import { t } from "../words/words.ts";
import { ById } from "./by-id.tsx";
import { Problem } from "./form-end.tsx";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";
import { wholeAddress } from "./table-state.ts";
import { addressSearch, goTo } from "./url-state.ts";
import { isSameAddress, LONGEST_VIEW, MOST_VIEWS, pageOf, renamed, withView } from "./views.ts";

/** The saved views of this page: what is searched for, and how its tables are. Each is an address, which others may be given. */
export function ViewsMenu(): JSX.Element {
  const own = () => preferences().views.filter(({ search }) => pageOf(search) === pageOf(addressSearch()));
  return (
    <Menu
      label={t("Saved views")}
      icon="views"
      isMarked={own().some(({ search }) => isSameAddress(search, wholeAddress()))}
    >
      {close => <Views own={own()} onDone={close} />}
    </Menu>
  );
}

function Views(props: { own: readonly View[]; onDone: () => void }): JSX.Element {
  const [gone, setGone] = createSignal<View | null>(null);
  const keep = (views: readonly View[]) => void prefer({ views: [...views] });
  return (
    <>
      <Show
        when={props.own.length > 0}
        fallback={<p class="hint">{t("A view keeps, under a name, what you search for and how the tables are.")}</p>}
      >
        <ul class="views">
          <ById each={props.own} idOf={({ name }) => name}>
            {view => (
              <ViewLine
                view={view()}
                onOpen={() => {
                  props.onDone();
                  goTo(view().search);
                }}
                onName={name => {
                  const views = renamed(preferences().views, view(), name);
                  if (views) keep(views);
                  return views !== null;
                }}
                onRemove={() => {
                  const removed = view();
                  keep(preferences().views.filter(one => one !== removed));
                  setGone(removed);
                }}
              />
            )}
          </ById>
        </ul>
      </Show>
      <Show when={gone()}>
        {view => (
          <p class="menu-line" role="status">
            {t('"{name}" is removed.', { name: view().name })}
            <button
              type="button"
              class="button"
              onClick={() => {
                keep(withView(preferences().views, view()));
                setGone(null);
              }}
            >
              {t("Put it back")}
            </button>
          </p>
        )}
      </Show>
      <NewView onSave={view => keep(withView(preferences().views, view))} />
      <CopyLink />
    </>
  );
}

/** A view: a press opens it; it can be named otherwise and removed. */
function ViewLine(props: {
  view: View;
  onOpen: () => void;
  /** Answers whether it can be called so. */
  onName: (name: string) => boolean;
  onRemove: () => void;
}): JSX.Element {
  const [isNaming, setNaming] = createSignal(false);
  const [isWrong, setWrong] = createSignal(false);
  return (
    <li>
      <Show
        when={isNaming()}
        fallback={
          <>
            <a
              class="view"
              href={`./${props.view.search}`}
              aria-current={isSameAddress(props.view.search, wholeAddress()) ? "true" : undefined}
              onClick={event => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                props.onOpen();
              }}
            >
              {props.view.name}
            </a>
            <button
              type="button"
              class="icon-button"
              aria-label={t('Rename "{name}"', { name: props.view.name })}
              onClick={() => setNaming(true)}
            >
              <Icon name="pen" />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={t('Remove "{name}"', { name: props.view.name })}
              onClick={() => props.onRemove()}
            >
              <Icon name="close" />
            </button>
          </>
        }
      >
        <form
          class="menu-form"
          onSubmit={event => {
            event.preventDefault();
            const name = new FormData(event.currentTarget).get("name");
            const isTaken = !props.onName(String(name ?? ""));
            setWrong(isTaken);
            if (!isTaken) setNaming(false);
          }}
        >
          <input
            name="name"
            aria-label={t('New name of "{name}"', { name: props.view.name })}
            aria-invalid={isWrong()}
            value={props.view.name}
            maxlength={60}
            required
            autocomplete="off"
            ref={input => queueMicrotask(() => input.select())}
          />
          <button type="submit" class="button">
            {t("Rename")}
          </button>
          <Problem why={isWrong() && t("Another view of this page is called so.")} />
        </form>
      </Show>
    </li>
  );
}

function NewView(props: { onSave: (view: View) => void }): JSX.Element {
  const problem = () => {
    if (preferences().views.length >= MOST_VIEWS) return t("There are {most} views already.", { most: MOST_VIEWS });
    return wholeAddress().length > LONGEST_VIEW ? t("What you search for is too long to be kept.") : null;
  };
  return (
    <Show when={problem() === null} fallback={<p class="hint">{problem()}</p>}>
      <form
        class="menu-form"
        onSubmit={event => {
          event.preventDefault();
          const form = event.currentTarget;
          const name = String(new FormData(form).get("name") ?? "").trim();
          if (name !== "") props.onSave({ name, search: wholeAddress() });
          form.reset();
        }}
      >
        <input
          name="name"
          aria-label={t("Name of the view")}
          placeholder={t("Name of the view")}
          maxlength={60}
          required
          autocomplete="off"
        />
        <button type="submit" class="button primary">
          {t("Save")}
        </button>
      </form>
    </Show>
  );
}

/** Tells others this very view, whatever their tables are like. */
function CopyLink(): JSX.Element {
  const [said, setSaid] = createSignal(t("Copy the link to this view"));
  const link = () => new URL(`./${wholeAddress()}`, location.href).href;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link());
      setSaid(t("Copied"));
    } catch {
      // Without HTTPS a page may not: the address says the same, but for what is as usual.
      setSaid(t("Please copy the address of the page"));
    }
  };
  return (
    <button type="button" class="button quiet" onClick={() => void copy()}>
      {said()}
    </button>
  );
}
