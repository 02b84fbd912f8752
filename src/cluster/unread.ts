import type { Database } from "../store/database.ts";
import type { Reached } from "./line.ts";
import { COMMANDS, PICTURE_SUBJECTS, STREAM } from "./names.ts";

/** What lies in NATS that the core whose database this is has not kept, as a sentence; null: nothing. */
export async function unreadOf(database: Database, { manager }: Reached): Promise<string | null> {
  const numberOf = async (stream: string, sql: string) => {
    const { created } = await manager.streams.info(stream);
    const [row] = database.all(sql, new Date(created).toISOString());
    return Number(row?.number ?? 0);
  };
  const position = await numberOf(STREAM, "SELECT sequence AS number FROM cluster_position WHERE stream = ?");
  for (const subject of PICTURE_SUBJECTS) {
    const last = await manager.direct.getMessage(STREAM, { last_by_subj: subject });
    if (last && last.seq > position)
      return "Edges have said more than this core has kept: stop the edges, let the core run for half a minute, then stop it";
  }
  const applied = await numberOf(COMMANDS, "SELECT number FROM cluster_command WHERE stream = ?");
  const { last_seq: last } = (await manager.streams.info(COMMANDS)).state;
  return last > applied
    ? "This core has not done all that people asked others for: start it again, then stop it"
    : null;
}
