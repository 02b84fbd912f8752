import type { GuestMetadata, GuestMetadataInput } from "../../model/guest-metadata.ts";
import { ask, type Refused } from "../live/ask.ts";

/** What is noted of all guests, by their ids. */
export function readNotes(): Promise<Record<string, GuestMetadata> | Refused> {
  return ask("GET", "api/guests/metadata");
}

/** What is noted of one; all of it empty when nothing is. */
export function readNote(guest: string): Promise<GuestMetadata | Refused> {
  return ask("GET", `api/guests/metadata/${encodeURIComponent(guest)}`);
}

export function saveNote(guest: string, input: GuestMetadataInput): Promise<GuestMetadata | Refused> {
  return ask("PUT", `api/guests/metadata/${encodeURIComponent(guest)}`, input);
}

/** Whether anything is noted. */
export function hasNote({ customUrl, consoleUrl, notes, description }: GuestMetadata): boolean {
  return [customUrl, consoleUrl, notes, description].some(one => one !== null && one !== "");
}
