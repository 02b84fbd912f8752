import "./guest-note.css";
import { createSignal, type JSX, Show } from "solid-js";
import type { GuestMetadata } from "../../model/guest-metadata.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Icon } from "../ui/icon.tsx";
import { t } from "../words/words.ts";
import { NoteForm } from "./note-form.tsx";
import { hasNote, readNote } from "./notes-api.ts";

/** A guest's links and notes, in its details, and the form that changes them. */
export function GuestNote(props: { guest: { id: string; name: string } }): JSX.Element {
  const live = useLive();
  const [saved, setSaved] = createSignal<GuestMetadata | null>(null);
  const [edited, setEdited] = createSignal<string | null>(null);
  const reading = createReading<GuestMetadata>(() => readNote(props.guest.id), {
    key: () => props.guest.id,
    whenever: [saved],
  });
  const note = () => {
    const known = saved();
    return known?.id === props.guest.id ? known : reading.told();
  };
  const may = () => live.session()?.may.includes("write") ?? false;
  const isEdited = () => edited() === props.guest.id;
  return (
    <section class="guest-note" aria-label={t("Links and notes")}>
      <Show
        when={isEdited()}
        fallback={
          <>
            <Show when={note()?.description}>{text => <p class="note-text">{text()}</p>}</Show>
            <Show when={note()?.notes}>{text => <p class="note-text">{text()}</p>}</Show>
            <p class="note-links">
              <OutLink href={note()?.customUrl ?? null} text={t("Open its page")} />
              <OutLink href={note()?.consoleUrl ?? null} text={t("Open its console")} />
              <Show when={may() && note()}>
                {known => (
                  <button type="button" class="button quiet" onClick={() => setEdited(props.guest.id)}>
                    {hasNote(known()) ? t("Change links and notes") : t("Add a link or a note")}
                  </button>
                )}
              </Show>
            </p>
          </>
        }
      >
        <NoteForm
          guest={props.guest}
          before={note()}
          onSaved={note => {
            setSaved(note);
            setEdited(null);
          }}
          onCancel={() => setEdited(null)}
        />
      </Show>
    </section>
  );
}

/** Leads out of Pulse, and tells the other side nothing of where it comes from. */
export function OutLink(props: { href: string | null; text: string }): JSX.Element {
  // The server takes no other; a link is the last place to find out that it did.
  const safe = () => (props.href && /^https?:\/\//i.test(props.href) ? props.href : null);
  return (
    <Show when={safe()}>
      {href => (
        <a class="button" href={href()} target="_blank" rel="noopener noreferrer" title={href()}>
          {props.text} <Icon name="external" />
        </a>
      )}
    </Show>
  );
}
