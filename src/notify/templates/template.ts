import { TemplateFault, ValueFault } from "./fault.ts";
import { print } from "./format.ts";
import { call, FUNCTION_NAMES } from "./functions.ts";
import { type Block, type Command, type Node, type Pipe, parse, type Word } from "./parser.ts";
import { isList, isMap, isTrue, Ready, Struct, typeOf, type Value } from "./value.ts";

/** Bounds on a template that is to finish: steps taken, characters written, characters of a single text. */
const MOST_STEPS = 100_000;
const LONGEST = 1_000_000;

/** What a template made, and from which place in it each piece came. */
export interface Rendered {
  text: string;
  /** The place in the template that wrote the character at `offset`, as a fault about it. */
  faultAt(offset: number, what: string): TemplateFault;
}

/** How what an action writes is escaped; what `toJson` and `urlquery` give stays as it is. */
export type Escape = (text: string) => string;

/** A template in Go's text/template language, but for define, template and block. */
export interface Template {
  /** Throws TemplateFault. */
  render(data: Value, escaped?: Escape): Rendered;
}

/** Reads a template. Throws TemplateFault. */
export function toTemplate(source: string): Template {
  const nodes = parse(source, FUNCTION_NAMES);
  return {
    render: (data, escaped = text => text) => {
      const run = new Run(source, data, escaped);
      run.write(nodes, data);
      return run.rendered();
    },
  };
}

/** What makes a range stop early. */
type Jump = "break" | "continue" | null;

/** One evaluation. */
class Run {
  readonly #source: string;
  readonly #escaped: Escape;
  readonly #variables: { name: string; value: Value }[];
  readonly #pieces: { from: number; at: number }[] = [];
  #text = "";
  #steps = 0;

  constructor(source: string, data: Value, escaped: Escape) {
    this.#source = source;
    this.#escaped = escaped;
    this.#variables = [{ name: "$", value: data }];
  }

  rendered(): Rendered {
    const pieces = this.#pieces;
    return {
      text: this.#text,
      faultAt: (offset, what) => {
        const piece = pieces.findLast(({ from }) => from <= offset) ?? { at: 0 };
        return new TemplateFault(what, this.#source, piece.at);
      },
    };
  }

  write(nodes: readonly Node[], dot: Value): Jump {
    for (const node of nodes) {
      this.#step(node.at);
      const jump = this.#writeNode(node, dot);
      if (jump !== null) return jump;
    }
    return null;
  }

  #writeNode(node: Node, dot: Value): Jump {
    if (node.kind === "text") this.#put(node.text, node.at);
    else if (node.kind === "break" || node.kind === "continue") return node.kind;
    else if (node.kind === "action") {
      const value = this.#pipe(node.pipe, dot);
      if (node.pipe.variables.length === 0)
        this.#put(value instanceof Ready ? value.text : this.#escaped(print(value)), node.at);
    } else if (node.kind === "range") return this.#range(node, dot);
    else {
      const known = this.#variables.length;
      const value = bare(this.#pipe(node.pipe, dot));
      const inner = node.kind === "with" ? value : dot;
      const jump = isTrue(value) ? this.write(node.body, inner) : this.write(node.otherwise, dot);
      this.#variables.length = known;
      return jump;
    }
    return null;
  }

  #range(node: Block, dot: Value): Jump {
    const known = this.#variables.length;
    const over = bare(this.#pipe({ ...node.pipe, variables: [] }, dot));
    const members = this.#membersOf(over, node.at);
    const { variables, assigns } = node.pipe;
    for (const [key, value] of members) {
      this.#step(node.at);
      const inside = this.#variables.length;
      const [first, second] = variables;
      if (first !== undefined) this.#set(first, second === undefined ? value : key, assigns);
      if (second !== undefined) this.#set(second, value, assigns);
      const jump = this.write(node.body, value);
      this.#variables.length = inside;
      if (jump === "break") break;
    }
    const jump = members.length === 0 ? this.write(node.otherwise, dot) : null;
    this.#variables.length = known;
    return jump;
  }

  #membersOf(value: Value, at: number): readonly (readonly [Value, Value])[] {
    if (value === null) return [];
    if (isList(value)) return value.map((one, index) => [BigInt(index), one]);
    if (isMap(value)) return [...value];
    if (typeof value !== "bigint")
      throw this.#fault(`range goes over lists and maps, and this is ${typeOf(value)}`, at);
    if (value > MOST_STEPS) throw this.#fault("it takes too many steps", at);
    return Array.from({ length: Math.max(0, Number(value)) }, (_, index) => [BigInt(index), BigInt(index)]);
  }

