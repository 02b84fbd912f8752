import type { Errand } from "./agenda.ts";

/** What an errand is made from, all that it depends on. */
interface Basis {
  id: string;
}

/**
 * The errands of one kind, each made anew only when its basis is another than before: with thousands of guests, errands that are made
 * anew at every look are most of what a server throws away.
 */
export class StandingErrands<B extends Basis> {
  readonly #make: (basis: B) => Errand;
  readonly #known = new Map<string, { basis: B; errand: Errand; round: number }>();
  #round = 0;

  constructor(make: (basis: B) => Errand) {
    this.#make = make;
  }

  /** One errand for each of `bases`; forgets those of others. */
  of(bases: readonly B[]): Errand[] {
    const round = ++this.#round;
    const errands = bases.map(basis => {
      const known = this.#known.get(basis.id);
      if (known && same(known.basis, basis)) {
        known.round = round;
        return known.errand;
      }
      const errand = this.#make(basis);
      this.#known.set(basis.id, { basis, errand, round });
      return errand;
    });
    if (this.#known.size > bases.length)
      for (const [id, known] of this.#known) if (known.round !== round) this.#known.delete(id);
    return errands;
  }
}

/** Both have the same fields, of plain values. */
function same<B extends Basis>(a: B, b: B): boolean {
  for (const key in a) if (!Object.is(a[key], b[key])) return false;
  return true;
}
