import type { ARCHIVE_ROUTES } from "../contract/archive-routes.ts";
import type { ArchiveInput, ArchiveStatus } from "../model/archive.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";

/** Who sends samples to a store for years; answered where the rooms are introduced to each other. */
export interface ArchiveDesk {
  status(): ArchiveStatus;
  change(input: ArchiveInput): ArchiveStatus | Refusal;
}

export function archiveHandlers(desk: ArchiveDesk): Pick<Handlers, keyof typeof ARCHIVE_ROUTES> {
  return {
    archive: () => desk.status(),
    changeArchive: ({ body }) => {
      const outcome = desk.change(body);
      if ("refused" in outcome) throw toFailure(outcome);
      return outcome;
    },
  };
}
