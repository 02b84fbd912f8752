import { t } from "../words/words.ts";

/** Where keys count: on the whole page, or on a row of a table. */
export type KeyPlace = "page" | "row";

interface Key {
  /** What is pressed: as `KeyboardEvent.key` has it; "Mod+" before it is Ctrl, or Cmd on a Mac. The first is the one that is shown first. */
  readonly combos: readonly string[];
  readonly place: KeyPlace;
  /** What it does, for who reads the list of keys. */
  readonly says: string;
}

/** Every key of the page. The handlers ask `isKey` and `keyOn`, and the help sheet shows this list, so neither knows another key. */
export const KEYS = {
  find: { combos: ["Mod+k"], place: "page", says: t("Find anything, and do it") },
  keys: { combos: ["?"], place: "page", says: t("Show these keys") },
  search: { combos: ["/"], place: "page", says: t("Search this page") },
  close: { combos: ["Escape"], place: "page", says: t("Close what is open; empty the search") },
  next: { combos: ["ArrowDown", "j"], place: "row", says: t("The next row") },
  previous: { combos: ["ArrowUp", "k"], place: "row", says: t("The row before") },
  pageDown: { combos: ["PageDown"], place: "row", says: t("A page on") },
  pageUp: { combos: ["PageUp"], place: "row", says: t("A page back") },
  first: { combos: ["Home"], place: "row", says: t("The first row") },
  last: { combos: ["End"], place: "row", says: t("The last row") },
  fold: { combos: ["ArrowLeft"], place: "row", says: t("Fold a group") },
  unfold: { combos: ["ArrowRight"], place: "row", says: t("Unfold a group") },
  choose: { combos: ["x"], place: "row", says: t("Choose the row, or no longer") },
  chooseTo: { combos: ["X"], place: "row", says: t("Choose all up to the row") },
  open: { combos: ["Enter", " "], place: "row", says: t("Show the details") },
} as const satisfies Record<string, Key>;
export type KeyName = keyof typeof KEYS;

/** What counts of a KeyboardEvent. */
interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Whether a key was pressed that does `name`. */
export function isKey(event: Pressed, name: KeyName): boolean {
  return KEYS[name].combos.some(combo => fits(event, combo));
}

/** What a key that was pressed does at that place; null: nothing. */
export function keyOn(event: Pressed, place: KeyPlace): KeyName | null {
  const names = Object.keys(KEYS) as KeyName[];
  return names.find(name => KEYS[name].place === place && isKey(event, name)) ?? null;
}

/** Somebody is writing: letters are text then, not keys. */
export function isWriting(target: EventTarget | null): boolean {
  const element = target as { matches?: (selector: string) => boolean } | null;
  // NOTE: a selector, not a text.
  const WRITTEN_IN = "input, select, textarea, [contenteditable]";
  return element?.matches?.(WRITTEN_IN) ?? false;
}

function fits({ key, ctrlKey, metaKey, altKey }: Pressed, combo: string): boolean {
  const isMod = combo.startsWith("Mod+");
  if (altKey || isMod !== (ctrlKey || metaKey)) return false;
  return isMod ? key.toLowerCase() === combo.slice(4) : key === combo;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: t("Down"),
  ArrowUp: t("Up"),
  ArrowLeft: t("Left"),
  ArrowRight: t("Right"),
  PageDown: t("Page down"),
  PageUp: t("Page up"),
  Home: t("Home"),
  End: t("End"),
  Enter: t("Enter"),
  Escape: t("Esc"),
  " ": t("Space"),
};

/** What stands on the keys of a combination: "Ctrl", "K". `isMac`: "⌘", "K". */
export function keyNames(combo: string, isMac: boolean): string[] {
  const [mod, key] = combo.startsWith("Mod+") ? [isMac ? "⌘" : t("Ctrl"), combo.slice(4)] : [null, combo];
  const name = NAMES[key] ?? (mod === null ? key : key.toUpperCase());
  return mod === null ? [name] : [mod, name];
}
