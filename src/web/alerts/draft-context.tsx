import { type Accessor, createContext, createMemo, createSignal, useContext } from "solid-js";
import type { AlertConfig } from "../../model/alert-config.ts";
import { isRefused } from "../live/ask.ts";
import { guardUnsaved } from "../ui/url-state.ts";
import { changeConfig } from "./alert-api.ts";
import { changesOf, type Path, pathsOf, valueAt, withValue } from "./config-draft.ts";

/** What stands in these places is sent whole. */
const WHOLE: readonly Path[] = [
  ["overrides", "*"],
  ["tagOverrides", "*"],
  ["timeThresholds", "*"],
  ["metricTimeThresholds", "*"],
];

/** The configuration as it is being edited. Nothing but the reader changes it. */
export interface Draft {
  config: Accessor<AlertConfig>;
  /** As the server has it, as far as is known. */
  saved: Accessor<AlertConfig>;
  get(path: Path): unknown;
  set(path: Path, value: unknown): void;
  isChanged(path: Path): boolean;
  /** How many values differ from what is saved. */
  changed: Accessor<number>;
  /** What the server says is wrong at `path`, as a sentence; null: nothing. */
  problemAt(path: Path): string | null;
  /** What is wrong and stands at no field. */
  problem: Accessor<string | null>;
  busy: Accessor<boolean>;
  mayEdit: Accessor<boolean>;
  save(): Promise<void>;
  revert(): void;
}

const DraftContext = createContext<Draft>();
export const DraftProvider = DraftContext.Provider;

export function useDraft(): Draft {
  const draft = useContext(DraftContext);
  if (!draft) throw new TypeError("useDraft() outside of DraftProvider");
  return draft;
}

export function createDraft(read: AlertConfig, mayEdit: Accessor<boolean>): Draft {
  const [saved, setSaved] = createSignal(read);
  const [config, setConfig] = createSignal(read);
  const [said, setSaid] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const changes = createMemo(() => changesOf(saved(), config(), WHOLE));
  const changed = createMemo(() => pathsOf(changesOf(saved(), config())).length);
  guardUnsaved(() => changes() !== null);
  const save = async () => {
    const change = changes();
    if (!change) return;
    setBusy(true);
    const answer = await changeConfig(change);
    setBusy(false);
    if (isRefused(answer)) {
      setSaid(answer.error);
      return;
    }
    setSaid(null);
    // What was typed meanwhile stays.
    const meanwhile = changesOf(saved(), config(), WHOLE);
    const isAsSent = JSON.stringify(meanwhile) === JSON.stringify(change);
    setSaved(answer.config);
    if (isAsSent) setConfig(answer.config);
  };
  const names = (path: Path) => path.join(".");
  const isAt = (path: Path) => {
    const why = said();
    return why !== null && mentions(why, names(path));
  };
  return {
    config,
    saved,
    get: path => valueAt(config(), path),
    set: (path, value) => {
      if (isAt(path)) setSaid(null);
      setConfig(before => withValue(before, path, value));
    },
    isChanged: path => changesOf({ at: valueAt(saved(), path) }, { at: valueAt(config(), path) }) !== null,
    changed,
    // The field stands beside it.
    problemAt: path => (isAt(path) ? (said()?.replace(`${names(path)}: `, "") ?? null) : null),
    problem: said,
    busy,
    mayEdit,
    save,
    revert: () => {
      setSaid(null);
      setConfig(saved());
    },
  };
}

/** Whether a sentence names this very field, and not one that only begins like it. */
function mentions(sentence: string, name: string): boolean {
  const at = sentence.indexOf(name);
  return at !== -1 && !/[\w.-]/.test(sentence[at + name.length] ?? "");
}
