import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { pictureOf } from "./looks.ts";
import { type NatsUser, startNats } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, entriesOf, runPulse, until } from "./processes.ts";

test("each edge may have a user of its own: one that is shut out, or shows another's password, does not get in, the others go on", async t => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-users-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const configure = (...edges: string[]) => {
    const { code, said } = runPulse(["cluster", "config", folder, "--sites", "north,south", "--edges", ...edges], {});
    assert.equal(code, 0, said);
    const written = JSON.parse(readFileSync(join(folder, "nats", "nats.conf"), "utf8"));
    return { users: written.authorization.users as NatsUser[], said };
  };
  const readEnv = (name: string) =>
    Object.fromEntries(
      readFileSync(join(folder, `${name}.env`), "utf8")
        .trim()
        .split("\n")
        .map(line => line.split(/=(.*)/s).slice(0, 2)),
    ) as Record<string, string>;
  const { users } = configure("north/one,north/two");
  assert.deepEqual(
    users.map(({ user }) => user),
    ["core", "north+one", "north+two", "south"],
  );
  assert.equal(new Set(users.map(({ password }) => password)).size, 4);

  await using nats = await startNats({ servers: 1, users });
  await nats.ready();
  await using estate = await openEstate(sizedEstate({ nodes: 2, guests: 4, clusters: 0, standalone: 2 }));
  const line = { PULSE_NATS_URL: nats.url };
  const config = { instances: entriesOf(estate.instances) };
  const edgeOf = (env: Record<string, string>) => clusterProcess({ command: "edge", env: { ...env, ...line }, config });
  await using core = clusterProcess({ command: "core", env: { ...readEnv("core"), ...line, PULSE_NAME: "core" } });
  await using one = edgeOf(readEnv("north+one"));
  await using two = edgeOf(readEnv("north+two"));
  await using pretender = edgeOf({
    ...readEnv("north+one"),
    PULSE_NAME: "three",
    PULSE_NATS_PASSWORD: readEnv("north+two").PULSE_NATS_PASSWORD ?? "",
  });
  await Promise.all([core, one, two, pretender].map(process => process.start()));
  const watches = (edge: ClusterProcess, from = 0) => edge.log().slice(from).split('"Watching instance').length - 1;
  await until(() => watches(one) === 1 && watches(two) === 1, "shared");
  await until(async () => Object.keys((await pictureOf(core)).guests).length === 4, "shown");
  await until(() => /Cannot reach NATS: .*[Aa]uthorization/.test(pretender.log()), "refused");

  const { users: fewer, said } = configure("north/one");
  assert.match(said, /The user of the edge "two" of site "north" is let in no longer/);
  assert.deepEqual(
    fewer.map(({ password }) => password),
    users.filter(({ user }) => user !== "north+two").map(({ password }) => password),
  );
  const file = join(nats.folder, "nats-0.conf");
  const before = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...before, authorization: { users: fewer } }));
  const mark = two.log().length;
  nats.servers[0]?.child()?.kill("SIGHUP");
  await until(() => /[Aa]uthorization/.test(two.log().slice(mark)), "shut out");
  await until(() => watches(one) === 2, "watched by the other one");
  assert.equal(watches(pretender), 0);
});
