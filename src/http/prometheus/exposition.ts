/** One sample: its labels, and its value; null: not known, it is left out. */
export type Sample = readonly [labels: Readonly<Record<string, string | null>>, value: number | boolean | null];

/** A metric by its name, with what it means and every sample of it. */
export interface Family {
  name: string;
  help: string;
  type: "gauge" | "counter";
  samples: Iterable<Sample>;
}

/**
 * Writes Prometheus' text format (version 0.0.4), a piece a family; a family without samples is left out. Our own writer, because there are
 * tens of thousands of samples that live for one scrape: a registry that remembers each costs several times as much.
 */
export function* expose(families: Iterable<Family>): Generator<string> {
  for (const { name, help, type, samples } of families) {
    const lines: string[] = [];
    for (const [labels, value] of samples) {
      const number = typeof value === "boolean" ? Number(value) : value;
      if (number !== null && !Number.isNaN(number)) lines.push(`${name}${toLabels(labels)} ${toNumber(number)}\n`);
    }
    if (lines.length > 0) yield `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
  }
}

/** A label that is null is left out, as an empty one is the same as none. */
function toLabels(labels: Sample[0]): string {
  let text = "";
  for (const name in labels) {
    const value = labels[name];
    if (value === null || value === undefined) continue;
    text += `${text === "" ? "{" : ","}${name}="${escapeValue(value)}"`;
  }
  return text === "" ? "" : `${text}}`;
}

function toNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

function escapeValue(text: string): string {
  return /["\\\n]/.test(text) ? text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n") : text;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
