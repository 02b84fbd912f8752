import type { AnswerOf, BodyOf } from "../contract/route.ts";
import type { TRANSFER_ROUTES } from "../contract/transfer-routes.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";

type TransferRoutes = typeof TRANSFER_ROUTES;

/** Who hands out the configuration and takes it over; answered where the rooms are introduced to each other. */
export interface TransferDesk {
  export(passphrase: string): Promise<{ data: string } | Refusal>;
  /** `reopen`: to be called when the caller has been answered, so that what was imported counts; null: nothing has changed. */
  import(
    data: unknown,
    passphrase: string,
    dryRun: boolean,
  ): Promise<
    | (Pick<AnswerOf<TransferRoutes["importConfig"]>, "changes" | "notes" | "parts"> & { reopen: (() => void) | null })
    | Refusal
  >;
}

/** Throws Failure where there is none. NOTE: Node reads headers byte by byte; what is not ASCII comes as UTF-8. */
function passphraseOf(header: string | readonly string[] | undefined): string {
  const passphrase = Buffer.from(String(header ?? ""), "latin1").toString("utf8");
  if (passphrase.length >= 12 && passphrase.length <= 1024) return passphrase;
  throw new Failure(
    400,
    'X-Passphrase: must be 12 characters or more, to seal the export with; or POST /api/config/export { "passphrase": "…" }',
  );
}

/** The handlers of export and import. */
export function transferHandlers(desk: TransferDesk): Pick<Handlers, keyof TransferRoutes> {
  const exportWith = async (passphrase: string): Promise<AnswerOf<TransferRoutes["exportConfig"]>> => {
    const outcome = await desk.export(passphrase);
    if ("refused" in outcome) throw toFailure(outcome);
    return { status: "success", data: outcome.data };
  };
  return {
    exportConfig: ({ body }) => exportWith((body as BodyOf<TransferRoutes["exportConfig"]>).passphrase),
    exportByAddress: ({ request }) => exportWith(passphraseOf(request.headers["x-passphrase"])),
    importConfig: async ({ body, query }, reply): Promise<AnswerOf<TransferRoutes["importConfig"]>> => {
      const { data, passphrase } = body as BodyOf<TransferRoutes["importConfig"]>;
      const dryRun = (query as { dryRun?: string }).dryRun === "true";
      const outcome = await desk.import(data, passphrase, dryRun);
      if ("refused" in outcome) throw toFailure(outcome);
      const { changes, notes, parts, reopen } = outcome;
      if (reopen) reply.raw.once("finish", reopen);
      const message = dryRun ? "Nothing was changed" : changes.length > 0 ? "Imported" : "Everything was so already";
      return { status: "success", message, dryRun, changes, notes, parts };
    },
  };
}
