/** A language's texts by their English ones. `{name}` stands for a value. */
export type Catalogue = Readonly<Record<string, string>>;

/** A sentence of the server with places for what it names. */
interface Pattern {
  readonly match: RegExp;
  /** The names of its places, in the order of the English sentence; true: as it stands, since it is a name. */
  readonly places: readonly (readonly [name: string, isName: boolean])[];
  /** What any such sentence has in it. */
  readonly literal: string;
  readonly text: string;
}

/** So many sentences are remembered; lists of alerts say the same ones again and again. */
const MOST_KEPT = 2000;
/** What these stand for is always a number. */
const NUMBERS: ReadonlySet<string> = new Set(["count", "share", "seconds", "minutes", "size", "low", "high", "most"]);
/** "status: must be…": what is wrong with a field, by its path. */
const OF_FIELD = /^([\w.[\]-]+): (.+)$/s;
/** "91.5 %", "1.5 GiB", "12.5" */
const FIGURE = /^-?\d+\.\d+(?: ?(?:%|°C|s|ms|[KMGT]iB(?:\/s)?))?$/;

/**
 * Says what the server says in another language: `catalogue` has its sentences by the English ones. A `{name}` stands for whatever the server
 * puts there; in quotes it is a name and stays, elsewhere it may be such a sentence itself. What is not known stays English.
 */
export function createTold(catalogue: Catalogue, figure: (text: string) => string): (text: string) => string {
  const kept = new Map<string, string>();
  let patterns: readonly Pattern[] | null = null;
  const find = (text: string): string => {
    const exact = Object.hasOwn(catalogue, text) ? catalogue[text] : undefined;
    if (exact !== undefined) return exact;
    if (FIGURE.test(text)) return figure(text);
    patterns ??= toPatterns(catalogue);
    for (const pattern of patterns) {
      const found = text.includes(pattern.literal) ? pattern.match.exec(text) : null;
      if (found) return fill(pattern, found, told);
    }
    const [, field, what] = OF_FIELD.exec(text) ?? [];
    return field !== undefined && what !== undefined ? `${field}: ${told(what)}` : text;
  };
  const told = (text: string): string => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const found = find(text);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(text, found);
    return found;
  };
  return told;
}

function fill({ places, text }: Pattern, found: RegExpExecArray, told: (text: string) => string): string {
  const values = new Map(
    places.map(([name, isName], at) => [name, isName ? (found[at + 1] ?? "") : told(found[at + 1] ?? "")]),
  );
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

/** Those that say the most come first: "is {what}" must not stand in the way of "is {what} again". */
function toPatterns(catalogue: Catalogue): Pattern[] {
  return Object.entries(catalogue)
    .filter(([english]) => english.includes("{"))
    .map(([english, text]) => toPattern(english, text))
    .sort((a, b) => lengthOf(b) - lengthOf(a));
}

function lengthOf({ match }: Pattern): number {
  return match.source.replace(/\(\[.*?\)/g, "").length;
}

function toPattern(english: string, text: string): Pattern {
  const pieces = english.split(/\{(\w+)\}/);
  const literals = pieces.filter((_, at) => at % 2 === 0);
  const places = pieces.flatMap((name, at) => {
    if (at % 2 === 0) return [];
    return [[name, pieces[at - 1]?.endsWith('"') === true || pieces[at + 1]?.startsWith('"') === true] as const];
  });
  const literal = literals.reduce((longest, one) => (one.length > longest.length ? one : longest), "");
  const source = pieces.map((piece, at) =>
    at % 2 === 0 ? RegExp.escape(piece) : NUMBERS.has(piece) ? "([\\d.,]+)" : "([^]*?)",
  );
  return { match: new RegExp(`^${source.join("")}$`), places, literal, text };
}
