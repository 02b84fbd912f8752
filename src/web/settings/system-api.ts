import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import type { SystemChange } from "../../model/system-settings.ts";
import { ask, type Refused } from "../live/ask.ts";

export type SystemAnswer = AnswerOf<Routes["systemSettings"]>;

export function readSystem(): Promise<SystemAnswer | Refused> {
  return ask("GET", "api/system/settings");
}

export function changeSystem(change: SystemChange): Promise<AnswerOf<Routes["updateSystemSettings"]> | Refused> {
  return ask("POST", "api/system/settings/update", change);
}
