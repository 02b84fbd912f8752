import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { GuestMetadata } from "../../model/guest-metadata.ts";
import { OutLink } from "../guest-notes/guest-note.tsx";
import { NoteForm } from "../guest-notes/note-form.tsx";
import { hasNote, readNotes } from "../guest-notes/notes-api.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { guestsOf } from "../overview/rows.ts";
import { fits } from "../storage/storage-rows.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { compareNames } from "../ui/sort.ts";
import { NothingFound, OnlyFor } from "../ui/states.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { plural, t } from "../words/words.ts";

/** Of thousands of guests so many are listed; a search finds the others. */
const MOST = 50;

type Notes = Record<string, GuestMetadata>;

/** Where guests' own pages are, and what is noted of them. */
export function GuestLinks(): JSX.Element {
  const notes = createReading<Notes>(readNotes);
  const [text, setText] = createUrlState("q");
  return (
    <>
      <div class="page-tools">
        <FilterField
          text={text()}
          onText={setText}
          label={t("Search guests")}
          placeholder={t("Search: web, 101, office…")}
        />
      </div>
      <Panel
        id="guest-links"
        title={t("Guest links")}
        help={t(
          "A guest's own page is where what runs on it is used, such as the address of its web interface. It is opened from the guest's details, and kept when the guest moves to another node.",
        )}
      >
        <Loaded reading={notes} what={t("The links of guests cannot be read now")} lines={8}>
          {known => (
            <List
              notes={known()}
              text={text()}
              onSaved={saved => notes.put({ ...known(), [saved.id]: saved })}
              onSearch={setText}
            />
          )}
        </Loaded>
      </Panel>
    </>
  );
}

function List(props: {
  notes: Notes;
  text: string;
  onSaved: (saved: GuestMetadata) => void;
  onSearch: (text: string) => void;
}): JSX.Element {
  const live = useLive();
  const may = () => live.session()?.may.includes("write") ?? false;
  const [edited, setEdited] = createSignal<string | null>(null);
  const noteOf = (id: string) => props.notes[id] ?? null;
  const found = createMemo(() => {
    const isNoted = (id: string) => {
      const note = noteOf(id);
      return note !== null && hasNote(note);
    };
    return guestsOf(live.picture())
      .filter(({ name, vmid, instance, node, template, id }) =>
        props.text.trim() === ""
          ? !template
          : fits(props.text, name, String(vmid), instance, node, noteOf(id)?.customUrl ?? null),
      )
      .sort((a, b) => Number(isNoted(b.id)) - Number(isNoted(a.id)) || compareNames(a.name, b.name));
  });
  const listed = () => found().slice(0, MOST);
  return (
    <>
      <ul class="instances">
        <For each={listed().map(({ id }) => id)}>
          {id => (
            <Show when={listed().find(guest => guest.id === id)}>
              {guest => (
                <li>
                  <Show
                    when={edited() === id}
                    fallback={
                      <div class="instance">
                        <div class="instance-text">
                          <strong>{guest().name}</strong>{" "}
                          <span class="muted">
                            {guest().vmid} · {guest().instance}
                          </span>
                          <Show when={noteOf(id)?.notes}>{notes => <p class="muted note-text">{notes()}</p>}</Show>
                        </div>
                        <OutLink href={noteOf(id)?.customUrl ?? null} text={t("Page")} />
                        <OutLink href={noteOf(id)?.consoleUrl ?? null} text={t("Console")} />
                        <Show when={may()}>
                          <button type="button" class="button quiet" onClick={() => setEdited(id)}>
                            {noteOf(id)?.customUrl ? t("Change") : t("Add a link")}
                            <span class="visually-hidden"> {guest().name}</span>
                          </button>
                        </Show>
                      </div>
                    }
                  >
                    <NoteForm
                      guest={guest()}
                      before={noteOf(id)}
                      onSaved={saved => {
                        setEdited(null);
                        props.onSaved(saved);
                      }}
                      onCancel={() => setEdited(null)}
                    />
                  </Show>
                </li>
              )}
            </Show>
          )}
        </For>
      </ul>
      <Show when={found().length > MOST}>
        <p class="panel-note muted">
          {t("{more} are not listed: search for them.", { more: plural(found().length - MOST, "more guest") })}
        </p>
      </Show>
      <Show when={found().length === 0}>
        <NothingFound
          icon="vm"
          text={props.text}
          onAll={() => props.onSearch("")}
          none={t("There are no guests yet")}
          like={t("No guest is like that")}
        />
      </Show>
      <OnlyFor right="write" text={t("Only an operator or an administrator can change links and notes.")} />
    </>
  );
}
