import type { Instant, Millis } from "../kit/units.ts";

/** What the others have been seen to hold. */
export interface Seen {
  holder: string;
  /** When it was last heard of, by our own clock. */
  at: Instant;
}

export interface Division {
  /** To be taken, if still free. */
  take: string[];
  /** To be let go of, for another edge has less than its share. */
  release: string[];
}

/**
 * How an edge should have its part of a site's instances: as many as go to each edge, and what is free only. `wanted`: all of the site;
 * `held`: by this one; `leases`: by whom at all, and `edges`: who is there, this one among them or not yet.
 */
export function divide(
  { wanted, held, self }: { wanted: readonly string[]; held: ReadonlySet<string>; self: string },
  { leases, edges }: { leases: ReadonlyMap<string, Seen>; edges: ReadonlyMap<string, Seen> },
  { now, life }: { now: Instant; life: Millis },
): Division {
  const isAlive = (seen: Seen | undefined) => seen !== undefined && now - seen.at < life;
  const others = [...edges.values()].filter(seen => seen.holder !== self && isAlive(seen)).length;
  const share = Math.ceil(wanted.length / (others + 1));
  // What it held in an earlier run is its own.
  const isFree = (seen: Seen | undefined) => !isAlive(seen) || seen?.holder === self;
  const free = wanted.filter(name => !held.has(name) && isFree(leases.get(name)));
  const mine = wanted.filter(name => held.has(name));
  const gone = [...held].filter(name => !wanted.includes(name));
  return { take: free.slice(0, Math.max(0, share - mine.length)), release: [...gone, ...mine.slice(share)] };
}
