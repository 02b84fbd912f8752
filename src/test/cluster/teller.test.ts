import assert from "node:assert/strict";
import { test } from "node:test";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { connect } from "@nats-io/transport-node";
import { layFoundation } from "../../cluster/foundation.ts";
import { SiteLeases } from "../../cluster/leases.ts";
import { LEASES, TOLD } from "../../cluster/names.ts";
import { TELLING, Teller } from "../../cluster/teller.ts";
import { FakeClock } from "../../kit/clock.ts";
import { silent } from "../../kit/log.ts";
import { MINUTE, SECOND } from "../../kit/units.ts";
import { startNats } from "./nats-servers.ts";
import { until } from "./processes.ts";

test("one core tells; without a majority of NATS each tells for itself, and says that it may come twice", async t => {
  await using nats = await startNats();
  await nats.ready();
  const clock = new FakeClock();
  const connection = await connect({ servers: nats.url.split(","), maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  await using closing = new AsyncDisposableStack();
  closing.defer(() => connection.close());
  const options = { timeout: 1000 };
  const stream = jetstream(connection, options);
  const manager = await jetstreamManager(connection, options);
  await layFoundation({ connection, stream, manager }, silent);
  const buckets = new Kvm(stream);
  const told = await buckets.open(TOLD);
  const bucket = await buckets.open(LEASES);
  const cores = ["one", "two", "three"].map(name => {
    const leases = new SiteLeases(bucket, { site: "=cores", self: name, clock, presence: () => ({}) });
    void leases.follow().catch(() => {});
    const teller = new Teller({
      name,
      clock,
      log: silent,
      bucket: () => told,
      leases: () => leases,
      isCurrent: () => true,
    });
    const turn = async () => {
      await leases.turn([TELLING]);
      teller.hear();
    };
    return { teller, turn };
  });
  const [one, two, three] = cores;
  assert.ok(one && two && three);
  const claim = async (core: typeof one, key: string, at = clock.now()) => {
    const claimed = await core.teller.claim([key], { at, dedup: `${key}'s`, overdue: "told" });
    return claimed && { ours: [...claimed.ours], uncertain: claimed.uncertain, done: claimed.done };
  };
  const isTold = async (key: string) => (await told.get(key))?.json<{ state: string }>().state === "told";
  // The first turn only says that it is there.
  for (const core of cores) await core.turn();
  await one.turn();
  await two.turn();

  await t.test("with it, the one with the lease does, and the others know", async () => {
    assert.deepEqual(
      cores.map(({ teller }) => teller.tells),
      [true, false, false],
    );
    const claimed = await claim(one, "first");
    assert.deepEqual([claimed?.ours, claimed?.uncertain], [["first"], false]);
    await claimed?.done();
    assert.deepEqual((await claim(two, "first"))?.ours, []);
  });

  const before = clock.now();
  await t.test("after a minute without it, each does, marked", async () => {
    await nats.servers[0]?.kill();
    await nats.servers[1]?.kill();
    await assert.rejects(one.turn());
    clock.set(before + MINUTE - SECOND);
    // A second short it waits: what it cannot ask for is asked again.
    const early = claim(one, "second");
    await until(() => clock.sleeping > 0, "waiting");
    await clock.advance(3 * SECOND);
    const [mine, other] = [await early, await claim(two, "second")];
    for (const claimed of [mine, other]) assert.deepEqual([claimed?.ours, claimed?.uncertain], [["second"], true]);
    await mine?.done();
    await other?.done();
  });

  await t.test("when it is back, nothing of that is told again unmarked, and what follows is told once", async () => {
    for (const server of nats.servers) server.start();
    for (const core of cores)
      await until(
        () =>
          core.turn().then(
            () => true,
            () => false,
          ),
        "heard again",
      );
    await until(async () => {
      for (const { teller } of cores) teller.hear();
      return await isTold("second");
    }, "marked as told");
    await until(async () => {
      for (const core of cores) await core.turn();
      return cores.filter(({ teller }) => teller.tells).length === 1;
    }, "one that tells");
    const teller = cores.find(({ teller }) => teller.tells) ?? one;
    // One that was halted meanwhile, and told nothing.
    assert.deepEqual((await claim(three, "second"))?.ours, []);
    const late = await claim(teller, "third", before);
    assert.deepEqual([late?.ours, late?.uncertain], [["third"], true]);
    const fresh = await claim(teller, "fourth");
    assert.deepEqual([fresh?.ours, fresh?.uncertain], [["fourth"], false]);
  });

  await t.test(
    "when the marks are lost, what they were about is marked, and what nobody tells of any more, too",
    async () => {
      for (const { teller } of cores) teller.remembers(clock.now());
      const past = clock.now() - SECOND;
      for (let turns = 0; turns < 3; turns++) {
        clock.set(clock.now() + 21 * SECOND);
        for (const core of cores) await core.turn();
      }
      const waiting = cores.find(({ teller }) => !teller.tells) ?? two;
      const early = claim(waiting, "fifth", past);
      await until(() => clock.sleeping > 0, "waiting");
      clock.set(clock.now() + MINUTE);
      await waiting.turn();
      await clock.advance(3 * SECOND);
      const claimed = (await early) ?? (await claim(waiting, "fifth", past));
      assert.deepEqual([claimed?.ours, claimed?.uncertain], [["fifth"], true]);
    },
  );
});
