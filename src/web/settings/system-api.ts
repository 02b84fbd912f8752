import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import type { SystemChange } from "../../model/system-settings.ts";
import { ask, isRefused, type Refused } from "../live/ask.ts";

export type SystemAnswer = AnswerOf<Routes["systemSettings"]>;

/** null: they cannot be had now. */
export async function readSystem(): Promise<SystemAnswer | null> {
  const answer = await ask<SystemAnswer>("GET", "api/system/settings");
  return isRefused(answer) ? null : answer;
}

export function changeSystem(change: SystemChange): Promise<AnswerOf<Routes["updateSystemSettings"]> | Refused> {
  return ask("POST", "api/system/settings/update", change);
}
