import assert from "node:assert/strict";
import { test } from "node:test";
import type { SystemLayer } from "../settings/system-layer.ts";
import { startSecured } from "./secured.ts";

test("a provider that is switched on and cannot be asked is told at the start, with the variable", async context => {
  const { log } = await startSecured(context, {}, { oidc: { enabled: true } });
  assert.ok(
    log.some(line => /OIDC_ENABLED.*: OIDC_ISSUER_URL: "" is no https:\/\/ address$/.test(line)),
    log.join("\n"),
  );
  const settings = { enabled: true, issuerUrl: "https://id.example.com", clientId: "pulse" };
  assert.doesNotMatch((await startSecured(context, {}, { oidc: settings })).log.join("\n"), /OIDC_/);
});

test("a network that is not looked through is told at the start, with the variable", async context => {
  const set = (value: string): SystemLayer => ({ discoverySubnet: { value, by: "DISCOVERY_SUBNET" } });
  for (const [subnet, says] of [
    ["8.8.8.0/24", /DISCOVERY_SUBNET: "8\.8\.8\.0\/24" is not private/],
    ["10.0.0.0/8", /DISCOVERY_SUBNET: "10\.0\.0\.0\/8" is too large/],
  ] as const) {
    const { log } = await startSecured(context, { system: set(subnet) });
    assert.ok(
      log.some(line => says.test(line)),
      log.join("\n"),
    );
  }
  for (const subnet of ["auto", "192.168.1.0/24"])
    assert.doesNotMatch((await startSecured(context, { system: set(subnet) })).log.join("\n"), /DISCOVERY_SUBNET/);
});
