import type { Alerts } from "./alerts/alerts.ts";
import { BadAlertConfig } from "./alerts/config-change.ts";
import { agreed, type Hand } from "./hand.ts";
import type { Refusal } from "./http/instance-handlers.ts";
import type { TransferDesk } from "./http/transfer-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import { equal } from "./kit/equal.ts";
import { type Row, toRow } from "./kit/fields.ts";
import { NOT_AGREED } from "./model/not-agreed.ts";
import { KeyGone } from "./settings/seal.ts";
import {
  type Checked,
  type CheckedDocument,
  checkDocument,
  type TransferPart,
  toDocument,
} from "./settings/transfer.ts";
import { toGuestId } from "./settings/transfer-parts.ts";
import { openExport, sealExport, toSealedText } from "./settings/transfer-seal.ts";
import type { Database } from "./store/database.ts";

export interface TransferOptions {
  database: Database;
  clock: Clock;
  /** null: the simulated estate is shown, whose configuration is nobody's. */
  parts: readonly TransferPart[] | null;
  /** Opens the server anew. */
  reopen: () => void;
  /** Others that serve with this one: what is imported, each imports. */
  hand: Hand | null;
}

const MOCK: Refusal = {
  refused: "locked",
  message: "This Pulse shows a simulated estate: switch over to the real one first",
};
const UNREADABLE =
  "passphrase: cannot open this: either it is another passphrase, or the data is damaged or no export of Pulse";

/** Hands the whole configuration out, and takes one over: all of it in one transaction. */
export function openTransferDesk(options: TransferOptions): ServerTransfer {
  const { clock, parts, hand } = options;
  const takeOver = agreed(
    hand,
    "import",
    ({ document }: { document: unknown }) => apply(document, options),
    ({ document }) => {
      const outcome = apply(document, options);
      if (!("refused" in outcome) && outcome.reopen) setImmediate(outcome.reopen);
    },
  );
  const importDocument: ImportDocument = async (document, dryRun) => {
    const tried = tryOut(document, options);
    if ("refused" in tried) return tried;
    if (dryRun || tried.told.changes.length === 0) return { ...tried.told, reopen: null };
    return (await takeOver({ document })) ?? NOT_AGREED;
  };
  const desk: TransferDesk = {
    async export(passphrase) {
      if (!parts) return MOCK;
      return { data: await sealExport(JSON.stringify(toDocument(parts, clock.now())), passphrase) };
    },
    async import(data, passphrase, dryRun) {
      const sealed = toSealedText(data);
      if (sealed === null) return { refused: "bad-input", message: "data: is no export of Pulse, which is base64" };
      const text = await openExport(sealed, passphrase);
      if (text === null) return { refused: "bad-input", message: UNREADABLE };
      return await importDocument(parse(text), dryRun);
    },
  };
  return { desk, importDocument };
}

/** Takes over a document that is not sealed. */
export type ImportDocument = (document: unknown, dryRun: boolean) => ReturnType<TransferDesk["import"]>;
type Told = Omit<Imported, "reopen">;
type Imported = Exclude<Awaited<ReturnType<TransferDesk["import"]>>, Refusal>;

/** For the API, and for the command line of the machine itself. */
export interface ServerTransfer {
  desk: TransferDesk;
  importDocument: ImportDocument;
}

/** What an import would come to. */
function tryOut(document: unknown, { parts }: TransferOptions): Refusal | { told: Told; checked: CheckedDocument } {
  if (!parts) return MOCK;
  const checked = checkDocument(parts, document);
  const { problems, changes, notes, tallies } = checked;
  if (problems.length > 0) return { refused: "bad-input", message: problems.join("; ") };
  const told = { changes: [...changes], notes: [...notes], parts: tallies.map(one => ({ ...one })) };
  return { told, checked };
}

function apply(document: unknown, options: TransferOptions): Imported | Refusal {
  const { database, reopen } = options;
  const tried = tryOut(document, options);
  if ("refused" in tried) return tried;
  const { told, checked } = tried;
  try {
    database.transaction(() => checked.apply());
  } catch (error) {
    // What the rooms believe may be more than what is kept now.
    setImmediate(reopen);
    if (error instanceof KeyGone) return { refused: "not-now", message: error.message };
    throw error;
  }
  return { ...told, reopen };
}

/** Thresholds, overrides and schedules. Overrides of guests under older ids go to the guests they mean. */
export function alertsPart(alerts: Alerts): TransferPart {
  return {
    field: "alerts",
    export: () => alerts.config,
    check(value, instances): Checked {
      const change = withGuestIds(toRow(value) ?? {}, id => toGuestId(id, instances));
      const tally = { added: 0, changed: 0, unchanged: 0 };
      const nothing = { changes: [], notes: [], tally, apply: () => {} };
      try {
        const { config: after, stays } = alerts.spare(alerts.tryOut(change));
        const notes = stays.map(path => `alerts.${path.join(".")}: is set by ${alerts.locked?.by}, and stays`);
        const keys = Object.keys(after);
        if (equal(after, alerts.config))
          return { ...nothing, notes, problems: [], tally: { ...tally, unchanged: keys.length } };
        const changed = keys.filter(key => !equal(after[key as never], alerts.config[key as never]));
        return {
          problems: [],
          notes,
          tally: { ...tally, changed: changed.length, unchanged: keys.length - changed.length },
          changes: [`changes of the alerts: ${changed.join(", ")}`],
          apply: () => void alerts.configure(after),
        };
      } catch (error) {
        if (!(error instanceof BadAlertConfig)) throw error;
        return { ...nothing, problems: [`alerts.${error.message}`] };
      }
    },
  };
}

function withGuestIds(config: Row, idOf: (id: string) => string | null): Row {
  const renamed = Object.entries(toRow(config.overrides) ?? {}).map(([id, rule]) => [idOf(id) ?? id, rule]);
  return config.overrides === undefined ? config : { ...config, overrides: Object.fromEntries(renamed) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
