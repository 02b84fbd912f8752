import { type PackedPatch, unpackedAsTaken } from "../../model/packed-patch.ts";
import { type Collection, emptyPicture, type Picture, patching, pictureOf } from "../../model/picture.ts";
import { addPart, isEnough, type SnapshotPart } from "../../model/snapshot.ts";
import type { State } from "../../model/state.ts";
import { inSlices } from "./slices.ts";

/** How much of a picture is there: nothing, all but the archives of backups, or all. */
export type Extent = "none" | "enough" | "whole";

/** What a picture tells. */
interface HeldEvents {
  /** There is more of it: entities of these collections; null: it is another one. */
  came(extent: Extent, more: Iterable<Collection> | null): void;
  /** Patches have been applied, the last of them this one. */
  patched(patch: PackedPatch): void;
}

/** The picture that the page holds: put together from parts, then kept up to date, in slices that nobody feels. */
export class HeldPicture {
  readonly #events: HeldEvents;
  readonly #run: (steps: Iterable<unknown>) => Promise<void>;
  #picture = emptyPicture();
  #extent: Extent = "none";
  /** The one that is being put together. */
  #next: Picture | null = null;
  /** What has come since there was enough of it. */
  #more = new Set<Collection>();
  #epoch = "";
  /** The version that the patches which have come lead to, applied or not. */
  #version = 0;
  #queue: PackedPatch[] = [];
  #isWorking = false;

  constructor(events: HeldEvents, run: (steps: Iterable<unknown>) => Promise<void> = inSlices) {
    this.#events = events;
    this.#run = run;
  }

  get picture(): Picture {
    return this.#picture;
  }

  get extent(): Extent {
    return this.#extent;
  }

  /** What a server that sends patches has to go on from; null: a whole picture is needed. */
  held(): { epoch: string; version: number } | null {
    return this.#extent === "whole" && this.#next === null ? { epoch: this.#epoch, version: this.#version } : null;
  }

  /** Takes a part of a new picture. The one before stays until the new one is whole. */
  add(part: SnapshotPart): void {
    this.#next = addPart(this.#next, part);
    // They belong to a picture that goes.
    this.#queue = [];
    for (const name of Object.keys(part.entities) as Collection[]) this.#more.add(name);
    const extent = part.missing.length === 0 ? "whole" : isEnough(part) ? "enough" : "none";
    if (extent === "none" || (extent === "enough" && this.#extent !== "none")) return;
    const more = this.#picture === this.#next ? this.#more : null;
    this.#more = new Set();
    this.#picture = this.#next;
    this.#extent = extent;
    if (extent === "whole") {
      this.#next = null;
      this.#epoch = part.epoch;
      this.#version = part.version;
    }
    this.#events.came(extent, more);
  }

  /** Takes a whole picture that no patches follow. */
  replace(state: State): void {
    this.#picture = pictureOf(state);
    this.#extent = "whole";
    this.#events.came("whole", null);
  }

  /** Takes the next patch; answers false when it does not follow. */
  patch(patch: PackedPatch): boolean {
    if (this.#extent !== "whole" || this.#next !== null || patch.version !== this.#version + 1) return false;
    this.#version = patch.version;
    this.#queue.push(patch);
    void this.#work();
    return true;
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let patch = this.#queue.shift(); patch !== undefined; patch = this.#queue.shift()) {
      const picture = this.#picture;
      await this.#run(patching(picture, unpackedAsTaken(patch)));
      // Who was away for long gets many at once.
      if (picture === this.#picture && this.#queue.length === 0) this.#events.patched(patch);
    }
    this.#isWorking = false;
  }
}
