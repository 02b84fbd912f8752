import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";
import type { Turning } from "./turns.ts";

// As browsers have it: for Node there is one that never runs anything again.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier === "solid-js" ? { ...context, conditions: ["browser", "import"] } : context),
});
const { createEffect, createRoot, createSignal } = await import("solid-js");
const { createFound, createGrowing, createTurns } = await import("./turns.ts");

/** A page whose time passes, and whose turns come, when a test says so. */
class FakePage {
  time = 0;
  /** Whose turn it is to be before what waits goes on. */
  waiting: ("others" | "reader")[] = [];
  #goOn: (() => void)[] = [];
  readonly turning: Turning = {
    now: () => this.time,
    others: () => this.#wait("others"),
    reader: () => this.#wait("reader"),
  };

  /** They have had it: what waited for that does its next slice. */
  async turn(): Promise<void> {
    assert.notEqual(this.waiting.length, 0, "nothing waits for its turn");
    this.waiting = [];
    for (const goOn of this.#goOn.splice(0)) goOn();
    await new Promise(setImmediate);
  }

  #wait(who: "others" | "reader"): Promise<void> {
    this.waiting.push(who);
    return new Promise(resolve => this.#goOn.push(resolve));
  }
}

/** What `create` makes on a page, and how that goes away. */
function made<T>(create: () => T): { made: T; dispose: () => void } {
  return createRoot(dispose => ({ made: create(), dispose }));
}

test("pieces are drawn a slice at a time after what made the page, and all that come later at once", async () => {
  const page = new FakePage();
  const [count, setCount] = createSignal(4);
  const { made: drawn } = made(() => {
    const turn = createTurns(count, false, page.turning);
    createEffect(() => {
      if (turn() > 0) page.time += 5;
    });
    return turn;
  });
  assert.equal(drawn(), 0);
  assert.deepEqual(page.waiting, ["others"]);
  await page.turn();
  assert.equal(drawn(), 2, "8 ms are full");
  assert.deepEqual(page.waiting, ["reader"], "and then before what comes meanwhile");
  setCount(5);
  await page.turn();
  assert.equal(drawn(), 4);
  await page.turn();
  assert.equal(drawn(), Number.POSITIVE_INFINITY);
  assert.deepEqual(page.waiting, []);
});

test("of large pieces each is a task of its own", async () => {
  const page = new FakePage();
  const { made: drawn } = made(() => createTurns(() => 3, true, page.turning));
  const seen: number[] = [];
  while (page.waiting.length > 0) {
    await page.turn();
    seen.push(drawn());
  }
  assert.deepEqual(seen, [1, 2, 3, Number.POSITIVE_INFINITY]);
});

test("what has gone is drawn no further", async () => {
  const page = new FakePage();
  let asked = 0;
  const { dispose } = made(() => createTurns(() => ++asked + 5, true, page.turning));
  await page.turn();
  const before = asked;
  dispose();
  await page.turn();
  assert.equal(asked, before + 1);
  assert.deepEqual(page.waiting, []);
});

/** Ids of which each takes 5 ms to draw. */
function growing(page: FakePage, first: readonly string[]) {
  const [ids, setIds] = createSignal(first);
  const known = new Set<string>();
  const { made: drawn, dispose } = made(() => {
    const drawn = createGrowing(ids, page.turning);
    createEffect(() => {
      for (const id of drawn()) if (!known.has(id)) page.time += 5;
      for (const id of drawn()) known.add(id);
    });
    return drawn;
  });
  return { setIds, drawn, dispose };
}

test("many that are new are drawn from the top, a slice at a time, and what is drawn stays", async () => {
  const page = new FakePage();
  const { setIds, drawn } = growing(page, ["a", "b", "c", "d"]);
  assert.deepEqual(drawn(), []);
  await page.turn();
  assert.deepEqual(drawn(), ["a", "b"]);
  setIds(["new", "b", "c", "a", "d"]);
  assert.deepEqual(drawn(), ["b", "a"], "in the order of now, and at once");
  await page.turn();
  assert.deepEqual(drawn(), ["new", "b", "c", "a"]);
  setIds(["c", "d"]);
  assert.deepEqual(drawn(), ["c"], "what has gone is gone at once");
  await page.turn();
  assert.deepEqual(drawn(), ["c", "d"]);
  assert.deepEqual(page.waiting, []);
});

test("what comes after all are drawn is drawn in its turn, and what comes again as well", async () => {
  const page = new FakePage();
  const { setIds, drawn } = growing(page, ["a"]);
  await page.turn();
  setIds(["a", "b"]);
  assert.deepEqual(drawn(), ["a"]);
  await page.turn();
  assert.deepEqual(drawn(), ["a", "b"]);
  setIds([]);
  assert.deepEqual(page.waiting, [], "to draw less takes no turn");
  setIds(["b"]);
  assert.deepEqual(drawn(), []);
  await page.turn();
  assert.deepEqual(drawn(), ["b"]);
});

test("what grows stops growing when it goes", async () => {
  const page = new FakePage();
  const { dispose } = growing(page, ["a", "b", "c", "d", "e"]);
  await page.turn();
  dispose();
  await page.turn();
  assert.deepEqual(page.waiting, []);
});

/** Finds out twice as much as what it is asked, in three steps of 5 ms; `begun`: what it was asked and began. */
function finding(
  page: FakePage,
  { isAtOnce = false, known = null }: { isAtOnce?: boolean; known?: number | null } = {},
) {
  const [asked, ask] = createSignal<number | null>(1);
  const [besides, changeBesides] = createSignal(0);
  const begun: number[] = [];
  const steps = function* (what: number) {
    besides();
    begun.push(what);
    for (let step = 0; step < 3; step++) {
      page.time += 5;
      yield;
    }
    return 2 * what;
  };
  const { made: found, dispose } = made(() =>
    createFound(
      () => {
        const what = asked();
        return what === null ? null : steps(what);
      },
      { isAtOnce, known, turning: page.turning },
    ),
  );
  return { ask, begun, changeBesides, found, dispose };
}

test("what takes long is found out in slices; what was found before stays until then", async () => {
  const page = new FakePage();
  const { ask, found } = finding(page);
  assert.equal(found(), null);
  await page.turn();
  assert.equal(found(), null, "8 ms are full");
  await page.turn();
  assert.equal(found(), 2);
  assert.deepEqual(page.waiting, []);
  ask(2);
  assert.deepEqual([found(), page.waiting], [2, ["others"]]);
  await page.turn();
  assert.equal(found(), 2);
  await page.turn();
  assert.equal(found(), 4);
});

test("what changes meanwhile is found out afterwards: what changes all the time is found, too", async () => {
  const page = new FakePage();
  const { ask, begun, found } = finding(page);
  await page.turn();
  ask(2);
  ask(3);
  await page.turn();
  assert.equal(found(), 2, "although it is not asked any more");
  ask(4);
  ask(5);
  const seen = new Set<number | null>();
  while (page.waiting.length > 0) {
    await page.turn();
    seen.add(found());
  }
  assert.deepEqual([...seen], [2, 6, 10]);
  assert.deepEqual(begun, [1, 3, 5], "of what came meanwhile only the latest");
});

test("what takes no longer than a slice is there at once, where that is wanted; what comes later lets others go first", async () => {
  const page = new FakePage();
  const [asked, ask] = createSignal("a");
  const steps = function* (what: string) {
    yield;
    return what;
  };
  const { made: found } = made(() => createFound(() => steps(asked()), { isAtOnce: true, turning: page.turning }));
  assert.deepEqual([found(), page.waiting], ["a", []]);
  ask("b");
  assert.deepEqual([found(), page.waiting], ["a", ["others"]]);
  await page.turn();
  assert.equal(found(), "b");
});

test("what is wanted at once and takes longer goes on in its turn, and anew only by what the steps read", async () => {
  const page = new FakePage();
  const { begun, changeBesides, found } = finding(page, { isAtOnce: true });
  assert.deepEqual([found(), begun, page.waiting], [null, [1], ["others"]], "the first slice was at once");
  await page.turn();
  assert.equal(found(), 2);
  changeBesides(1);
  assert.deepEqual(begun, [1]);
  assert.deepEqual(page.waiting, []);
});

test("what is known from elsewhere stands until it is found out anew, which is never at once", async () => {
  const page = new FakePage();
  const { begun, found } = finding(page, { isAtOnce: true, known: 7 });
  assert.deepEqual([found(), begun, page.waiting], [7, [], ["others"]]);
  while (page.waiting.length > 0) await page.turn();
  assert.equal(found(), 2);
});

test("nothing is found out as long as there is nothing to find out, and what was begun for nothing is left", async () => {
  const page = new FakePage();
  const { ask, begun, found } = finding(page);
  await page.turn();
  ask(null);
  await page.turn();
  assert.deepEqual([found(), page.waiting], [null, []]);
  ask(3);
  while (page.waiting.length > 0) await page.turn();
  assert.deepEqual([found(), begun], [6, [1, 3]]);
});

test("what has gone finds out no further", async () => {
  const page = new FakePage();
  const { dispose, found } = finding(page);
  await page.turn();
  dispose();
  await page.turn();
  assert.deepEqual([found(), page.waiting], [null, []]);
});
