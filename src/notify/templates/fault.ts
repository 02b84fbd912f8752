/** What is wrong with a template, and where; lines and columns count from 1. */
export class TemplateFault extends Error {
  readonly line: number;
  readonly column: number;
  override name = "TemplateFault";

  constructor(what: string, template: string, at: number) {
    const before = template.slice(0, at).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    super(`line ${line}, column ${column}: ${what}`);
    this.line = line;
    this.column = column;
  }
}

/** Something does not go with these values; the place is added by who evaluates. */
export class ValueFault extends Error {}
