import { createMemo } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import type { FillingUp } from "../../model/capacity.ts";
import { ask } from "./ask.ts";
import { useLive } from "./live.ts";
import { createReading, type Reading } from "./reading.ts";

/** The server looks no more often than that. */
const RENEWED = 15 * MINUTE;

/** What fills up, the soonest first. */
export function readCapacity(): Reading<FillingUp[]> {
  const live = useLive();
  const beat = createMemo(() => Math.floor(live.now() / RENEWED));
  return createReading<FillingUp[]>(() => ask("GET", "api/capacity"), {
    whenever: [() => live.line().kind === "live", beat],
  });
}
