/** So many ticks are said when NATS answers again; what is older no core takes. */
export const MOST_OVERDUE = 6;

/**
 * The ticks that a core is to say now, in order, counted as in their entries. `said`: the last that NATS has taken of this core, `known`: the
 * last that it has read; null: none. NOTE: a core that has only just started says what others could not, too: a tick that is stored after a
 * later one counts no more.
 */
export function dueTicks(current: number, said: number | null, known: number | null): number[] {
  const oldest = current - MOST_OVERDUE;
  const last = Math.max(said ?? oldest - 1, known ?? oldest - 1);
  const from = said === null && last < oldest ? current : Math.max(oldest, last + 1);
  return Array.from({ length: Math.max(0, current - from + 1) }, (_, at) => from + at);
}
