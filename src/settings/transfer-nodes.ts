import { equal } from "../kit/equal.ts";
import { type Row, toNumber, toRow, toRows, toText } from "../kit/fields.ts";
import { INSTANCE_NAME } from "../model/ids.ts";
import type { InstanceInput } from "../model/instance-input.ts";
import type { InstanceSettings, InstanceType } from "../model/instance-settings.ts";
import { BadInput, type InstanceBook, toSettings } from "./instance-book.ts";
import { toOrigin } from "./instance-entry.ts";
import type { Checked, Instances, TransferPart } from "./transfer.ts";

/** The lists of the document. */
const LISTS: readonly (readonly [list: string, type: InstanceType])[] = [
  ["pveInstances", "pve"],
  ["pbsInstances", "pbs"],
  ["pmgInstances", "pmg"],
];

/** The instances with their credentials. `locked`: those of pulse.yaml, which are exported, too, and stay as they are. */
export function nodesPart(book: InstanceBook, locked: readonly InstanceSettings[]): TransferPart {
  const all = () => [...locked, ...book.all];
  return {
    field: "nodes",
    export: () =>
      Object.fromEntries(
        LISTS.map(([list, type]) => [
          list,
          all()
            .filter(one => one.type === type)
            .map(toExported),
        ]),
      ),
    check: (value, instances) => checkNodes(value, { book, locked, instances }),
  };
}

/** In the names of the original, which takes them in any case; `id`, `ca` and `interval` are ours. */
function toExported({ name, title, host, credentials, trust, interval }: InstanceSettings): Record<string, unknown> {
  return {
    id: name,
    name: title ?? name,
    host,
    ...(credentials.kind === "token"
      ? { tokenName: credentials.id, tokenValue: credentials.secret }
      : { user: credentials.user, password: credentials.password }),
    fingerprint: trust.kind === "fingerprint" ? trust.sha256 : "",
    verifySSL: trust.kind !== "any",
    ...(trust.kind === "ca" && trust.ca !== null ? { ca: trust.ca } : {}),
    ...(interval === null ? {} : { interval: interval / 1000 }),
  };
}

/** What there is and is not named stays: an import takes nothing away. */
function checkNodes(
  value: unknown,
  { book, locked, instances }: { book: InstanceBook; locked: readonly InstanceSettings[]; instances: Instances },
): Checked {
  const nodes = inAnyCase(toRow(value) ?? {});
  const problems: string[] = [];
  const notes: string[] = [];
  const changes: string[] = [];
  const steps: (() => void)[] = [];
  const tally = { added: 0, changed: 0, unchanged: 0 };
  const taken = [...locked, ...book.all].map(({ name }) => name);
  const seen: string[] = [];
  const call = ({ type, name, title = name }: InstanceSettings) => type === "pve" && instances.set(title, name);
  for (const one of [...locked, ...book.all]) call(one);
  for (const [list, type] of LISTS)
    for (const [index, row] of (toRows(nodes[list.toLowerCase()] ?? []) ?? []).entries()) {
      const path = `nodes.${list}[${index}]`;
      try {
        const settings = toImported(inAnyCase(row), type, { book, taken });
        const address = `${type} ${settings.host}`;
        if (seen.includes(address)) continue;
        seen.push(address);
        if (locked.some(one => one.type === type && one.host === settings.host)) {
          notes.push(`${path}: "${settings.title ?? settings.name}" stands in pulse.yaml and stays as it is`);
          continue;
        }
        call(settings);
        const before = book.all.find(one => one.name === settings.name);
        if (!before) taken.push(settings.name);
        if (equal(before, settings)) tally.unchanged += 1;
        else if (before) tally.changed += 1;
        else tally.added += 1;
        if (equal(before, settings)) continue;
        changes.push(`${before ? "changes" : "adds"} "${settings.title ?? settings.name}" (${settings.host})`);
        steps.push(() => (before ? book.replace(settings) : book.add(settings)));
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        problems.push(`${path}.${error.message}`);
      }
    }
  return {
    ...{ problems, notes, changes, tally },
    apply() {
      for (const step of steps) step();
    },
  };
}

function toImported(
  row: Row,
  type: InstanceType,
  { book, taken }: { book: InstanceBook; taken: readonly string[] },
): InstanceSettings {
  const input = toInput(row, type);
  const host = toOrigin((input.host ?? "").trim(), type);
  const before = book.all.find(one => one.type === type && one.host === host) ?? null;
  const settings = toSettings(input, before, taken);
  const id = toText(row.id);
  // The id is a part of every other id: it goes along where nobody has it yet.
  return !before && id !== null && INSTANCE_NAME.test(id) && !taken.includes(id) ? { ...settings, name: id } : settings;
}

function toInput(row: Row, type: InstanceType): InstanceInput {
  const text = (name: string) => toText(row[name.toLowerCase()]);
  const given = <K extends keyof InstanceInput>(name: K): Partial<Record<K, string>> => {
    const value = text(name);
    return value === null ? {} : ({ [name]: value } as Record<K, string>);
  };
  const token = { ...given("tokenName"), ...given("tokenValue") };
  // The original keeps a password beside the token that it uses.
  const signIn = "tokenValue" in token ? { ...token, ...given("user") } : { ...given("user"), ...given("password") };
  const interval = toNumber(row.interval);
  return {
    type,
    ...given("name"),
    host: text("host") ?? "",
    ...signIn,
    ...given("fingerprint"),
    ...given("ca"),
    verifySSL: row.verifyssl === true,
    ...(interval !== null && interval >= 5 && interval <= 600 ? { interval } : {}),
  };
}

/** The same with its names in small letters: Go reads and writes them in any case. */
function inAnyCase(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
}
