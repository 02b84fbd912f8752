import { toRow } from "../kit/fields.ts";

/** How many things an import would add, change, and leave as they are. */
export interface Tally {
  added: number;
  changed: number;
  unchanged: number;
}

/** What importing a whole document comes to. */
export interface CheckedDocument extends Omit<Checked, "tally"> {
  /** By the field of the document. */
  tallies: readonly ({ part: string } & Tally)[];
}

/** What importing one part of a configuration comes to. */
export interface Checked {
  /** What cannot be used, each beginning with its field: nothing is imported then. */
  problems: readonly string[];
  /** What would be otherwise than before. */
  changes: readonly string[];
  /** What is not carried over, and why. */
  notes: readonly string[];
  /** How many things of it there would be anew, otherwise, and as before. */
  tally: Tally;
  /** Keeps it; within the transaction that all parts share. The server is opened anew afterwards, whatever came of it. */
  apply(): void;
}

/** One part of an export, such as the webhooks: a field of the document. Whoever keeps it makes one of these. */
export interface TransferPart {
  readonly field: string;
  /** With its secrets: the whole document is sealed. Never who gets in. */
  export(): unknown;
  /** `instances`: those of Proxmox VE that there will be; the part of the nodes adds to it, and comes first. */
  check(value: unknown, instances: Instances): Checked;
}

/** The ids of instances, by what they are called. */
export type Instances = Map<string, string>;

/** The version of the document's form, as older versions of Pulse write it. */
const VERSION = "4.0";

/** The document that `parts` make together. */
export function toDocument(parts: readonly TransferPart[], now: number): Record<string, unknown> {
  const fields = parts.map(part => [part.field, part.export()]);
  return { version: VERSION, exportedAt: new Date(now).toISOString(), ...Object.fromEntries(fields) };
}

/** Fields that are no part: who gets in is never carried over. */
const NO_PARTS: Readonly<Record<string, string | null>> = {
  version: null,
  exportedAt: null,
  nodes: "instances are watched by edges: enter them for a site, or name them in the pulse.yaml of an edge",
  oidc: "sign-in is not carried over: set it up under Security",
};

/** What importing `document` comes to, all parts together. Parts that it does not have stay as they are. */
export function checkDocument(parts: readonly TransferPart[], document: unknown): CheckedDocument {
  const row = toRow(document);
  const known = row ? parts.filter(({ field }) => row[field] !== undefined && row[field] !== null) : [];
  if (!row || known.length === 0)
    return {
      problems: ["data: holds no configuration of Pulse"],
      changes: [],
      notes: [],
      tallies: [],
      apply: () => {},
    };
  const instances: Instances = new Map();
  const checked = known.map(part => part.check(row[part.field], instances));
  const fields = new Set(parts.map(({ field }) => field));
  const others = Object.keys(row).flatMap(field => {
    if (fields.has(field) || isEmpty(row[field])) return [];
    const why = field in NO_PARTS ? NO_PARTS[field] : "is not known here, and not carried over";
    return why == null ? [] : [`${field}: ${why}`];
  });
  return {
    problems: checked.flatMap(({ problems }) => problems),
    changes: checked.flatMap(({ changes }) => changes),
    notes: [...checked.flatMap(({ notes }) => notes), ...others],
    tallies: known.flatMap(({ field }, at) => {
      const tally = checked[at]?.tally;
      return tally ? [{ part: field, ...tally }] : [];
    }),
    apply() {
      for (const { apply } of checked) apply();
    },
  };
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}
