import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { hash } from "@node-rs/bcrypt";
import { FakeClock } from "../kit/clock.ts";
import { DAY, HOUR, MINUTE } from "../kit/units.ts";
import { type Credentials, RIGHTS, type Right } from "../model/caller.ts";
import { Database } from "../store/database.ts";
import { Accounts, type AccountsOptions } from "./accounts.ts";
import { AuditLog } from "./audit.ts";
import { type Compare, Passwords } from "./passwords.ts";

const NOTHING: Credentials = { token: null, session: null, local: false };
const TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
const PASSWORD = "correct horse";
const QUICK = hash(PASSWORD, 4);
/** "correct horse" with full work, made once. */
const FULL = hash(PASSWORD, 12);

/** Hides nothing; the real seal has its own tests. */
const SEAL = {
  close: (secret: string, context: string) => Buffer.from(`${context}|${secret}`),
  open: (sealed: Uint8Array, context: string) => {
    const [of, secret = null] = Buffer.from(sealed).toString().split("|");
    return of === context ? secret : null;
  },
};

type Start = Partial<AccountsOptions> & { user?: { name: string; password: string } | null };

/** An empty data folder, and the means to start with it again and again. */
function folder(context: TestContext) {
  const path = mkdtempSync(join(tmpdir(), "pulse-accounts-"));
  let database = Database.open(path, "0");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(path, { recursive: true });
  });
  const clock = new FakeClock();
  /** `user`: the one of the environment. */
  const start = async ({ user = null, ...options }: Start = {}) => {
    database[Symbol.dispose]();
    database = Database.open(path, "0");
    return Accounts.open({
      database,
      audit: new AuditLog(database, clock),
      seal: SEAL,
      clock,
      given: user ? [{ ...user, role: "admin" }] : [],
      apiToken: null,
      apiTokens: [],
      demo: false,
      elsewhere: () => false,
      adminRole: "admin",
      ...options,
    });
  };
  return { clock, start, rows: (sql: string) => database.all(sql) };
}

/** A token that counts. */
function makeToken(accounts: Accounts, wish: { scopes: Right[]; expires?: number | null }) {
  const made = accounts.tokens.draw({ name: "x", expires: null, creator: "admin", ...wish });
  assert.ok("secret" in made);
  accounts.tokens.put(made.hash, made.token);
  return made;
}

const ALL: readonly Right[] = RIGHTS;
const CASES: [
  sentence: string,
  user: boolean,
  token: string | null,
  demo: boolean,
  shown: Partial<Credentials>,
  may: readonly Right[],
][] = [
  ["nothing set: a stranger gets nothing", false, null, false, {}, []],
  ["nothing set: this machine gets everything", false, null, false, { local: true }, ALL],
  ["nothing set: any token is a stranger's", false, null, false, { token: "" }, []],
  ["a token set: anybody may look", false, TOKEN, false, {}, ["read"]],
  ["a token set: this machine may only look, too", false, TOKEN, false, { local: true }, ["read"]],
  ["a token set: the token may do everything", false, TOKEN, false, { token: TOKEN }, ALL],
  ["a token set: a wrong one may only look", false, TOKEN, false, { token: `${TOKEN}0` }, ["read"]],
  ["a token set by its hash: the token may do everything", false, sha3(TOKEN), false, { token: TOKEN }, ALL],
  ["a token set by its hash: the hash is no token", false, sha3(TOKEN), false, { token: sha3(TOKEN) }, ["read"]],
  ["a password set: a stranger gets nothing", true, null, false, {}, []],
  ["a password set: this machine gets nothing", true, null, false, { local: true }, []],
  ["a password set: an invented session gets nothing", true, null, false, { session: "0".repeat(64) }, []],
  ["both set: the token may do everything", true, TOKEN, false, { token: TOKEN }, ALL],
  ["both set: without either nothing", true, TOKEN, false, { local: true }, []],
  ["a demo: anybody may look, nobody may change", false, null, true, { local: true }, ["read"]],
  [
    "a proxy's user without roles is an administrator",
    true,
    null,
    false,
    { proxyUser: { name: "a", roles: null } },
    ALL,
  ],
  ["a proxy's user with other roles may look", true, null, false, { proxyUser: { name: "a", roles: ["x"] } }, ["read"]],
];

