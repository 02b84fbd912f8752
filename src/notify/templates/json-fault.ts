/** Where a text stops being JSON: the offset of what is wrong, and what would be right; null: it is JSON. */
export function jsonFault(text: string): { at: number; due: string } | null {
  const reader = new Reader(text);
  try {
    reader.value();
    reader.end();
    return null;
  } catch (error) {
    if (error instanceof NotJson) return { at: error.at, due: error.due };
    throw error;
  }
}

class NotJson extends Error {
  readonly at: number;
  readonly due: string;
  constructor(at: number, due: string) {
    super(due);
    this.at = at;
    this.due = due;
  }
}

const DEEPEST = 200;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
/** A text up to its closing quote, or to what may not be in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what may not be in it
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): void {
    this.#skip(SPACE);
    const sign = this.#text[this.#at];
    if (sign === "{") this.#members("}", () => this.#pair());
    else if (sign === "[") this.#members("]", () => this.value());
    else if (sign === '"') this.#string();
    else if (!this.#skip(NUMBER) && !this.#skip(WORD)) throw new NotJson(this.#at, "a value");
    this.#skip(SPACE);
  }

  end(): void {
    if (this.#at < this.#text.length) throw new NotJson(this.#at, "the end");
  }

  #members(close: "}" | "]", member: () => void): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new NotJson(this.#at, `at most ${DEEPEST} levels`);
    this.#at += 1;
    this.#skip(SPACE);
    if (!this.#is(close)) {
      do member();
      while (this.#is(","));
      if (!this.#is(close)) throw new NotJson(this.#at, `"," or "${close}"`);
    }
    this.#depth -= 1;
  }

  #pair(): void {
    this.#skip(SPACE);
    if (this.#text[this.#at] !== '"') throw new NotJson(this.#at, "a name in quotes");
    this.#string();
    this.#skip(SPACE);
    if (!this.#is(":")) throw new NotJson(this.#at, '":"');
    this.value();
  }

  #string(): void {
    this.#skip(TEXT);
    if (!this.#is('"')) throw new NotJson(this.#at, "a closing quote, or an escape");
  }

  #is(sign: string): boolean {
    const found = this.#text[this.#at] === sign;
    if (found) this.#at += 1;
    return found;
  }

  /** Whether there was something to skip. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }
}
