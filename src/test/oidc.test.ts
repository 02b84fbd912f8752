import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { MINUTE } from "../kit/units.ts";
import type { OidcSettings } from "../model/security-settings.ts";
import { type OidcProvider, startOidcProvider } from "./oidc-provider.ts";
import { shownBy, startSecured } from "./secured.ts";

const SECRET = "the client's secret";

async function start(context: TestContext, settings: Partial<OidcSettings> = {}) {
  const provider = await startOidcProvider("pulse", SECRET);
  context.after(() => provider[Symbol.asyncDispose]());
  const oidc = { enabled: true, issuerUrl: provider.issuer, clientId: "pulse", clientSecret: SECRET, ...settings };
  const pulse = await startSecured(context, {}, { oidc });
  const begin = async () => {
    const answer = await pulse.send("POST", "/api/oidc/login", {});
    const { authorizationUrl } = (await answer.json()) as { authorizationUrl: string };
    return { authorizationUrl, cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
  };
  const back = async (url: string, cookie: string) =>
    pulse.ask(url.slice(new URL(url).origin.length), { headers: { cookie } });
  return { ...pulse, provider, begin, back };
}

/** Signs in; what the browser is told, and who it is then. */
async function signIn({ begin, back, ask, provider }: Awaited<ReturnType<typeof start>>) {
  const { authorizationUrl, cookie } = await begin();
  const answer = await back(provider.consent(authorizationUrl), cookie);
  const who = await ask("/api/session", { headers: shownBy(answer) });
  const told = new URLSearchParams(answer.headers.get("location")?.split("?")[1]);
  return { told, ...((await who.json()) as { name: string | null; may: string[] }) };
}

const ANN = { preferred_username: "ann", email: "ann@example.com", groups: ["staff", "ops"] };
const RIGHTS = { viewer: ["read"], operator: ["read", "write"], admin: ["read", "write", "agent", "admin"] };
const GUESTS: [
  sentence: string,
  claims: Record<string, unknown>,
  settings: Partial<OidcSettings>,
  role: keyof typeof RIGHTS | null,
][] = [
  ["anybody is a viewer where nothing else is said", ANN, {}, "viewer"],
  ["the highest of one's groups counts", ANN, { groupRoles: { staff: "viewer", ops: "operator" } }, "operator"],
  [
    "who is in no such group has the default role",
    ANN,
    { groupRoles: { boss: "admin" }, defaultRole: "operator" },
    "operator",
  ],
  ["an administrators' group makes administrators", ANN, { groupRoles: { ops: "admin" } }, "admin"],
  ["who is in an allowed group gets in", ANN, { allowedGroups: ["ops"] }, "viewer"],
  ["who is in none does not", ANN, { allowedGroups: ["boss"] }, null],
  ["an allowed domain gets in", ANN, { allowedDomains: ["Example.com"] }, "viewer"],
  ["a domain that only ends alike does not", ANN, { allowedDomains: ["ample.com"] }, null],
  [
    "an allowed address gets in, whatever the domain",
    ANN,
    { allowedEmails: ["ANN@example.com"], allowedDomains: ["x.org"] },
    "viewer",
  ],
  [
    "an address that nobody has verified counts nothing",
    { ...ANN, email_verified: false },
    { allowedDomains: ["example.com"] },
    null,
  ],
  ["no address at all counts nothing", { preferred_username: "ann" }, { allowedDomains: ["example.com"] }, null],
  ["groups as a text are groups, too", { ...ANN, groups: "staff ops" }, { allowedGroups: ["ops"] }, "viewer"],
];
for (const [sentence, claims, settings, role] of GUESTS)
  test(sentence, async context => {
    const pulse = await start(context, settings);
    pulse.provider.claims = claims;
    const { told, name, may } = await signIn(pulse);
    assert.equal(told.get("oidc"), role === null ? "error" : "success");
    assert.deepEqual([name, may], role === null ? [null, []] : ["ann", RIGHTS[role]]);
  });

const FORGERIES: [sentence: string, change: Partial<Pick<OidcProvider, "forge" | "claims">>][] = [
  ["a token that somebody else signed", { forge: true }],
  ["a token for another client", { claims: { ...ANN, aud: "other" } }],
  ["a token of another issuer", { claims: { ...ANN, iss: "https://evil.example" } }],
  ["a token that has expired", { claims: { ...ANN, exp: 1_000_000_000 } }],
  ["a token for another sign-in", { claims: { ...ANN, nonce: "other" } }],
];
for (const [sentence, change] of FORGERIES)
  test(`${sentence} lets nobody in`, async context => {
    const pulse = await start(context);
    Object.assign(pulse.provider, change);
    assert.deepEqual([(await signIn(pulse)).told.get("oidc"), (await signIn(pulse)).name], ["error", null]);
  });

test("a sign-in ends in the browser that began it, once, and in time", async context => {
  const { begin, back, provider, clock } = await start(context);
  const outcome = async (url: string, cookie: string) =>
    (await back(url, cookie)).headers.get("location")?.slice(0, 15);
  const [one, other] = [await begin(), await begin()];
  assert.equal(await outcome(provider.consent(one.authorizationUrl), other.cookie), "../../?oidc=err");
  const url = provider.consent(other.authorizationUrl);
  assert.equal(await outcome(url.replace(/state=[^&]+/, "state=x"), other.cookie), "../../?oidc=err");
  assert.equal(await outcome(url, other.cookie), "../../?oidc=suc");
  assert.equal(await outcome(url, other.cookie), "../../?oidc=err");
  const late = await begin();
  clock.set(clock.now() + 11 * MINUTE);
  assert.equal(await outcome(provider.consent(late.authorizationUrl), late.cookie), "../../?oidc=err");
});

test("the provider is set up on the page; its secret is sealed and never told; the environment wins", async context => {
  await using provider = await startOidcProvider("pulse", SECRET);
  const pulse = await startSecured(context, {}, { oidc: { clientId: "pulse" } });
  const admin = await pulse.signIn();
  const change = (body: object) => pulse.send("PUT", "/api/security/oidc", body, admin);
  assert.match(
    await (await change({ enabled: true, issuerUrl: "http://sso.example" })).text(),
    /issuerUrl: .* no https/,
  );
  const wish = { enabled: true, issuerUrl: provider.issuer, clientSecret: SECRET, clientId: "mine" };
  const answer = await (await change(wish)).text();
  const { clientId, clientSecretSet, envOverrides } = JSON.parse(answer) as Record<string, unknown>;
  assert.deepEqual([clientId, clientSecretSet, envOverrides], ["pulse", true, { clientId: true }]);
  assert.ok(!answer.includes(SECRET));
  await pulse.stop();
  assert.ok(!readFileSync(join(pulse.folder, "pulse.db")).includes(SECRET));
  await pulse.restart();
  const status = (await (await pulse.ask("/api/security/status")).json()) as Record<string, unknown>;
  assert.deepEqual([status.oidcEnabled, status.oidcIssuer, status.oidcClientId], [true, "", ""]);
  const begun = await (await pulse.send("POST", "/api/oidc/login", {})).text();
  assert.match(begun, /code_challenge_method=S256/);
});

test("a provider that cannot be reached is told as such", async context => {
  const { send } = await start(context, { issuerUrl: "http://127.0.0.1:9" });
  const answer = await send("POST", "/api/oidc/login", {});
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /cannot be asked/);
});
