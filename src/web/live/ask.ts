import { t, told } from "../words/words.ts";
import { csrfHeader } from "./csrf.ts";
import { kioskHeader } from "./kiosk.ts";

/** The server said no, or could not be asked. */
export interface Refused {
  /** Why, as a sentence. */
  error: string;
  /** Whatever else the server told. */
  [detail: string]: unknown;
}

/** Where people sign in: what is refused there is the attempt. */
export const SIGN_IN = "api/login";

let tellRefused = () => false;

/**
 * `tell` is called when the server no longer knows who this is: a session that ended elsewhere is noticed by the first thing asked for.
 * It answers whether there was one.
 */
export function whenNotKnown(tell: () => boolean): void {
  tellRefused = tell;
}

/** One request to the API. Never rejects. `T` must have no field called "error" that is not null. `patience`: ms. */
export async function ask<T>(method: string, path: string, body?: object, patience = 30_000): Promise<T | Refused> {
  try {
    const answer = await fetch(path, {
      method,
      headers: { ...csrfHeader(), ...kioskHeader(), ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(patience),
    });
    if (answer.ok)
      return await (answer.json() as Promise<T>).catch(() => ({ error: t("The server's answer cannot be read") }));
    if (answer.status === 401 && path !== SIGN_IN && tellRefused())
      return { error: t("Your session has ended. Sign in, and do this again.") };
    const said = (await answer.json().catch(() => ({}))) as Partial<Refused> & { message?: string };
    return {
      ...said,
      error: told(said.message ?? said.error ?? t("The server answered with {status}", { status: answer.status })),
    };
  } catch {
    return { error: t("The server cannot be reached") };
  }
}

export function isRefused(answer: unknown): answer is Refused {
  return typeof answer === "object" && answer !== null && typeof (answer as Partial<Refused>).error === "string";
}
