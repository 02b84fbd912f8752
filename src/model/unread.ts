import { Type } from "typebox";
import { Nullable } from "./schema.ts";

/** A field of entities: from what is not listed nothing follows before the list has been read. */
export const unread = Nullable(
  Type.Record(Type.String(), Nullable(Type.String({ description: "Why it cannot be read, as a sentence" })), {
    description:
      'What of it is to be listed and is not as of now: archives, snapshots, tasks, replication, disks, ceph, backup-jobs; of a Backup Server its datastores, "": all. null within: it has not been read yet. null: all has been read',
  }),
);
