import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "./session.ts";
import { createWho } from "./who.ts";

const named = (name: string | null): Session => ({
  name,
  may: name === null ? [] : ["read", "write", "admin"],
  signIn: "password",
  several: false,
});

/** What is known of the reader after the server has said these one after the other: the page's name, whose session has ended, how many persons. */
async function after(...said: (Session | null)[]): Promise<[string | null, string | null, number]> {
  const left = [...said];
  const who = createWho(async () => left.shift() ?? null);
  for (const _ of said) await who.ask();
  return [who.session()?.name ?? null, who.ended(), who.person()];
}

test("one whose session has ended stays who they were until somebody signs in, and the next person begins anew", async () => {
  const cases: [string, Awaited<ReturnType<typeof after>>, Awaited<ReturnType<typeof after>>][] = [
    ["nobody has signed in", await after(named(null)), [null, null, 1]],
    ["somebody has", await after(named(null), named("ann")), ["ann", null, 1]],
    ["the session ended", await after(named("ann"), named(null)), ["ann", "ann", 1]],
    ["it is said twice", await after(named("ann"), named(null), named(null)), ["ann", "ann", 1]],
    ["the server is away", await after(named("ann"), named(null), null), ["ann", "ann", 1]],
    ["the same comes back", await after(named("ann"), named(null), named("ann")), ["ann", null, 1]],
    ["another one comes", await after(named("ann"), named(null), named("bea")), ["bea", null, 2]],
  ];
  for (const [name, is, expected] of cases) assert.deepEqual(is, expected, name);
});

test("who leaves is nobody at once, and who goes on without signing in has what rights are left", async () => {
  const left = [named("ann"), named(null)];
  const who = createWho(async () => left.shift() ?? null);
  await who.ask();
  await who.ask();
  who.goOn();
  assert.deepEqual([who.session()?.name, who.session()?.may, who.ended(), who.person()], [null, [], null, 2]);
  who.leave();
  assert.deepEqual([who.session(), who.ended()], [null, null]);
});
