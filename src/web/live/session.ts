import type { AnswerOf, BodyOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { ask, isRefused, SIGN_IN } from "./ask.ts";
import { kioskHeader } from "./kiosk.ts";

/** Who the reader is to the server. */
export type Session = AnswerOf<Routes["session"]>;

/** null: the server cannot be reached. */
export async function readSession(): Promise<Session | null> {
  try {
    const answer = await fetch("api/session", {
      signal: AbortSignal.timeout(8000),
      headers: kioskHeader(),
    });
    return answer.ok ? ((await answer.json()) as Session) : null;
  } catch {
    return null;
  }
}

/** What becomes of an attempt to sign in. */
export type SignInOutcome = { kind: "in" } | { kind: "code-needed" } | { kind: "refused"; why: string };

export async function signIn(attempt: BodyOf<Routes["login"]>): Promise<SignInOutcome> {
  const answer = await ask<{ success: true }>("POST", SIGN_IN, attempt);
  if (!isRefused(answer)) return { kind: "in" };
  return answer.codeRequired === true ? { kind: "code-needed" } : { kind: "refused", why: answer.error };
}

export async function signOut(): Promise<void> {
  await ask("POST", "api/logout");
}
