/** Flags of `scripts/production.json` that spare memory: of 50,000 guests they take half of a core's CPU. */
const SPARING = /^--(optimize-for-size$|heap-growing-percent=|max-semi-space-size=)/;
/** What a look makes dies young where it has room to. NOTE: with `--optimize-for-size` it has 1 MiB, whatever else is said of it. */
const SPEEDY = "--max-semi-space-size=16";

/** By what Node is to be started for a core that was started by `flags`; null: by those. */
export function coreFlags(flags: readonly string[]): string[] | null {
  if (!flags.includes("--optimize-for-size")) return null;
  return [...flags.filter(flag => !SPARING.test(flag)), SPEEDY];
}

/**
 * Makes of this process one whose Node spends memory to save CPU, whichever way it was started; returns where it is one. What it has done so
 * far is lost: to be called before anything is. NOTE: how much room there is for what is young is settled as V8 starts.
 */
export function becomeCoreNode(): void {
  const flags = coreFlags(process.execArgv);
  // NOTE: Windows cannot, and whoever talks with a parent would lose it.
  if (flags === null || process.platform === "win32" || process.connected || !process.execve) return;
  process.execve(process.execPath, [process.argv0, ...flags, ...process.argv.slice(1)], process.env);
}
