import { HOUR } from "../../kit/units.ts";
import type { State } from "../../model/state.ts";
import { Database } from "../../store/database.ts";
import { startPulseIn } from "../../test/server-process.ts";
import type { Entity } from "./idle-estate.ts";
import { writeYear } from "./year.ts";

/** Fills a data folder as a year leaves it, for all that a server sees there now: `writeYear`. */
export async function growFolder(folder: string): Promise<Entity[]> {
  const entities = await entitiesOf(folder);
  using database = Database.open(folder, "a");
  // Just before a block of samples is complete there are the most frames.
  writeYear(database, entities, Math.floor(Date.now() / HOUR) * HOUR);
  return entities;
}

/** What the server calls what it sees. */
async function entitiesOf(folder: string): Promise<Entity[]> {
  await using pulse = await startPulseIn(folder);
  for (;;) {
    const state = (await (await fetch(`${pulse.url}/api/state`)).json()) as State;
    const guests = [...state.vms, ...state.containers];
    if (guests.length > 0 && state.storage.length > 0)
      return [
        ...state.nodes.map(({ id }): Entity => ({ kind: "node", resource: id })),
        ...guests.map(({ id }): Entity => ({ kind: "guest", resource: id })),
        ...state.storage.map(({ id }): Entity => ({ kind: "storage", resource: id })),
      ];
  }
}

/** How much of the database each table takes, bytes, with its indexes; the server must have ended. */
export function sizesOf(folder: string): Map<string, number> {
  using database = Database.open(folder, "a");
  const rows = database.all(
    "SELECT tbl_name AS name, sum(pgsize) AS size FROM dbstat JOIN sqlite_schema USING (name) WHERE aggregate = TRUE GROUP BY tbl_name",
  );
  return new Map(rows.map(({ name, size }) => [String(name), Number(size)]));
}
