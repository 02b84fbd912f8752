import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { credsAuthenticator } from "@nats-io/transport-node";
import { FURTHER_RIGHTS, rightsOfEdges } from "../../cluster/edge-rights.ts";
import { ENTERED } from "../../cluster/names.ts";
import { issueCertificate } from "../../simulator/certificate.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { pictureOf } from "./looks.ts";
import { openNatsOperator } from "./nats-operator.ts";
import { startNats } from "./nats-servers.ts";
import { clusterProcess, entriesOf, forget, until } from "./processes.ts";

/** As an edge's user had them before anything could be entered on a page. */
function rightsOfBefore(site: string): ReturnType<typeof rightsOfEdges> {
  const { publish, subscribe } = rightsOfEdges(site);
  return { publish: { allow: publish.allow.filter(subject => !subject.includes(ENTERED)) }, subscribe };
}

test("over TLS, by an authority of one's own, each gets in by its file of credentials, and does what is its own", async t => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-secured-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const keep = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const authority = issueCertificate("authority", "127.0.0.1");
  const issued = issueCertificate("nats", "127.0.0.1", { node: "authority", key: authority.key });
  const caFile = keep("ca.pem", authority.cert);
  const operator = openNatsOperator();
  const tls = { cert_file: keep("nats.pem", issued.cert), key_file: keep("nats.key", issued.key) };
  const files = {
    core: keep("core.creds", operator.credentials("core")),
    north: keep("north.creds", operator.credentials("north", rightsOfEdges("north"))),
    south: keep("south.creds", operator.credentials("south", rightsOfEdges("south"))),
    older: keep("older.creds", operator.credentials("older", rightsOfBefore("older"))),
  };
  const authenticator = credsAuthenticator(new TextEncoder().encode(operator.credentials("test")));
  await using nats = await startNats({
    servers: 1,
    config: { tls, ...operator.config },
    letIn: { tls: { caFile }, authenticator },
  });
  await nats.ready();
  await using estate = await openEstate(sizedEstate({ nodes: 1, guests: 2 }));
  const url = nats.url.replace("nats:", "tls:");
  const secured = { PULSE_NATS_URL: url, PULSE_NATS_CA: caFile };
  const config = { instances: entriesOf(estate.instances) };
  const edgeOf = (name: string, env: Record<string, string>) =>
    clusterProcess({ command: "edge", env: { PULSE_SITE: "north", PULSE_NAME: name, ...env }, config });
  await using core = clusterProcess({
    command: "core",
    env: { ...secured, PULSE_NAME: "one", PULSE_ENCRYPTION_KEY: "0".repeat(64), PULSE_NATS_CREDENTIALS: files.core },
  });
  await using edge = edgeOf("edge", { ...secured, PULSE_NATS_CREDENTIALS: files.north });
  await using stranger = edgeOf("stranger", { ...secured, PULSE_NATS_CREDENTIALS: files.south });
  await using trusting = edgeOf("trusting", { PULSE_NATS_URL: url, PULSE_NATS_CREDENTIALS: files.north });
  await using nobody = edgeOf("nobody", secured);
  await Promise.all([core, edge, stranger, trusting, nobody].map(one => one.start()));

  await t.test("what the edge sees is shown", async () => {
    await until(async () => Object.keys((await pictureOf(core)).guests).length === 2, "shown");
  });

  const refused = [
    ["the credentials of another site are refused what is not theirs", stranger, /NATS refuses something/],
    ["a server whose authority is not known is not talked to", trusting, /Cannot reach NATS: .*certificate/],
    ["nobody gets in without credentials", nobody, /Cannot reach NATS: .*[Aa]uthorization/],
  ] as const;
  for (const [sentence, one, said] of refused)
    await t.test(sentence, async () => {
      await until(() => said.test(one.log()), "refused");
      assert.doesNotMatch(one.log(), /Watching instance/);
    });

  await t.test(
    "with the rights of an older version an edge watches what its file names, and says what it lacks",
    async () => {
      const env = { ...secured, PULSE_NATS_CREDENTIALS: files.older, PULSE_SITE: "older", PULSE_NAME: "older" };
      const renamed = entriesOf(estate.instances).map(entry => ({ ...entry, name: "another" }));
      await using older = clusterProcess({ command: "edge", env, config: { instances: renamed } });
      await older.start();
      await until(async () => Object.keys((await pictureOf(core)).guests).length === 4, "shown");
      await until(() => older.log().includes(FURTHER_RIGHTS), "said");
      const { code, said } = forget("another", env);
      assert.deepEqual([code, said], [1, `${FURTHER_RIGHTS} (pulse cluster config writes them)\n`]);
    },
  );
});
