import assert from "node:assert/strict";
import { createECDH, randomBytes } from "node:crypto";
import { test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { systemClock } from "../../kit/clock.ts";
import { SECOND } from "../../kit/units.ts";
import { startNats } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, until } from "./processes.ts";

const KEY = "1".repeat(64);
const PASSWORD = "correct horse battery";
const PASSPHRASE = "a passphrase for the export";

/** A browser: it keeps what the cores set, and goes to any of them. */
class Browser {
  #cookies = new Map<string, string>();

  async ask(
    core: ClusterProcess,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Body }> {
    const csrf = this.#cookies.get("pulse_csrf");
    const answer = await fetch(core.url() + path, {
      method,
      headers: {
        Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(csrf ? { "X-CSRF-Token": csrf } : {}),
        ...(body ? { "Content-Type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    return { status: answer.status, body: (await answer.json()) as Body };
  }

  async signIn(core: ClusterProcess, username: string, password: string, code?: string): Promise<number> {
    this.#cookies.clear();
    return (await this.ask(core, "POST", "/api/login", { username, password, ...(code ? { code } : {}) })).status;
  }

  async reads(core: ClusterProcess): Promise<boolean> {
    return (await this.ask(core, "GET", "/api/config")).status === 200;
  }
}

type Body = Record<string, unknown> & { token?: string; record?: { id: string }; data?: string; secret?: string };

const byToken = async (core: ClusterProcess, token: string) =>
  (await fetch(`${core.url()}/api/config`, { headers: { "X-API-Token": token } })).status;

/** NOTE: whoever asks too often is let in no more for a while. */
function untilSignIn(signIn: () => Promise<number>, status: number, what: string): Promise<void> {
  return until(async () => {
    const is = (await signIn()) === status;
    if (!is) await systemClock.sleep(2 * SECOND);
    return is;
  }, what);
}

test("who gets in at one core gets in at all, and who is sent away is sent away everywhere", async t => {
  await using nats = await startNats({ servers: 1 });
  await nats.ready();
  const open = (name: string) =>
    clusterProcess({
      command: "core",
      env: { PULSE_NATS_URL: nats.url, PULSE_NAME: name, PULSE_ENCRYPTION_KEY: KEY },
    });
  await using one = open("one");
  await using two = open("two");
  await using late = open("late");
  await Promise.all([one.start(), two.start()]);
  const admin = new Browser();
  const asked = (core: ClusterProcess, method: string, path: string, body?: object) =>
    admin.ask(core, method, path, body);

  await t.test("the first setup at one core is that of all", async () => {
    const setup = { username: "anna", password: PASSWORD };
    await until(async () => (await asked(one, "POST", "/api/security/quick-setup", setup)).status === 200, "set up");
    await untilSignIn(() => admin.signIn(two, "anna", PASSWORD), 200, "known at the other");
    assert.equal((await new Browser().ask(two, "GET", "/api/config")).status, 401);
  });

  await t.test("a session that began at one core works at the other, and ends at both", async () => {
    await until(() => admin.reads(one), "known at the other");
    assert.equal((await asked(one, "POST", "/api/logout", {})).status, 200);
    const { body } = await new Browser().ask(two, "GET", "/api/session");
    assert.equal(body.name, null);
    await untilSignIn(() => admin.signIn(one, "anna", PASSWORD), 200, "signed in again");
    await until(() => admin.reads(two), "known at the other");
  });

  await t.test("users, passwords and tokens", async () => {
    assert.equal(
      (await asked(two, "POST", "/api/security/users", { name: "ben", role: "viewer", password: PASSWORD })).status,
      200,
    );
    const ben = new Browser();
    await untilSignIn(() => ben.signIn(one, "ben", PASSWORD), 200, "known at the other");
    const { body } = await asked(one, "POST", "/api/security/tokens", { name: "x", scopes: ["admin"] });
    const token = body.token ?? "";
    await until(async () => (await byToken(two, token)) === 200, "a token of both");
    assert.equal((await asked(two, "DELETE", `/api/security/tokens/${body.record?.id}`)).status, 200);
    await until(async () => (await byToken(one, token)) === 401, "revoked at both");
    await asked(two, "PUT", "/api/security/users/ben", { password: `${PASSWORD} new` });
    await until(async () => !(await ben.reads(one)), "signed out at both");
    assert.equal(await ben.signIn(one, "ben", PASSWORD), 401);
    assert.equal(await ben.signIn(one, "ben", `${PASSWORD} new`), 200);
    assert.equal((await asked(one, "DELETE", "/api/security/users/ben")).status, 200);
    await untilSignIn(() => ben.signIn(two, "ben", `${PASSWORD} new`), 401, "unknown at both");
    assert.equal((await asked(one, "DELETE", "/api/security/users/anna")).status, 403, "the last administrator");
  });

  await t.test("a second factor is asked for at all, and a recovery code is good once, wherever", async () => {
    const { body: offered } = await asked(two, "POST", "/api/security/totp", {});
    const totp = new TOTP({ secret: Secret.fromBase32(offered.secret ?? "") });
    const { body } = await asked(two, "POST", "/api/security/totp/confirm", { code: totp.generate() });
    const [code = ""] = body.recoveryCodes as string[];
    const other = new Browser();
    await untilSignIn(() => other.signIn(one, "anna", PASSWORD), 401, "asked for at the other");
    assert.equal(await other.signIn(one, "anna", PASSWORD, code), 200);
    await until(() => other.reads(two), "the session is known at the other, and so is the code");
    assert.equal(await other.signIn(two, "anna", PASSWORD, code), 401);
    await asked(one, "PUT", "/api/security/users/anna", { secondFactor: false });
    await untilSignIn(() => other.signIn(two, "anna", PASSWORD), 200, "off at both");
  });

  await t.test("a browser that is told by one core is told by all: they are one to its push service", async () => {
    const keys = await Promise.all([one, two].map(core => asked(core, "GET", "/api/notifications/push/key")));
    assert.deepEqual(keys[0]?.body, keys[1]?.body);
    const p256dh = createECDH("prime256v1").generateKeys("base64url");
    const browser = {
      endpoint: "https://push.example.com/1",
      keys: { p256dh, auth: randomBytes(16).toString("base64url") },
    };
    const subscribed = await asked(one, "POST", "/api/notifications/push", browser);
    assert.equal(subscribed.status, 200, JSON.stringify(subscribed.body));
    const list = async () => (await asked(two, "GET", "/api/notifications/push")).body as unknown as unknown[];
    await until(async () => (await list()).length === 1, "known to both");
    await asked(two, "DELETE", `/api/notifications/push/${subscribed.body.id}`);
    await until(async () => (await list()).length === 0, "known to none");
  });

  await t.test("what is imported at one core counts at all, and what is one Pulse's alone is refused", async () => {
    const refused = await asked(one, "POST", "/api/system/mock-mode", { enabled: true });
    assert.equal(refused.status, 403);
    assert.match(String(refused.body.error), /A core shows what edges see/);
    // An import opens the server anew: for a moment nothing is at its port.
    const interval = (core: ClusterProcess) =>
      asked(core, "GET", "/api/config/system").then(
        ({ body }) => body.pvePollingInterval,
        () => null,
      );
    await asked(one, "PUT", "/api/config/system", { pvePollingInterval: 25 });
    const { body: exported } = await asked(one, "POST", "/api/config/export", { passphrase: PASSPHRASE });
    await asked(one, "PUT", "/api/config/system", { pvePollingInterval: 30 });
    await until(async () => (await interval(two)) === 30, "known at the other");
    const wish = { data: exported.data, passphrase: PASSPHRASE };
    await asked(two, "POST", "/api/config/import?dryRun=true", wish);
    assert.equal(await interval(two), 30);
    const imported = await asked(two, "POST", "/api/config/import", wish);
    assert.equal(imported.status, 200, JSON.stringify(imported.body));
    await until(async () => (await interval(one)) === 25 && (await interval(two)) === 25, "imported at both");
  });

  await t.test("a core that is new knows them, too, but for the sessions of its own past", async () => {
    await late.start();
    await until(() => admin.reads(late), "known at the new one");
    await until(
      async () => (await asked(late, "GET", "/api/config/system")).body.pvePollingInterval === 25,
      "as the others",
    );
  });

  await t.test("without NATS people get in and out, and nothing else is changed", async () => {
    await nats.servers[0]?.kill();
    await until(async () => {
      const { status } = await asked(one, "POST", "/api/security/tokens", { name: "y", scopes: ["read"] });
      return status === 503;
    }, "refused");
    const here = new Browser();
    assert.equal(await here.signIn(one, "anna", PASSWORD), 200);
    assert.equal(await here.reads(one), true);
    assert.equal(await here.reads(two), false);
    nats.servers[0]?.start();
    await until(async () => {
      const { status } = await asked(one, "POST", "/api/security/tokens", { name: "y", scopes: ["read"] });
      return status === 200;
    }, "agreed on again");
  });
});
