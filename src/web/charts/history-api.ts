import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import type { Instant } from "../../kit/units.ts";
import { t } from "../words/words.ts";

/** What one metric was; nothing where nothing was ever known of it. Throws an Error with a sentence when it cannot be had. */
export async function readHistory(
  asked: { resource: string; metric: string; from: Instant; to: Instant; points: number },
  signal: AbortSignal,
): Promise<Pick<AnswerOf<Routes["history"]>, "points" | "note">> {
  const { resource, metric, from, to, points } = asked;
  const query = new URLSearchParams({
    resource,
    metric,
    from: `${from}`,
    to: `${to}`,
    points: `${points}`,
    unknown: "empty",
  });
  const answer = await ask(`api/history?${query}`, signal);
  if (!answer.ok) throw new Error(t("The server answered with {status}", { status: answer.status }));
  return (answer.json() as Promise<AnswerOf<Routes["history"]>>).catch((cause: unknown) => {
    throw new Error(t("The server's answer cannot be read"), { cause });
  });
}

function ask(path: string, signal: AbortSignal): Promise<Response> {
  return fetch(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) }).catch((cause: unknown) => {
    throw new Error(t("The server cannot be reached"), { cause });
  });
}
