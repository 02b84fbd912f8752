import { setFlagsFromString } from "node:v8";
import type { KeptCompiled } from "./compile-cache.ts";
import { coreClock, coreHand } from "./core-hand.ts";
import { type Program, serve } from "./serve.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { readCluster } from "./settings/cluster-environment.ts";

/** Where `becomeCoreNode` could not: what of that can still be said of a Node that runs. */
const SPEEDY = ["--no-optimize-for-size", "--heap-growing-percent=0"];

/** `pulse core`: serves what edges see, until a signal asks it to stop; answers the exit code. */
export function runCore(program: Program, kept: KeptCompiled): Promise<number> {
  for (const flag of SPEEDY) setFlagsFromString(flag);
  return serve(program, kept, ({ sealKey, mockMode, dataDir }) => {
    const settings = readCluster(process.env);
    if (!sealKey) throw new BadSettings(["PULSE_ENCRYPTION_KEY: missing; cores need one, and all of them the same"]);
    if (mockMode) throw new BadSettings(["PULSE_MOCK_MODE: a core shows what edges see, never a simulated estate"]);
    return { hand: coreHand(settings, dataDir), clock: coreClock };
  });
}