for (const [sentence, user, apiToken, demo, shown, may] of CASES)
  test(sentence, async context => {
    const named = user ? { name: "admin", password: await QUICK } : null;
    const accounts = await folder(context).start({ user: named, apiToken, demo });
    assert.deepEqual(accounts.identify({ ...NOTHING, ...shown }).may, may);
  });

const signIn = async (accounts: Accounts, password = PASSWORD, extras = {}) => {
  const result = await accounts.login("admin", password, "10.0.0.1", extras);
  return result.kind === "in" ? result.session : result.kind;
};

test("a session is good for a day, also after a restart, and ends with a logout", async context => {
  const { clock, start } = folder(context);
  const user = { name: "admin", password: await FULL };
  const accounts = await start({ user });
  const session = await signIn(accounts);
  assert.deepEqual(accounts.identify({ ...NOTHING, session }), {
    name: "admin",
    may: ALL,
    by: "session",
    account: "admin",
  });
  await clock.advance(DAY - 1);
  const again = await start({ user });
  assert.equal(again.identify({ ...NOTHING, session }).name, "admin");
  await clock.advance(1);
  assert.equal(again.identify({ ...NOTHING, session }).name, null);
  const second = await signIn(again);
  await again.logout(second);
  assert.equal(again.identify({ ...NOTHING, session: second }).name, null);
});

test("where others cannot be reached people get in and out all the same, and the others hear of it later", async context => {
  const told: string[] = [];
  let isReached = false;
  const accounts: Accounts = await folder(context).start({
    user: { name: "admin", password: await QUICK },
    passwords: new Passwords({ cost: 4 }),
    agree: async deed => {
      if (!isReached) return null;
      told.push(deed.do);
      return accounts.perform(deed);
    },
  });
  const session = await signIn(accounts);
  assert.equal(accounts.identify({ ...NOTHING, session }).name, "admin");
  await accounts.logout(session);
  assert.equal(accounts.identify({ ...NOTHING, session }).name, null);
  assert.equal(await accounts.do({ do: "remove-user", name: "admin" }), null);
  accounts.flush();
  await setImmediate();
  isReached = true;
  accounts.flush();
  await setImmediate();
  accounts.flush();
  await setImmediate();
  assert.deepEqual(told, ["begin-session", "end-sessions"]);
  assert.equal(accounts.identify({ ...NOTHING, session }).name, null);
});

test("of two who are quick at different cores, the second comes to nothing", async context => {
  const accounts = await folder(context).start();
  const save = (name: string, role: "admin" | "viewer", isNew: boolean) =>
    accounts.perform({ do: "save-user", name, role, password: isNew ? "hash" : null, isNew });
  assert.deepEqual(
    [save("a", "admin", true), save("A", "viewer", true), save("b", "admin", true), save("a", "viewer", false)],
    ["done", "taken", "done", "done"],
  );
  assert.equal(save("b", "viewer", false), "last-admin");
  assert.equal(accounts.perform({ do: "remove-user", name: "b" }), "last-admin");
  assert.equal(accounts.perform({ do: "remove-user", name: "a" }), "done");
  assert.equal(save("a", "admin", false), "unknown");
  assert.equal(accounts.perform({ do: "use-code", account: "b", code: { step: 1 } }), "used-up");
});

test("a session that is to be remembered is good for 30 days", async context => {
  const { clock, start } = folder(context);
  const accounts = await start({ user: { name: "admin", password: await FULL } });
  const session = await signIn(accounts, PASSWORD, { remember: true });
  await clock.advance(30 * DAY - 1);
  assert.equal(accounts.identify({ ...NOTHING, session }).name, "admin");
  await clock.advance(1);
  assert.equal(accounts.identify({ ...NOTHING, session }).name, null);
});

