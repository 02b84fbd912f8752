import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_EDGE, NO_SECURITY } from "../model/security-settings.ts";
import { BadSettings } from "./bad-settings.ts";
import { type Environment, readEnvironment } from "./environment.ts";

test("without any variable nobody is trusted and nothing is open", () => {
  assert.deepEqual(readEnvironment({}).security, NO_SECURITY);
});

const GOOD: [sentence: string, environment: Environment, part: object][] = [
  ["tokens", { API_TOKENS: "one, two" }, { apiTokens: ["one", "two"] }],
  [
    "proxies, origins and a limit",
    { TRUSTED_PROXIES: "10.0.0.1,fd00::/8", ALLOWED_ORIGINS: "https://a.example *", RATE_LIMIT: "0" },
    {
      edge: {
        ...NO_EDGE,
        trustedProxies: ["10.0.0.1", "fd00::/8"],
        allowedOrigins: ["https://a.example", "*"],
        requestsPerMinute: null,
      },
    },
  ],
  [
    "a proxy that signs in",
    { TRUSTED_PROXIES: "10.0.0.1", PROXY_AUTH_SECRET: "s", PROXY_AUTH_ROLE_HEADER: "X-Roles" },
    {
      edge: {
        ...NO_EDGE,
        trustedProxies: ["10.0.0.1"],
        proxyAuth: {
          secret: "s",
          userHeader: "x-authenticated-user",
          roleHeader: "x-roles",
          roleSeparator: "|",
          adminRole: "admin",
          logoutUrl: null,
        },
      },
    },
  ],
  [
    "a certificate",
    { HTTPS_ENABLED: "true", TLS_CERT_FILE: "/c.pem", TLS_KEY_FILE: "/k.pem" },
    { tls: { certificate: "/c.pem", key: "/k.pem" } },
  ],
  [
    "an identity provider",
    { OIDC_ENABLED: "true", OIDC_ISSUER_URL: "https://sso", OIDC_ALLOWED_GROUPS: "a b", OIDC_GROUP_ROLES: "a=admin" },
    { oidc: { enabled: true, issuerUrl: "https://sso", allowedGroups: ["a", "b"], groupRoles: { a: "admin" } } },
  ],
];
for (const [sentence, environment, part] of GOOD)
  test(`${sentence} by the environment`, () => {
    assert.deepEqual(readEnvironment(environment).security, { ...NO_SECURITY, ...part });
  });

const BAD: [environment: Environment, problem: RegExp][] = [
  [{ TRUSTED_PROXIES: "10.0.0.0/33" }, /^TRUSTED_PROXIES: "10.0.0.0\/33" is no address/],
  [{ TRUSTED_PROXIES: "proxy.example" }, /^TRUSTED_PROXIES: /],
  [{ ALLOWED_ORIGINS: "https://a.example/" }, /^ALLOWED_ORIGINS: /],
  [{ RATE_LIMIT: "many" }, /^RATE_LIMIT: "many"/],
  [{ PROXY_AUTH_SECRET: "s" }, /^TRUSTED_PROXIES: missing/],
  [{ HTTPS_ENABLED: "yes", TLS_CERT_FILE: "/c.pem" }, /^TLS_KEY_FILE: missing/],
  [{ OIDC_GROUP_ROLES: "a=king" }, /^OIDC_GROUP_ROLES: "a=king"/],
  [{ OIDC_DEFAULT_ROLE: "king" }, /^OIDC_DEFAULT_ROLE: "king"/],
];
for (const [environment, problem] of BAD)
  test(`${JSON.stringify(environment)} is refused by name`, () => {
    assert.throws(
      () => readEnvironment(environment),
      (error: unknown) => error instanceof BadSettings && error.problems.some(text => problem.test(text)),
    );
  });
