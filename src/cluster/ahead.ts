import type { Instant } from "../kit/units.ts";
import type { Position } from "./position.ts";

/** How far a core says that it is. */
export interface Standing {
  name: string;
  /** In every stream that it remembers, the last one last; none: it has kept nothing yet. */
  positions: readonly Pick<Position, "stream" | "tick" | "command" | "began">[];
}

/** What a stream is that a core is to read on from: since when it is there, and has entries; `isWhole`: it has all that it ever had. */
export interface StreamToRead {
  made: string;
  oldest: Instant;
  isWhole: boolean;
}

/**
 * Whose memory a core should take over before it reads on; null: nobody's. Of a stream that lost its end, nobody knows which of what others have
 * kept lies there now: that is told by who goes on from what (`Lineage`). Whoever came further where both have been goes first; then whoever has
 * gone on since, if its memory reaches as far back. Of equals the first by name, so that all who ask come to the same.
 */
export function whoIsAhead(
  own: Standing["positions"],
  others: readonly Standing[],
  { made, oldest, isWhole }: StreamToRead,
): string | null {
  const mine = own.at(-1);
  const ahead = others.filter(({ positions }) => {
    const theirs = positions.at(-1);
    if (!theirs) return false;
    // What the stream still has need not be told by others.
    if (!mine) return theirs.began < oldest;
    const common = positions.find(({ stream }) => stream === mine.stream);
    const isReadable = isWhole || oldest <= mine.tick;
    if (common && isReadable) return mine.stream !== made && isFurther(common, mine);
    return theirs.tick > mine.tick && theirs.began <= mine.began;
  });
  const [best] = ahead.sort((one, other) => {
    const [a, b] = [one.positions.at(-1), other.positions.at(-1)];
    if (a && b && isFurther(a, b)) return -1;
    if (a && b && isFurther(b, a)) return 1;
    return one.name < other.name ? -1 : 1;
  });
  return best?.name ?? null;
}

type Compared = Pick<Position, "tick" | "command">;

function isFurther(one: Compared, other: Compared): boolean {
  return one.tick > other.tick || (one.tick === other.tick && one.command > other.command);
}
