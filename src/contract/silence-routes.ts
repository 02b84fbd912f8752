import { Type } from "typebox";
import { Silence, SilenceInput } from "../model/silence.ts";
import type { Route } from "./route.ts";

const Done = Type.Object({ success: Type.Literal(true) });

/** Silences and maintenance windows: of what people do not want to be told for a while. */
export const SILENCE_ROUTES = {
  silences: {
    method: "GET",
    path: "/api/alerts/silences",
    access: "read",
    summary: "Silences and maintenance windows; those that are over stay for 30 days",
    answer: Type.Array(Silence),
  },
  addSilence: {
    method: "POST",
    path: "/api/alerts/silences",
    access: "write",
    shared: "change",
    summary: "Tell nobody of some alerts for a while",
    body: SilenceInput,
    answer: Silence,
  },
  changeSilence: {
    method: "PUT",
    path: "/api/alerts/silences/:id",
    access: "write",
    shared: "change",
    summary: "Change a silence",
    body: SilenceInput,
    answer: Silence,
    faults: { 404: "There is no such silence." },
  },
  endSilence: {
    method: "DELETE",
    path: "/api/alerts/silences/:id",
    access: "write",
    shared: "change",
    summary: "End a silence now",
    answer: Done,
    faults: { 404: "There is no such silence." },
  },
} as const satisfies Record<string, Route>;
