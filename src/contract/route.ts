import type { Static, TSchema } from "typebox";
import type { Right } from "../model/caller.ts";

/** Who may call a route: anybody, or who has that right. There is no default: a route that does not say it does not compile. */
export type Access = "public" | Right;

/** Classes of requests, each with its own limit a caller: see `http/rate-limits.ts`. */
export type LimitClass = "general" | "sign-in" | "transfer" | "test-mail" | "update-check";

/**
 * Where several Pulses serve as one, what a request comes to that may change something. "change": all of them do it, for good; "report": all of
 * them do it, it is about the present. The handler of both must come to the same at each, by what it is given. "agreed": this one does it, and
 * tells the others what that changes. "own": it changes nothing that lasts, or what is this one's own. `refused`: none does it, and why.
 */
export type Shared = "change" | "report" | "agreed" | "own" | { readonly refused: string };

/** There is no default: a route that may change something and does not say what that comes to among several does not compile. */
export type Route = Described &
  (
    | { readonly method: "GET"; readonly shared?: never }
    | { readonly method: "POST" | "PUT" | "PATCH" | "DELETE"; readonly shared: Shared }
  );

interface Described {
  /** With `:name` for parameters. */
  readonly path: `/${string}`;
  readonly access: Access;
  readonly summary: string;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly answer: TSchema;
  /** Further statuses a caller must expect; 400, 401, 403, 404, 429 and 500 carry `{ error }` on every route. */
  /** Bytes, where it is more than a mebibyte. */
  readonly largestBody?: number;
  readonly faults?: Readonly<Record<number, string>>;
  /** "general" unless it says otherwise. */
  readonly limit?: LimitClass;
  /** Takes an API token as `?token=` too. URLs end up in logs: only where a client can send no header. */
  readonly tokenInQuery?: true;
  /** As long as sign-in is not set up, the private network may call it, and where the operator has said so anybody. */
  readonly openBeforeSetup?: true;
  /** What it is asked for stands in the body, a session adds nothing: no CSRF token is asked for. */
  readonly withoutCsrf?: true;
  /** Works in a demo, too: it changes nothing of this server, or is what a demo shows. */
  readonly inDemo?: true;
  /** Kept in the audit log, though it changes nothing: what it hands out is precious. */
  readonly audited?: true;
  /** Not kept in the audit log when it is called: it is too frequent, or keeps its own entry. */
  readonly unaudited?: true;
}

export type AnswerOf<R extends Route> = Static<R["answer"]>;
export type BodyOf<R extends Route> = R["body"] extends TSchema ? Static<R["body"]> : undefined;
export type QueryOf<R extends Route> = R["query"] extends TSchema ? Static<R["query"]> : undefined;
