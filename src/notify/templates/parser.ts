import { TemplateFault } from "./fault.ts";
import { type Token, tokensOf } from "./lexer.ts";

/** What a template is made of. `at`: the offset in its text. */
export type Node =
  | { kind: "text"; at: number; text: string }
  | { kind: "action"; at: number; pipe: Pipe }
  | Block
  | { kind: "break"; at: number }
  | { kind: "continue"; at: number };

/** What is written once, more than once, or not at all. */
export interface Block {
  kind: "if" | "with" | "range";
  at: number;
  pipe: Pipe;
  body: readonly Node[];
  otherwise: readonly Node[];
}

/** Commands, each of which gets what the one before it gave as its last argument. */
export interface Pipe {
  at: number;
  /** `$a, $b := …`; empty: none. */
  variables: readonly string[];
  /** `=`: the variables are there already. */
  assigns: boolean;
  commands: readonly Command[];
}

export interface Command {
  at: number;
  words: readonly [Word, ...Word[]];
}

/** `names`: the fields that are taken of it, one after the other. */
export type Word =
  | { kind: "dot"; at: number; names: readonly string[] }
  | { kind: "variable"; at: number; variable: string; names: readonly string[] }
  | { kind: "pipe"; at: number; pipe: Pipe; names: readonly string[] }
  | { kind: "function"; at: number; name: string }
  | { kind: "literal"; at: number; value: string | number | bigint | boolean | null };

const DEEPEST = 50;
const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, nil: null };
const KEYWORDS: readonly string[] = ["if", "with", "range", "else", "end", "break", "continue"];
const NOT_HERE: readonly string[] = ["define", "template", "block"];

/** Reads a template. `functions`: the names of those there are. Throws TemplateFault. */
export function parse(template: string, functions: ReadonlySet<string>): readonly Node[] {
  const parser = new Parser(template, functions);
  return parser.whole();
}

class Parser {
  readonly #template: string;
  readonly #functions: ReadonlySet<string>;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #loops = 0;
  #variables: string[] = ["$"];

  constructor(template: string, functions: ReadonlySet<string>) {
    this.#template = template;
    this.#functions = functions;
    this.#tokens = tokensOf(template);
  }

  whole(): Node[] {
    const { nodes, by, at } = this.#nodes();
    if (by !== "") throw this.#fault(`{{${by}}} without anything that it belongs to`, at);
    return nodes;
  }

