/**
 * What a child process that inherits nothing gets all the same: where programs are, and what Node keeps of what it has compiled, which costs
 * a Pulse from its sources half a start.
 */
export const PLAIN: Readonly<NodeJS.ProcessEnv> = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
};

/** How Node runs the Pulse that was built. NOTE: from its sources a start takes several times the work. */
export const BUILT: readonly string[] = ["--disable-warning=ExperimentalWarning", "dist/pulse.js"];
