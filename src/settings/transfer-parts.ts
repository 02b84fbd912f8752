import { equal } from "../kit/equal.ts";
import { type Row, toRow, toText } from "../kit/fields.ts";
import type { GuestMetadataInput } from "../model/guest-metadata.ts";
import { guestId } from "../model/ids.ts";
import { isSystemField } from "../model/system-settings.ts";
import type { GuestNotes } from "./guest-notes.ts";
import type { SystemBook } from "./system-book.ts";
import { problemOf } from "./system-layer.ts";
import type { Checked, Instances, TransferPart } from "./transfer.ts";

/** The system settings. What cannot be used here, or is set elsewhere, stays as it is and is told: a port of another machine is no error. */
export function systemPart(book: SystemBook): TransferPart {
  return {
    field: "system",
    export: () => book.settings,
    check(value) {
      const notes: string[] = [];
      let unchanged = 0;
      const before = book.settings;
      const wanted = Object.entries(toRow(value) ?? {}).filter(([name, wish]) => {
        // Go writes what was never set as 0 and "".
        if (!isSystemField(name) || wish === null || wish === 0 || wish === "") return false;
        if (equal(before[name], wish)) {
          unchanged += 1;
          return false;
        }
        const by = book.lockedBy[name];
        const problem = problemOf(name, wish);
        if (by !== undefined) notes.push(`system.${name}: is set by ${by}, and stays`);
        else if (problem !== null) notes.push(`system.${name}: ${problem}; stays as it is`);
        return by === undefined && problem === null;
      });
      return {
        problems: [],
        notes,
        tally: { added: 0, changed: wanted.length, unchanged },
        changes: wanted.map(([name, wish]) => `sets ${name} to ${JSON.stringify(wish)}`),
        apply: () => book.change(Object.fromEntries(wanted)),
      };
    },
  };
}

const NOTE_FIELDS = ["consoleUrl", "notes", "customUrl", "description"] as const;

/** What people noted of guests. */
export function notesPart(notes: GuestNotes): TransferPart {
  return {
    field: "guestMetadata",
    export: () => notes.all(),
    check: (value, instances): Checked => {
      const told: string[] = [];
      let unchanged = 0;
      const wanted: [guest: string, input: GuestMetadataInput][] = [];
      for (const [key, entry] of Object.entries(toRow(value) ?? {})) {
        const guest = toGuestId(key, instances);
        const input = toNote(toRow(entry) ?? {});
        if (Object.keys(input).length === 0) continue;
        if (guest === null) told.push(`guestMetadata.${key}: it cannot be told which guest is meant`);
        else if (equal({ ...notes.of(guest), ...input }, notes.of(guest))) unchanged += 1;
        else wanted.push([guest, input]);
      }
      return {
        problems: [],
        notes: told,
        tally: { added: 0, changed: wanted.length, unchanged },
        changes: wanted.map(([guest]) => `notes something of guest "${guest}"`),
        apply() {
          for (const [guest, input] of wanted) notes.change(guest, input);
        },
      };
    },
  };
}

function toNote(row: Row): GuestMetadataInput {
  const input: GuestMetadataInput = {};
  for (const field of NOTE_FIELDS) {
    const text = toText(row[field]);
    const isUrl = field === "consoleUrl" || field === "customUrl";
    if (text !== null && (!isUrl || /^https?:\/\/[^\s/?#]/.test(text))) input[field] = text;
  }
  const tags = Array.isArray(row.tags) ? row.tags.filter(tag => typeof tag === "string") : [];
  return tags.length > 0 ? { ...input, tags } : input;
}

/**
 * The guest that an id means: one of ours is what it is; INSTANCE-NODE-VMID, or NODE-VMID of a host that stands alone, is what older versions
 * write. null: it cannot be told.
 */
export function toGuestId(id: string, instances: Instances): string | null {
  if (/^[^:]+:guest:\d+$/.test(id)) return id;
  const vmid = /[-/](\d+)$/.exec(id)?.[1];
  if (vmid === undefined) return null;
  // The longest name that fits: "home-lab" before "home". A host that stands alone is often called as its node.
  const named = [...instances.keys()].filter(name => id.startsWith(`${name}-`) || id.startsWith(`${name}/`));
  const [name] = named.sort((a, b) => b.length - a.length);
  const all = new Set(instances.values());
  const instance = name === undefined ? (all.size === 1 ? [...all][0] : undefined) : instances.get(name);
  return instance === undefined ? null : guestId(instance, Number(vmid));
}
