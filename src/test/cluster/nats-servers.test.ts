import assert from "node:assert/strict";
import { test } from "node:test";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { startNats } from "./nats-servers.ts";

test("what three servers stored survives that one of them is killed and started again", async () => {
  await using nats = await startNats();
  await nats.ready();
  const connection = await connect({ servers: nats.url.split(","), maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: "KEPT", subjects: ["kept"], num_replicas: 3 });
  const stream = jetstream(connection);
  const put = async (text: string) => {
    for (;;) {
      try {
        return await stream.publish("kept", text, { msgID: text, timeout: 1000 });
      } catch {
        // The servers choose another leader.
      }
    }
  };
  await put("at first");
  const [first] = nats.servers;
  await first?.kill();
  await put("without the first");
  first?.start();
  await nats.ready();
  const { state } = await manager.streams.info("KEPT");
  assert.equal(state.messages, 2);
  await connection.close();
});
