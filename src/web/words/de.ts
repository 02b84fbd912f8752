import { toGerman } from "../../model/german/german.ts";
import { FIRST } from "./de-first.ts";
import type { Speech } from "./words.ts";

/** How a page speaks German. */
export const GERMAN: Speech = {
  texts: FIRST,
  rest: async () => (await import("./de-rest.ts")).REST,
  told: toGerman,
};
