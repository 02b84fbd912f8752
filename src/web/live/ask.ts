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

let tellRefused = () => {};

/** `tell` is called when the server no longer knows who this is: a session that ended elsewhere is noticed by the first thing asked for. */
export function whenNotKnown(tell: () => void): void {
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
    if (answer.ok) return (await answer.json()) as T;
    if (answer.status === 401) tellRefused();
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
