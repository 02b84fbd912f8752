import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { hash } from "@node-rs/bcrypt";
import { FakeClock } from "../kit/clock.ts";
import { DAY, MINUTE } from "../kit/units.ts";
import type { Credentials, Right } from "../model/caller.ts";
import { Accounts } from "./accounts.ts";

const NOTHING: Credentials = { token: null, session: null, local: false };
const TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";

async function open(user: boolean, apiToken: string | null, demo = false) {
  const password = await hash("correct horse", 4);
  const clock = new FakeClock();
  const accounts = await Accounts.open({ user: user ? { name: "admin", password } : null, apiToken, demo, clock });
  return { accounts, clock };
}

const ALL: Right[] = ["read", "write", "admin"];
const CASES: [
  sentence: string,
  user: boolean,
  token: string | null,
  demo: boolean,
  shown: Partial<Credentials>,
  may: Right[],
][] = [
  ["nothing set: a stranger gets nothing", false, null, false, {}, []],
  ["nothing set: this machine gets everything", false, null, false, { local: true }, ALL],
  ["nothing set: any token is a stranger's", false, null, false, { token: "" }, []],
  ["a token set: anybody may look", false, TOKEN, false, {}, ["read"]],
  ["a token set: this machine may only look, too", false, TOKEN, false, { local: true }, ["read"]],
  ["a token set: the token may do everything", false, TOKEN, false, { token: TOKEN }, ALL],
  ["a token set: a wrong one may only look", false, TOKEN, false, { token: `${TOKEN}0` }, ["read"]],
  ["a token set by its hash: the token may do everything", false, sha3(TOKEN), false, { token: TOKEN }, ALL],
  ["a password set: a stranger gets nothing", true, null, false, {}, []],
  ["a password set: this machine gets nothing", true, null, false, { local: true }, []],
  ["a password set: an invented session gets nothing", true, null, false, { session: "0".repeat(64) }, []],
  ["both set: the token may do everything", true, TOKEN, false, { token: TOKEN }, ALL],
  ["both set: without either nothing", true, TOKEN, false, { local: true }, []],
  ["a demo: anybody may look, nobody may change", false, null, true, { local: true }, ["read"]],
];

for (const [sentence, user, token, demo, shown, may] of CASES)
  test(sentence, async () => {
    const { accounts } = await open(user, token, demo);
    assert.deepEqual(accounts.identify({ ...NOTHING, ...shown }).may, may);
  });

test("a session is good for a day and ends with a logout", async () => {
  const { accounts, clock } = await open(true, null);
  const result = await accounts.login("admin", "correct horse", "10.0.0.1");
  assert.equal(result.kind, "in");
  const session = result.kind === "in" ? result.session : "";
  assert.deepEqual(accounts.identify({ ...NOTHING, session }), { name: "admin", may: ALL });
  await clock.advance(DAY - 1);
  assert.equal(accounts.identify({ ...NOTHING, session }).name, "admin");
  await clock.advance(1);
  assert.equal(accounts.identify({ ...NOTHING, session }).name, null);

  const second = await accounts.login("admin", "correct horse", "10.0.0.1");
  if (second.kind === "in") accounts.logout(second.session);
  assert.equal(accounts.identify({ ...NOTHING, session: second.kind === "in" ? second.session : "" }).name, null);
});

test("the fifth failure locks user and address for 15 minutes, the right password included", async () => {
  const { accounts, clock } = await open(true, null);
  for (let attempt = 1; attempt <= 4; attempt++)
    assert.deepEqual(await accounts.login("admin", "wrong", "10.0.0.1"), {
      kind: "refused",
      attempts: attempt,
      remaining: 5 - attempt,
    });
  assert.equal((await accounts.login("admin", "wrong", "10.0.0.1")).kind, "locked");
  assert.equal((await accounts.login("admin", "correct horse", "10.0.0.2")).kind, "locked");
  assert.equal((await accounts.login("other", "wrong", "10.0.0.1")).kind, "locked");
  await clock.advance(15 * MINUTE);
  assert.equal((await accounts.login("admin", "correct horse", "10.0.0.1")).kind, "in");
});

function sha3(text: string): string {
  return createHash("sha3-256").update(text).digest("hex");
}
