/** How many things stand beside and below each other, and how large each may be, in times of its least size. */
export interface Tiling {
  columns: number;
  rows: number;
  scale: number;
}

/** In the same unit, whatever it is. */
interface Size {
  width: number;
  height: number;
}

/**
 * Fills `room` with `count` tiles as large as they can be, `least` at the least and `most` times that at the most; where they do not all fit,
 * with as many as do.
 */
export function tilingOf(count: number, room: Size, least: Size, most: number): Tiling {
  const widest = Math.max(1, Math.floor(room.width / least.width));
  const highest = Math.max(1, Math.floor(room.height / least.height));
  let best: Tiling = { columns: widest, rows: highest, scale: 1 };
  let largest = 0;
  for (let columns = 1; columns <= Math.min(widest, Math.max(1, count)); columns += 1) {
    const rows = Math.ceil(count / columns);
    const scale = Math.min(room.width / columns / least.width, room.height / rows / least.height);
    if (rows > highest || scale <= largest) continue;
    largest = scale;
    best = { columns, rows, scale: Math.min(most, scale) };
  }
  return best;
}

/**
 * What of `all` is shown at that turn, where some stay in sight: those come first in `all`, and where they leave no line for the others as many
 * stay as leave one.
 */
export function pinnedPageOf<T>(
  all: readonly T[],
  isPinned: (one: T) => boolean,
  most: number,
  turn: number,
): { shown: readonly T[]; pinned: number; page: number; pages: number } {
  const wanted = all.findIndex(one => !isPinned(one));
  const count = wanted === -1 ? all.length : wanted;
  const pinned = all.length <= most ? count : Math.max(0, Math.min(count, most - 1));
  const rest = pageOf(all.slice(pinned), most - pinned, turn);
  return { ...rest, pinned, shown: [...all.slice(0, pinned), ...rest.shown] };
}

/** What of `all` is shown at that turn, where `most` fit at once: the pages go round. The last is as full as the others. */
export function pageOf<T>(
  all: readonly T[],
  most: number,
  turn: number,
): { shown: readonly T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(all.length / Math.max(1, most)));
  const page = turn % pages;
  const start = Math.max(0, Math.min(page * most, all.length - most));
  return { shown: all.slice(start, start + most), page, pages };
}