test("neither sessions nor tokens nor the environment's password lie in the database in clear", async context => {
  const { start, rows } = folder(context);
  const accounts = await start({ user: { name: "admin", password: PASSWORD }, apiToken: TOKEN });
  const session = await signIn(accounts);
  const made = makeToken(accounts, { scopes: ["read"] });
  const kept = JSON.stringify(["account", "session", "api_token"].map(table => rows(`SELECT * FROM ${table}`)));
  for (const secret of [session, made.secret, PASSWORD, TOKEN]) assert.ok(!kept.includes(secret));
});

test("the fifth failure locks user and address for 15 minutes, the right password included", async context => {
  const { clock, start } = folder(context);
  const accounts = await start({ user: { name: "admin", password: await FULL } });
  for (let attempt = 1; attempt <= 4; attempt++)
    assert.deepEqual(await accounts.login("admin", "wrong", "10.0.0.1"), {
      kind: "refused",
      attempts: attempt,
      remaining: 5 - attempt,
    });
  assert.equal((await accounts.login("admin", "wrong", "10.0.0.1")).kind, "locked");
  assert.equal((await accounts.login("admin", PASSWORD, "10.0.0.2")).kind, "locked");
  assert.equal((await accounts.login("other", "wrong", "10.0.0.1")).kind, "locked");
  await clock.advance(15 * MINUTE);
  assert.equal((await accounts.login("admin", PASSWORD, "10.0.0.1")).kind, "in");
});

test("twenty attempts at once are not more than five", async context => {
  let compared = 0;
  const compare: Compare = async () => {
    compared += 1;
    return false;
  };
  const accounts = await folder(context).start({
    user: { name: "admin", password: await FULL },
    passwords: new Passwords({ compare }),
  });
  const kinds = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => (await accounts.login("admin", "wrong", `10.0.0.${index}`)).kind),
  );
  assert.equal(compared, 5);
  assert.equal(kinds.filter(kind => kind === "locked").length, 16);
});

const WORK: [sentence: string, name: string, passwordHash: Promise<string>][] = [
  ["a known user", "admin", FULL],
  ["a known user whose hash was made with less work", "admin", QUICK],
  ["an unknown user", "nobody", FULL],
];
for (const [sentence, name, passwordHash] of WORK)
  test(`${sentence} costs a comparison of full work, so the time tells nothing`, async context => {
    const costs: string[] = [];
    const compare: Compare = async (_, known) => {
      costs.push(known.slice(4, 6));
      return false;
    };
    const accounts = await folder(context).start({
      user: { name: "admin", password: await passwordHash },
      passwords: new Passwords({ compare }),
    });
    await accounts.login(name, "wrong", "10.0.0.1");
    assert.equal(costs.filter(cost => cost === "12").length, 1);
  });

test("a hash that was made with less work is made anew at the next sign-in", async context => {
  const accounts = await folder(context).start({ user: { name: "admin", password: await QUICK } });
  await signIn(accounts);
  assert.match(accounts.users.find("admin")?.password ?? "", /^\$2.\$12\$/);
  assert.match(await signIn(accounts), /^[0-9a-f]{64}$/);
});

test("a password that was changed here counts until the environment gives another", async context => {
  const { start } = folder(context);
  const old = { name: "admin", password: "from the environment" };
  const accounts = await start({ user: old });
  accounts.users.save("admin", "admin", await accounts.users.hash("changed here"));
  const same = await start({ user: old });
  assert.equal(await signIn(same, "from the environment"), "refused");
  assert.match(await signIn(same, "changed here"), /^[0-9a-f]{64}$/);
  const other = await start({ user: { name: "admin", password: "a newer word" } });
  assert.equal(await signIn(other, "changed here"), "refused");
  assert.match(await signIn(other, "a newer word"), /^[0-9a-f]{64}$/);
});

test("a password that was reset without the environment counts when the environment is back", async context => {
  const { start } = folder(context);
  const user = { name: "admin", password: "from the environment" };
  await start({ user });
  const without = await start();
  without.users.save("admin", "admin", await without.users.hash("reset by command"));
  assert.match(await signIn(await start({ user }), "reset by command"), /^[0-9a-f]{64}$/);
});

