import type { Static } from "typebox";
import type { ROUTES } from "../../contract/routes.ts";
import { csrfHeader } from "./csrf.ts";

/** Who the reader is to the server. */
export type Session = Static<(typeof ROUTES)["session"]["answer"]>;

/** null: the server cannot be reached. */
export async function readSession(): Promise<Session | null> {
  try {
    const answer = await fetch("api/session", { signal: AbortSignal.timeout(8000) });
    return answer.ok ? ((await answer.json()) as Session) : null;
  } catch {
    return null;
  }
}

/** Signs in. Answers what went wrong, as a sentence; null: signed in. */
export async function signIn(username: string, password: string): Promise<string | null> {
  return post("api/login", { username, password });
}

export async function signOut(): Promise<string | null> {
  return post("api/logout");
}

async function post(path: string, body?: unknown): Promise<string | null> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { ...csrfHeader(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.ok) return null;
    const { message, error } = (await answer.json()) as { message?: string; error?: string };
    return message ?? error ?? `The server answered with ${answer.status}`;
  } catch {
    return "The server cannot be reached";
  }
}