  /** Nodes up to what ends them: "end", "else", or "" at the end of the template. What follows the keyword is still to be read. */
  #nodes(): { nodes: Node[]; by: "end" | "else" | ""; at: number } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#take();
      if (token.kind === "end") return { nodes, by: "", at: token.at };
      if (token.kind === "text") {
        nodes.push(token);
        continue;
      }
      const word = this.#peek();
      const keyword = word.kind === "word" ? word.text : "";
      if (NOT_HERE.includes(keyword)) throw this.#fault(`{{${keyword}}} is not known here`, word.at);
      if (!KEYWORDS.includes(keyword)) {
        nodes.push({ kind: "action", at: token.at, pipe: this.#pipe("close") });
        continue;
      }
      this.#take();
      if (keyword === "end" || keyword === "else") return { nodes, by: keyword, at: token.at };
      nodes.push(this.#control(keyword as "if", token.at));
    }
  }

  #control(kind: "if" | "with" | "range" | "break" | "continue", at: number): Node {
    if (kind === "break" || kind === "continue") {
      if (this.#loops === 0) throw this.#fault(`{{${kind}}} outside of a range`, at);
      this.#expect("close");
      return { kind, at };
    }
    return this.#nested(at, () => {
      const known = this.#variables.length;
      const pipe = this.#pipe("close", kind === "range");
      if (kind === "range") this.#loops += 1;
      const first = this.#nodes();
      if (kind === "range") this.#loops -= 1;
      let otherwise: Node[] = [];
      if (first.by === "else") otherwise = this.#otherwise(kind);
      else if (first.by === "end") this.#expect("close");
      else throw this.#fault(`{{${kind}}} without {{end}}`, at);
      this.#variables.length = known;
      return { kind, at, pipe, body: first.nodes, otherwise };
    });
  }

  /** What follows `{{else`: a further condition, or nodes up to `{{end}}`. */
  #otherwise(kind: "if" | "with" | "range"): Node[] {
    const next = this.#peek();
    if (next.kind === "word" && next.text === kind && kind !== "range") {
      this.#take();
      return [this.#control(kind, next.at)];
    }
    this.#expect("close");
    const rest = this.#nodes();
    if (rest.by !== "end") throw this.#fault(`{{else}} without {{end}}`, rest.at);
    this.#expect("close");
    return rest.nodes;
  }

  #pipe(until: "close" | ")", ofRange = false): Pipe {
    const at = this.#peek().at;
    const { variables, assigns } = this.#declaration(ofRange);
    const commands: Command[] = [];
    for (;;) {
      commands.push(this.#command(commands.length > 0));
      const token = this.#take();
      if (token.kind === "sign" && token.text === "|") continue;
      if (until === "close" ? token.kind === "close" : token.kind === "sign" && token.text === ")") break;
      throw this.#fault(until === "close" ? "}} is due here" : ") is due here", token.at);
    }
    if (!assigns) this.#variables.push(...variables);
    return { at, variables, assigns, commands };
  }

  /** `$a :=`, `$a =`, and in a range `$a, $b :=`. */
  #declaration(ofRange: boolean): { variables: string[]; assigns: boolean } {
    const variables: string[] = [];
    const from = this.#next;
    for (let token = this.#peek(); token.kind === "variable"; token = this.#peek()) {
      this.#take();
      variables.push(token.text);
      const sign = this.#take();
      const text = sign.kind === "sign" ? sign.text : "";
      if (text === ":=" || text === "=") {
        const unknown = text === "=" ? variables.find(name => !this.#variables.includes(name)) : undefined;
        if (unknown !== undefined) throw this.#fault(`there is no variable ${unknown}`, token.at);
        return { variables, assigns: text === "=" };
      }
      if (text !== "," || !ofRange || variables.length === 2) break;
    }
    this.#next = from;
    return { variables: [], assigns: false };
  }

  #command(piped: boolean): Command {
    const at = this.#peek().at;
    const words: Word[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === "close" || (token.kind === "sign" && token.text !== "(")) break;
      words.push(this.#word());
    }
    const [first, ...more] = words;
    if (first === undefined) throw this.#fault("something is missing here", at);
    if (first.kind === "literal" && (piped || (first.value === null && more.length === 0)))
      throw this.#fault("a constant is no command", at);
    return { at, words: [first, ...more] };
  }

  #word(): Word {
    const token = this.#take();
    const { at } = token;
    if (token.kind === "dot") return { kind: "dot", at, names: [] };
    if (token.kind === "field") return { kind: "dot", at, names: [token.text, ...this.#names()] };
    if (token.kind === "string") return { kind: "literal", at, value: token.text };
    if (token.kind === "number") return { kind: "literal", at, value: token.value };
    if (token.kind === "variable") {
      if (!this.#variables.includes(token.text)) throw this.#fault(`there is no variable ${token.text}`, at);
      return { kind: "variable", at, variable: token.text, names: this.#names() };
    }
    if (token.kind === "sign" && token.text === "(")
      return this.#nested(at, () => ({ kind: "pipe", at, pipe: this.#pipe(")"), names: this.#names() }));
    if (token.kind !== "word") throw this.#fault("something else is due here", at);
    const constant = CONSTANTS[token.text];
    if (constant !== undefined) return { kind: "literal", at, value: constant };
    if (!this.#functions.has(token.text)) throw this.#fault(`there is no function "${token.text}"`, at);
    return { kind: "function", at, name: token.text };
  }

  #names(): string[] {
    const names: string[] = [];
    for (let token = this.#peek(); token.kind === "field" && token.joined; token = this.#peek()) {
      this.#take();
      names.push(token.text);
    }
    return names;
  }

  #nested<T>(at: number, read: () => T): T {
    if (this.#depth === DEEPEST) throw this.#fault(`more than ${DEEPEST} levels`, at);
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", at: this.#template.length };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #expect(kind: "close"): void {
    const token = this.#take();
    if (token.kind !== kind) throw this.#fault("}} is due here", token.at);
  }

  #fault(what: string, at: number): TemplateFault {
    return new TemplateFault(what, this.#template, at);
  }
}