  #pipe(pipe: Pipe, dot: Value): Value | Ready {
    let value: Value | Ready | undefined;
    for (const command of pipe.commands) value = this.#command(command, dot, value === undefined ? [] : [bare(value)]);
    const result = value ?? null;
    for (const name of pipe.variables) this.#set(name, bare(result), pipe.assigns);
    return result;
  }

  #command({ words, at }: Command, dot: Value, piped: readonly Value[]): Value | Ready {
    this.#step(at);
    const [first, ...others] = words;
    if (first.kind === "function") return this.#call(first, others, dot, piped);
    if (others.length > 0 || piped.length > 0)
      throw this.#fault("this is no function: it takes no arguments", first.at);
    return this.#word(first, dot);
  }

  #call({ name, at }: { name: string; at: number }, words: readonly Word[], dot: Value, piped: readonly Value[]) {
    if (name === "and" || name === "or") return this.#choose(name, words, dot, piped, at);
    const values = [...words.map(word => bare(this.#word(word, dot))), ...piped];
    try {
      const result = call(name, values);
      const long = typeof result === "string" ? result.length : result instanceof Ready ? result.text.length : 0;
      if (long > LONGEST) throw new ValueFault("it becomes too long");
      return result;
    } catch (error) {
      throw error instanceof ValueFault ? this.#fault(error.message, at) : error;
    }
  }

  /** `and` gives the first that is false, `or` the first that is true, else the last; those behind it are not evaluated. */
  #choose(name: "and" | "or", words: readonly Word[], dot: Value, piped: readonly Value[], at: number): Value {
    const options = [...words.map(word => () => bare(this.#word(word, dot))), ...piped.map(value => () => value)];
    if (options.length === 0) throw this.#fault(`${name} wants 1 or more arguments and has 0`, at);
    let value: Value = null;
    for (const option of options) {
      value = option();
      if (isTrue(value) === (name === "or")) break;
    }
    return value;
  }

  #word(word: Word, dot: Value): Value | Ready {
    this.#step(word.at);
    if (word.kind === "literal") return word.value;
    if (word.kind === "dot") return this.#fields(dot, word.names, word.at);
    if (word.kind === "function") return this.#call(word, [], dot, []);
    if (word.kind === "pipe") {
      const value = this.#pipe(word.pipe, dot);
      return word.names.length === 0 ? value : this.#fields(bare(value), word.names, word.at);
    }
    const found = this.#variables.findLast(({ name }) => name === word.variable);
    return this.#fields(found?.value ?? null, word.names, word.at);
  }

  /** A field that a struct has not is a fault, a key that a map has not is nil; of nil there is nothing to take. */
  #fields(of: Value, names: readonly string[], at: number): Value {
    let value = of;
    for (const name of names) {
      if (value instanceof Struct) {
        const field = Object.hasOwn(value.fields, name) ? value.fields[name] : undefined;
        if (field === undefined) throw this.#fault(`there is no field .${name}`, at);
        value = field;
      } else if (isMap(value)) value = value.get(name) ?? null;
      else throw this.#fault(`${value === null ? "nil" : typeOf(value)} has no field .${name}`, at);
    }
    return value;
  }

  #set(name: string, value: Value, assigns: boolean): void {
    const found = assigns ? this.#variables.findLast(variable => variable.name === name) : undefined;
    if (found) found.value = value;
    else this.#variables.push({ name, value });
  }

  #put(text: string, at: number): void {
    if (text === "") return;
    if (this.#text.length + text.length > LONGEST) throw this.#fault("it becomes too long", at);
    this.#pieces.push({ from: this.#text.length, at });
    this.#text += text;
  }

  #step(at: number): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw this.#fault("it takes too many steps", at);
  }

  #fault(what: string, at: number): TemplateFault {
    return new TemplateFault(what, this.#source, at);
  }
}

function bare(value: Value | Ready): Value {
  return value instanceof Ready ? value.text : value;
}
