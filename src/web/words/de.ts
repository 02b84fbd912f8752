import type { Catalogue } from "./words.ts";

/** German. */
export const DE: Catalogue = {};
