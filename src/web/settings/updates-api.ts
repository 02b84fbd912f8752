import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import type { UpdateChannel, UpdateEvent, UpdateStatus } from "../../model/update.ts";
import { ask, isRefused, type Refused } from "../live/ask.ts";

export type UpdateCheck = AnswerOf<Routes["checkUpdates"]>;
type Version = AnswerOf<Routes["version"]>;
type Plan = AnswerOf<Routes["updatePlan"]>;

const orNull = <T>(answer: T | Refused): T | null => (isRefused(answer) ? null : (answer as T));

export const readVersion = async () => orNull(await ask<Version>("GET", "api/version"));
/** `note`: what root has to do about the units of systemd. */
type StatusAnswer = UpdateStatus & { note?: string };
/** NOTE: a status that tells of an error has a field of that name, as a refusal has; so it comes in a wrapper. */
export const readStatus = async (): Promise<{ status: StatusAnswer } | null> => {
  const answer = await ask<StatusAnswer>("GET", "api/updates/status");
  return "updatedAt" in answer ? { status: answer as StatusAnswer } : null;
};
export const readHistory = () => ask<UpdateEvent[]>("GET", "api/updates/history?limit=20");
export const checkUpdates = (channel: UpdateChannel) => ask<UpdateCheck>("GET", `api/updates/check?channel=${channel}`);

/** What to do by hand; null: nothing, or it cannot be had now. */
export const readPlan = async (version: string) =>
  orNull(await ask<Plan>("GET", `api/updates/plan?version=${encodeURIComponent(version)}`));

export const applyUpdate = (check: UpdateCheck, acceptMajor: boolean) =>
  ask<AnswerOf<Routes["applyUpdate"]>>("POST", "api/updates/apply", {
    version: check.latestVersion ?? "",
    downloadUrl: check.downloadUrl,
    channel: check.channel,
    acceptMajor,
  });
