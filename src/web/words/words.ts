import type { Catalogue } from "../../kit/told.ts";
import { LANGUAGES, type Language, type UserSettings } from "../../model/user-settings.ts";

export type { Catalogue };

/** What is put into a text; null and undefined put in nothing. */
type Values = Readonly<Record<string, string | number | null | undefined>>;

/** What makes a page speak a language. */
export interface Speech {
  /** Of what the first page says, before anything else of it is loaded. */
  readonly texts: Catalogue;
  /** Of what other pages say. */
  readonly rest: () => Promise<Catalogue>;
  /** Says what the server says in English. */
  readonly told: (english: string) => string;
}

/** Where each language but English is loaded from: only what is read is fetched. */
const SPEECHES: { readonly [L in Exclude<Language, "en">]: () => Promise<Speech> } = {
  de: async () => (await import("./de.ts")).GERMAN,
};

let { texts: catalogue, rest, told: tell }: Speech = { texts: {}, rest: async () => ({}), told: text => text };
let learnt: Promise<void> | null = null;
let current: Language = "en";

/**
 * The text in the reader's language; one that is not translated is shown in English. The language is known before anything else of the page is
 * loaded and never changes while it is open, so texts may be made anywhere, constants of modules included.
 */
export function t(english: string, values?: Values): string {
  const text = catalogue[english] ?? english;
  if (values === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name] ?? "") : whole,
  );
}

/** "1 guest", "5 guests": the number in the reader's locale before the word. Its keys are "{count} guest" and "{count} guests". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return t(count === 1 ? `{count} ${one}` : `{count} ${many}`, { count: countFormat(locale()).format(count) });
}

/** NOTE: of each page hundreds are said with each patch, and a format takes far longer to make than to use. */
function countFormat(tag: string): Intl.NumberFormat {
  if (counts?.tag !== tag) counts = { tag, format: new Intl.NumberFormat(tag) };
  return counts.format;
}

let counts: { tag: string; format: Intl.NumberFormat } | null = null;

/** How a name that can begin a sentence stands within one: English writes it small, German as it is. */
export function within(name: string): string {
  return current === "en" ? name.toLowerCase() : name;
}

/** A sentence of the server in the reader's language; one that is not known as it came. */
export function told(sentence: string): string {
  const said = tell(sentence);
  // What only one page shows of it comes with the texts of that page.
  return said === sentence ? (catalogue[sentence] ?? sentence) : said;
}

/** The language of the page. */
export function language(): Language {
  return current;
}

/** The locale that numbers and dates are written in: the browser's own when it speaks the page's language, else the language's. */
export function locale(): string {
  return localeOf(current);
}

function localeOf(spoken: Language): string {
  const own = globalThis.navigator?.language ?? "en";
  return own.split("-")[0] === spoken ? own : spoken;
}

/** The language that a browser asks for: the first of its languages that there is; else English. */
export function languageOf(wanted: readonly string[]): Language {
  const known = wanted.map(tag => tag.split("-")[0]?.toLowerCase());
  return (known.find(tag => LANGUAGES.some(one => one === tag)) as Language | undefined) ?? "en";
}

/** The language that somebody who has chosen `choice` is to read. */
export function languageFor(choice: UserSettings["language"]): Language {
  return choice === "system" ? languageOf(navigator.languages) : choice;
}

/** What a language calls itself: "Deutsch". */
export function languageName(which: Language): string {
  return new Intl.DisplayNames(which, { type: "language" }).of(which) ?? which;
}

/** Loads the texts of `next`. Without network the page is in English. */
export async function speak(next: Language): Promise<void> {
  const speech = next === "en" ? null : SPEECHES[next]();
  // A browser takes ten milliseconds for the first format of a page, forty on a phone: now, while it loads what needs it.
  countFormat(localeOf(next));
  try {
    if (speech === null) return;
    ({ texts: catalogue, rest, told: tell } = await speech);
    current = next;
  } catch {
    // What is shown in English is better than nothing.
  }
}

/**
 * How a part of the page is loaded that the first page does without: its texts are there before anything of it is. Rejects where either cannot
 * be had.
 */
export function withTexts<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    await learnRest();
    return load();
  };
}

async function learnRest(): Promise<void> {
  learnt ??= rest().then(more => {
    catalogue = { ...catalogue, ...more };
  });
  try {
    await learnt;
  } catch (cause) {
    // Offline it is asked for again.
    learnt = null;
    throw cause;
  }
}
