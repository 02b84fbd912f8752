import type { NotKnown } from "../../model/not-known.ts";
import { t, told } from "./words.ts";

/** Why something is not known, in place of what it would be. */
export function notKnownText({ reason }: NotKnown): string {
  return reason === null ? t("not read yet") : t("not known: {why}", { why: told(reason) });
}
