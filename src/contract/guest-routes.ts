import { Type } from "typebox";
import { GuestMetadata, GuestMetadataInput } from "../model/guest-metadata.ts";
import type { Route } from "./route.ts";

const read = {
  method: "GET",
  access: "read",
  summary: "What is noted of a guest; empty fields when nothing is",
  answer: GuestMetadata,
} as const;
const change = {
  access: "write",
  shared: "change",
  summary: "Note something of a guest; what is left out stays",
  body: GuestMetadataInput,
  answer: GuestMetadata,
  faults: { 404: "There is no such guest.", 409: "Several guests are called so: use the id of /api/state." },
} as const;
const remove = {
  method: "DELETE",
  access: "write",
  shared: "change",
  summary: "Forget what was noted of a guest",
  answer: Type.Null({ description: "204, no content" }),
} as const;
/** The guest's id as /api/state has it, or as older clients write it: INSTANCE-NODE-VMID, NODE-VMID. */
const BY_ID = "/api/guests/metadata/:id";
const BY_NODE = "/api/guests/metadata/:node/:vmid";

/** What people note of guests. */
export const GUEST_ROUTES = {
  guestNotes: {
    method: "GET",
    path: "/api/guests/metadata",
    access: "read",
    summary: "What is noted of all guests, by their ids",
    answer: Type.Record(Type.String(), GuestMetadata),
  },
  guestNote: { ...read, path: BY_ID },
  guestNoteOnNode: { ...read, path: BY_NODE },
  noteGuest: { ...change, method: "PUT", path: BY_ID },
  noteGuestOnNode: { ...change, method: "PUT", path: BY_NODE },
  postGuestNote: { ...change, method: "POST", path: BY_ID },
  postGuestNoteOnNode: { ...change, method: "POST", path: BY_NODE },
  forgetGuestNote: { ...remove, path: BY_ID },
  forgetGuestNoteOnNode: { ...remove, path: BY_NODE },
} as const satisfies Record<string, Route>;
