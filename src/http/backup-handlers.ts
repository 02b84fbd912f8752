import { open } from "node:fs/promises";
import type { BACKUP_ROUTES } from "../contract/backup-routes.ts";
import type { AnswerOf } from "../contract/route.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";

type BackupRoutes = typeof BACKUP_ROUTES;

/** Who makes and keeps backups; answered where the rooms are introduced to each other. */
export interface BackupDesk {
  state(): Promise<AnswerOf<BackupRoutes["ownBackups"]>>;
  make(): Promise<AnswerOf<BackupRoutes["makeOwnBackup"]> | Refusal>;
  /** The path of the backup of that name; null: there is none. */
  find(name: string): string | null;
  /** false: there is none of that name. */
  remove(name: string): boolean;
}

/** The handlers of the backups of Pulse's own database. */
export function backupHandlers(desk: BackupDesk): Pick<Handlers, keyof BackupRoutes> {
  const unknown = (name: string | undefined) => new Failure(404, `There is no backup "${name ?? ""}"`);
  return {
    ownBackups: () => desk.state(),
    makeOwnBackup: async () => {
      const outcome = await desk.make();
      if ("refused" in outcome) throw toFailure(outcome);
      return outcome;
    },
    downloadOwnBackup: async ({ params: { name = "" } }, reply) => {
      const path = desk.find(name);
      const file = path === null ? null : await open(path).catch(() => null);
      if (file === null) throw unknown(name);
      const { size } = await file.stat();
      return reply
        .type("application/vnd.sqlite3")
        .headers({
          "Content-Disposition": `attachment; filename=${name}`,
          "Content-Length": size,
          "Cache-Control": "no-store",
        })
        .send(file.createReadStream({ start: 0 }));
    },
    removeOwnBackup: ({ params: { name = "" } }) => {
      if (!desk.remove(name)) throw unknown(name);
      return { success: true };
    },
  };
}
