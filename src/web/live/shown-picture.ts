import { batch, createSignal } from "solid-js";
import { type Millis, SECOND } from "../../kit/units.ts";
import type { PackedPatch } from "../../model/packed-patch.ts";
import { COLLECTIONS, type Collection, type Picture } from "../../model/picture.ts";

/** Patches are shown together when they come faster than that; nobody reads faster. */
const TOGETHER: Millis = SECOND;

/** What the title of a page tells that nobody sees. */
const IN_TITLE: ReadonlySet<Collection> = new Set(["activeAlerts"]);

/** When what has come is shown. */
interface Showing {
  /** At the least from one time to the next, as the reader wants it. */
  pause: () => Millis;
  /** Whether anybody sees the page. */
  isSeen: () => boolean;
  now: () => Millis;
  /** Calls back after a time. */
  after: (wait: Millis, then: () => void) => void;
}

/** How it is noted who reads a collection, and told that there is something new; "": whatever changes. */
type CreateNews = (name: Collection | "") => [track: () => void, tell: () => void];

function createSignalOf(): ReturnType<CreateNews> {
  return createSignal(undefined, { equals: false });
}

/** A picture for who draws: what reads a collection of it runs again when that has changed, and not when others have. */
export class ShownPicture {
  /** It has no collections of its own: they are those of the picture that is held. */
  readonly picture: Picture;
  readonly #showing: Showing;
  readonly #news = new Map<Collection | "", () => void>();
  #due: Set<Collection> = new Set();
  #isPlanned = false;
  #last = Number.NEGATIVE_INFINITY;

  constructor(held: () => Picture, showing: Showing, createNews: CreateNews = createSignalOf) {
    this.#showing = showing;
    this.picture = {} as Picture;
    const add = (field: keyof Picture, track: () => void) =>
      Object.defineProperty(this.picture, field, {
        enumerable: true,
        get() {
          track();
          return held()[field];
        },
      });
    for (const name of COLLECTIONS) {
      const [track, tell] = createNews(name);
      this.#news.set(name, tell);
      add(name, track);
    }
    const [track, tell] = createNews("");
    this.#news.set("", tell);
    for (const field of ["version", "lastUpdate", "own"] as const) add(field, track);
  }

  /** Shows these collections at once. */
  showNow(names: Iterable<Collection>): void {
    for (const name of names) this.#due.add(name);
    this.#show();
  }

  /** Shows what a patch has changed, soon; in a page that nobody sees only what its title tells, which is how many alerts there are. */
  show({ changed, removed, seen }: Pick<PackedPatch, "changed" | "removed" | "seen">): void {
    for (const part of [changed, removed, seen])
      for (const [name, of] of Object.entries(part)) if (Object.keys(of).length > 0) this.#due.add(name as Collection);
    if (this.#showing.isSeen() || changed.activeAlerts || removed.activeAlerts) this.#plan();
  }

  /** Somebody sees the page again. */
  catchUp(): void {
    if (this.#due.size > 0) this.#show();
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const { pause, now, after } = this.#showing;
    // NOTE: never at once: what has applied the patch has used up its time.
    after(Math.max(0, this.#last + Math.max(TOGETHER, pause()) - now()), () => {
      this.#isPlanned = false;
      this.#show();
    });
  }

  #show(): void {
    this.#last = this.#showing.now();
    const isSeen = this.#showing.isSeen();
    const told = isSeen ? this.#due : this.#due.intersection(IN_TITLE);
    this.#due = this.#due.difference(told);
    batch(() => {
      for (const name of isSeen ? (["", ...told] as const) : told) this.#news.get(name)?.();
    });
  }
}
