import { createHash, timingSafeEqual } from "node:crypto";

/** SHA3-256, in hex. For secrets that are long and random; passwords are hashed with bcrypt. */
export function digest(text: string): string {
  return createHash("sha3-256").update(text).digest("hex");
}

/** Equality in a time that does not depend on where the texts differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}
