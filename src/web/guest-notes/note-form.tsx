import { createSignal, type JSX, onMount } from "solid-js";
import type { GuestMetadata } from "../../model/guest-metadata.ts";
import { isRefused } from "../live/ask.ts";
import { Field } from "../ui/field.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { mayLeave } from "../ui/url-state.ts";
import { t, told } from "../words/words.ts";
import { saveNote } from "./notes-api.ts";
import { toUrl } from "./to-url.ts";

/** Where a guest's own page is, and what people should know of it. What is left empty is forgotten. */
export function NoteForm(props: {
  guest: { id: string; name: string };
  before: GuestMetadata | null;
  onSaved: (saved: GuestMetadata) => void;
  onCancel: () => void;
}): JSX.Element {
  let first: HTMLInputElement | undefined;
  const [page, setPage] = createSignal(props.before?.customUrl ?? "");
  const [console, setConsole] = createSignal(props.before?.consoleUrl ?? "");
  const [notes, setNotes] = createSignal(props.before?.notes ?? "");
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isBusy, setBusy] = createSignal(false);
  onMount(() => first?.focus());
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    const said = await saveNote(props.guest.id, {
      customUrl: toUrl(page()),
      consoleUrl: toUrl(console()),
      notes: notes().trim() || null,
    });
    setBusy(false);
    if (isRefused(said)) setProblem(told(said.error));
    else props.onSaved(said);
  };
  return (
    <form
      class="form"
      aria-label={t("Links and notes of {name}", { name: props.guest.name })}
      onSubmit={event => void send(event)}
      on:keydown={event => {
        // NOTE: at the form itself: what is around hears it at the document.
        if (event.key !== "Escape") return;
        event.stopPropagation();
        if (mayLeave(event.currentTarget)) props.onCancel();
      }}
    >
      <UrlField
        ref={input => {
          first = input;
        }}
        label={t("Its own page")}
        hint={t("Where what runs on it is used: https://cloud.example.com")}
        value={page()}
        onValue={setPage}
      />
      <UrlField
        label={t("Console")}
        hint={t("Another way to its screen, when it is not that of Proxmox")}
        value={console()}
        onValue={setConsole}
      />
      <Field label={t("Notes")}>
        {id => (
          <textarea
            id={id}
            rows={3}
            maxLength={10_000}
            value={notes()}
            onInput={event => setNotes(event.currentTarget.value)}
          />
        )}
      </Field>
      <FormEnd problem={problem()} send={t("Save")} disabled={isBusy()} onCancel={() => props.onCancel()} />
    </form>
  );
}

function UrlField(props: {
  ref?: (input: HTMLInputElement) => void;
  label: string;
  hint: string;
  value: string;
  onValue: (value: string) => void;
}): JSX.Element {
  return (
    <Field label={props.label} hint={props.hint}>
      {(id, hint) => (
        <input
          ref={input => props.ref?.(input)}
          id={id}
          type="text"
          inputMode="url"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={hint}
          value={props.value}
          onInput={event => props.onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
