import { type Accessor, createMemo } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { MINUTE, type Millis } from "../../kit/units.ts";
import { ask } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading, type Reading } from "../live/reading.ts";

export type Told = AnswerOf<Routes["changes"]>;

/** Time moves on: what is a day old now was not when it was read. */
const RENEWED: Millis = 10 * MINUTE;
/** What changed in the last `length`, of `resource` or, null, of all; read again whenever the server says that there is more. */
export function createChanges(
  asked: Accessor<{ length: Millis; limit: number; resource: string | null }>,
): Reading<Told> {
  const live = useLive();
  const read = async (signal: AbortSignal) => {
    const { length, limit, resource } = asked();
    const query = new URLSearchParams({ since: String(Math.round(live.now() - length)), limit: String(limit) });
    if (resource !== null) query.set("resource", resource);
    const said = await ask<Told>("GET", `api/changes?${query}`);
    return signal.aborted ? null : said;
  };
  const isLive = () => live.line().kind === "live";
  // How many came and went is told, too.
  const firing = createMemo(() => Object.keys(live.picture().activeAlerts).join("\n"));
  const beat = createMemo(() => Math.floor(live.now() / RENEWED));
  return createReading<Told>(read, {
    key: () => JSON.stringify(asked()),
    whenever: [live.changes, isLive, firing, beat],
  });
}
