import { SELF_ID } from "../model/ids.ts";
import type { OwnHealth } from "../model/picture.ts";
import { critical, type Kind, warning } from "./signal.ts";

/** This server itself. */
export const SELVES: Kind<OwnHealth> = {
  list: ({ own }) => (own ? [own] : []),
  id: () => SELF_ID,
  tags: () => null,
  isStale: () => false,
  about: () => ({ id: SELF_ID, name: "Pulse", type: "pulse", node: "", instance: "" }),
  signals: [
    {
      kind: "check",
      type: "unwritten",
      label: "Database",
      read: ({ unwritten, removed }) => {
        if (unwritten?.damaged)
          return critical(
            "cannot read some of its database, whose file is damaged: start it again, and it sets the file aside and saves what it can",
          );
        if (unwritten)
          return critical(
            `cannot write its database: ${unwritten.reason}. It goes on in memory; nothing can be changed`,
          );
        return removed && critical("found its database file removed, and put a copy there: start it again to use that");
      },
    },
    {
      kind: "check",
      type: "update-failed",
      label: "Update",
      read: ({ update }) => (update?.failed ? warning(`did not update itself: ${update.failed}`) : false),
    },
    {
      kind: "check",
      type: "updated",
      label: "Updated",
      isNews: true,
      read: ({ update }) =>
        update?.done ? warning(`has updated itself from ${update.done.from} to ${update.done.to}`) : false,
    },
    {
      kind: "check",
      type: "job-failed",
      label: "Backup",
      read: ({ backup = null }) =>
        typeof backup !== "string" ? backup : warning(`could not back up its database: ${backup}`),
    },
  ],
};
