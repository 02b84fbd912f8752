import { createSignal } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { USUAL_PAGE, type UserChange, type UserSettings, withChange } from "../../model/user-settings.ts";
import { language, languageFor } from "../words/words.ts";
import { ask, isRefused } from "./ask.ts";

const KEY = "pulse-settings";
/** What was chosen on this device; also what shows before the server has answered, and for who is not signed in. */
const [chosen, setChosen] = createSignal<UserChange>(stored());
/** What the server says is usual. */
const [usual, setUsual] = createSignal(USUAL_PAGE);
let isSignedIn = false;
/** What was changed while the server is asked, or has not been: its answer knows nothing of that. null: it has answered. */
let meanwhile: UserChange | null = {};

/** How the reader wants the page. */
export function preferences(): UserSettings {
  return withChange(usual(), chosen());
}

/** Changes it at once, remembers it on this device, and for who is signed in also on the server: done when this resolves. */
export async function prefer(change: UserChange): Promise<void> {
  keep(withChange(preferences(), change));
  if (meanwhile) meanwhile = withChange(meanwhile, change);
  if (isSignedIn) await ask("POST", "api/settings/update", change);
}

/** Asks the server how `name` wants the page; null: nobody is signed in, and this device remembers. */
export async function readPreferences(name: string | null): Promise<void> {
  isSignedIn = name !== null;
  meanwhile ??= {};
  const answer = await ask<AnswerOf<Routes["userSettings"]>>("GET", "api/settings");
  if (isRefused(answer)) return;
  const changed = meanwhile ?? {};
  meanwhile = null;
  if (!isSignedIn) return void setUsual(withChange(USUAL_PAGE, answer));
  const told = withChange(withChange(USUAL_PAGE, answer), changed);
  keep(told);
  if (Object.keys(changed).length > 0) await ask("POST", "api/settings/update", changed);
  if (languageFor(told.language) !== language()) loadAgain(told.language);
}

/** Texts are made as the page is loaded: another language needs it anew. Once: where it cannot be had, the page stays as it is. */
function loadAgain(choice: string): void {
  try {
    if (sessionStorage.getItem(KEY) === choice) return;
    sessionStorage.setItem(KEY, choice);
    location.reload();
  } catch {
    // Nobody would remember that it was tried.
  }
}

function keep(settings: UserSettings): void {
  setChosen(settings);
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing shows it all the same.
  }
}

function stored(): UserChange {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {}) as UserChange;
  } catch {
    return {};
  }
}