test("a token may do what its scopes say, until it expires or is revoked", async context => {
  const { clock, start } = folder(context);
  const accounts = await start({ user: { name: "admin", password: await QUICK } });
  const may = (token: string) => accounts.identify({ ...NOTHING, token }).may;
  const make = (scopes: Right[], expires: number | null = null) => makeToken(accounts, { scopes, expires });
  assert.deepEqual(may(make(["read"]).secret), ["read"]);
  assert.deepEqual(may(make(["write"]).secret), ["read", "write"]);
  assert.deepEqual(may(make(["agent"]).secret), ["agent"]);
  assert.deepEqual(may(make(["agent", "read"]).secret), ["read", "agent"]);
  const brief = make(["admin"], clock.now() + HOUR);
  assert.deepEqual(may(brief.secret), ALL);
  await clock.advance(HOUR);
  assert.deepEqual(may(brief.secret), []);
  const gone = make(["admin"]);
  accounts.tokens.revoke(gone.hash, false);
  assert.deepEqual(may(gone.secret), []);
});

test("the last use of a token is written at most once an hour", async context => {
  const { clock, start, rows } = folder(context);
  const accounts = await start();
  const made = makeToken(accounts, { scopes: ["read"] });
  const begun = clock.now();
  for (let minute = 0; minute < 90; minute += 1) {
    accounts.identify({ ...NOTHING, token: made.secret });
    await clock.advance(MINUTE);
  }
  assert.deepEqual(
    rows("SELECT used FROM api_token").map(({ used }) => used),
    [begun + HOUR],
  );
});

test("a token of the environment that was revoked or replaced does not come back with a restart", async context => {
  const { start } = folder(context);
  const further = `${TOKEN}-2`;
  const options = { apiToken: TOKEN, apiTokens: [further] };
  const accounts = await start(options);
  const main = accounts.tokens.drawMain("admin");
  assert.ok("secret" in main);
  accounts.tokens.put(main.hash, main.token);
  accounts.tokens.revoke(sha3(further), true);
  const again = await start(options);
  const may = (token: string) => again.identify({ ...NOTHING, token }).may;
  assert.deepEqual([may(TOKEN), may(further), may(main.secret)], [["read"], ["read"], ALL]);
});

function sha3(text: string): string {
  return createHash("sha3-256").update(text).digest("hex");
}

test("a token that is lent is good until it is given back, and is kept and listed nowhere", async context => {
  const { start, rows } = folder(context);
  const accounts = await start();
  const lent = accounts.tokens.lend("the simulator", ["agent"]);
  const caller = () => accounts.identify({ ...NOTHING, token: lent.secret });
  assert.deepEqual([caller().name, caller().may], ["the simulator", ["agent"]]);
  assert.deepEqual([accounts.tokens.list(), rows("SELECT * FROM api_token")], [[], []]);
  assert.equal(accounts.signIn, "none");
  lent[Symbol.dispose]();
  assert.deepEqual(caller().may, []);
});

test("users of pulse.yaml have the role that it says, beside the environment's, and their own new passwords count", async context => {
  const { start } = folder(context);
  const given = [
    { name: "Vera", role: "viewer", password: await QUICK },
    { name: "oskar", role: "operator", password: await QUICK },
    { name: "vera", role: "admin", password: "another one" },
  ] as const;
  const accounts = await start({ given });
  assert.deepEqual(
    accounts.users.list().map(({ name, role, fromEnvironment }) => [name, role, fromEnvironment]),
    [
      ["Vera", "viewer", true],
      ["oskar", "operator", true],
    ],
  );
  assert.equal((await accounts.login("vera", PASSWORD, "10.0.0.1")).kind, "in");
  accounts.users.save("oskar", "admin", await accounts.users.hash("a newer word"));
  const later = await start({ given });
  assert.equal(later.users.find("oskar")?.role, "operator");
  assert.equal((await later.login("oskar", "a newer word", "10.0.0.1")).kind, "in");
  const without = await start();
  assert.equal((await without.login("vera", PASSWORD, "10.0.0.1")).kind, "refused");
});
