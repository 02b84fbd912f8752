import type { GUEST_ROUTES } from "../contract/guest-routes.ts";
import type { Guest } from "../model/guest.ts";
import type { GuestMetadata, GuestMetadataInput } from "../model/guest-metadata.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";

/** Who keeps what is noted of guests; answered where the rooms are introduced to each other. */
export interface NoteDesk {
  guests(): readonly Pick<Guest, "id" | "instance" | "node" | "vmid">[];
  all(): Record<string, GuestMetadata>;
  of(guest: string): GuestMetadata;
  change(guest: string, input: GuestMetadataInput): GuestMetadata;
  remove(guest: string): void;
}

/** The handlers of what is noted of guests. */
export function guestHandlers(desk: NoteDesk): Pick<Handlers, keyof typeof GUEST_ROUTES> {
  const named = ({ id, node, vmid }: Readonly<Record<string, string>>) => id ?? `${node}/${vmid}`;
  /** The guest's id; the name as it is given where there is no such guest. */
  const known = (name: string) => idOf(name, desk.guests()) ?? name;
  const existing = (name: string) => {
    const id = idOf(name, desk.guests());
    if (id === null && !Object.hasOwn(desk.all(), name)) throw new Failure(404, `There is no guest "${name}"`);
    return id ?? name;
  };
  const read: Handlers["guestNote"] = ({ params }) => desk.of(known(named(params)));
  const change: Handlers["noteGuest"] = ({ params, body }) => desk.change(existing(named(params)), body);
  const forget: Handlers["forgetGuestNote"] = ({ params }, reply) => {
    desk.remove(known(named(params)));
    return reply.status(204).send();
  };
  return {
    guestNotes: () => desk.all(),
    guestNote: read,
    guestNoteOnNode: read,
    noteGuest: change,
    noteGuestOnNode: change,
    postGuestNote: change,
    postGuestNoteOnNode: change,
    forgetGuestNote: forget,
    forgetGuestNoteOnNode: forget,
  };
}

/** The id of the guest that `name` means: an id, NODE/VMID, INSTANCE-NODE-VMID or NODE-VMID. null: none. Throws Failure 409 for several. */
function idOf(name: string, guests: ReturnType<NoteDesk["guests"]>): string | null {
  if (guests.some(({ id }) => id === name)) return name;
  const meant = guests.filter(({ instance, node, vmid }) =>
    [`${node}/${vmid}`, `${instance}-${node}-${vmid}`, `${node}-${vmid}`].includes(name),
  );
  if (meant.length > 1)
    throw new Failure(409, `Several guests are called "${name}": ${meant.map(({ id }) => `"${id}"`).join(", ")}`);
  return meant[0]?.id ?? null;
}
