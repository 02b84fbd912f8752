import type { GuestMetadata, GuestMetadataInput } from "../model/guest-metadata.ts";
import type { Database } from "../store/database.ts";

/** What people note of guests, by the guest's id: a migration keeps it, and so does a restart. */
export class GuestNotes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): Record<string, GuestMetadata> {
    const rows = this.#database.all("SELECT guest, metadata FROM guest_note ORDER BY guest");
    return Object.fromEntries(rows.map(({ guest, metadata }) => [String(guest), toMetadata(String(guest), metadata)]));
  }

  /** Empty when nothing was noted. */
  of(guest: string): GuestMetadata {
    const [row] = this.#database.all("SELECT metadata FROM guest_note WHERE guest = ?", guest);
    return toMetadata(guest, row?.metadata);
  }

  /** Changes what `input` names; on the disk when this returns. */
  change(guest: string, input: GuestMetadataInput): GuestMetadata {
    const { id: _, ...before } = this.of(guest);
    const after = { ...before };
    for (const field of ["consoleUrl", "notes", "customUrl", "description"] as const)
      if (input[field] !== undefined) after[field] = input[field] || null;
    if (input.tags !== undefined) after.tags = input.tags;
    this.#database.run("INSERT OR REPLACE INTO guest_note VALUES (?, ?)", guest, JSON.stringify(after));
    return { id: guest, ...after };
  }

  remove(guest: string): void {
    this.#database.run("DELETE FROM guest_note WHERE guest = ?", guest);
  }
}

function toMetadata(id: string, kept: unknown): GuestMetadata {
  const empty = { consoleUrl: null, notes: null, customUrl: null, description: null, tags: null };
  return { ...empty, ...(typeof kept === "string" ? (JSON.parse(kept) as Partial<GuestMetadata>) : {}), id };
}
