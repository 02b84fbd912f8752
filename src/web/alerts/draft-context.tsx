import { type Accessor, createContext, createMemo, createSignal, useContext } from "solid-js";
import type { AlertConfiguration } from "../../contract/alert-routes.ts";
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
  /** Whether the reader may change what stands at `path`; without one, anything. */
  mayEdit(path?: Path): boolean;
  /** What sets what stands at `path`, or all around it, so that it cannot be changed here; null: nothing does. */
  lockedBy(path: Path): string | null;
  /** Something at `path` or within it is so. */
  isAnyLocked(path: Path): boolean;
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

export function createDraft({ lockedBy = {}, ...read }: AlertConfiguration, mayEdit: Accessor<boolean>): Draft {
  const [saved, setSaved] = createSignal<AlertConfig>(read);
  const [config, setConfig] = createSignal<AlertConfig>(read);
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
    const { lockedBy: _, ...now } = answer.config;
    setSaved(now);
    if (isAsSent) setConfig(now);
  };
  const names = (path: Path) => path.join(".");
  const lockOf = (path: Path) =>
    Object.keys(lockedBy).find(lock => names(path) === lock || names(path).startsWith(`${lock}.`)) ?? null;
  const whoLocks = (path: Path) => lockedBy[lockOf(path) ?? ""] ?? null;
  const isAt = (path: Path) => {
    const why = said();
    return why !== null && mentions(why, names(path));
  };
  return {
    config,
    saved,
    get: path => valueAt(config(), path),
    set: (path, value) => {
      if (!mayEdit() || whoLocks(path) !== null) return;
      if (isAt(path)) setSaid(null);
      setConfig(before => withValue(before, path, value));
    },
    isChanged: path => changesOf({ at: valueAt(saved(), path) }, { at: valueAt(config(), path) }) !== null,
    changed,
    // The field stands beside it.
    problemAt: path => (isAt(path) ? (said()?.replace(`${names(path)}: `, "") ?? null) : null),
    problem: said,
    busy,
    mayEdit: path => mayEdit() && (path === undefined || whoLocks(path) === null),
    lockedBy: whoLocks,
    isAnyLocked: path =>
      whoLocks(path) !== null || Object.keys(lockedBy).some(lock => lock.startsWith(`${names(path)}.`)),
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
