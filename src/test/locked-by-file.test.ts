import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openReceiver } from "../notify/outbound/recording-receiver.ts";
import { startSupervised } from "./supervised.ts";

type Json = Record<string, unknown>;
interface Config extends Json {
  guestDefaults: Record<string, { trigger: number }>;
  lockedBy?: Record<string, string>;
}

test("thresholds and channels of pulse.yaml count, are locked, are written nowhere, and go with the file", async context => {
  const { port, seen } = await openReceiver(context, response => response.end("ok"));
  const channels = `channels:
  allowedPrivateNetworks: [127.0.0.1/32]
  canary: { enabled: false }
  email: { server: mail.example.com, from: pulse@example.com, password: { env: SECRET } }
  webhooks:
    - { id: chat, name: Chat, url: "http://127.0.0.1:${port}/hook-4711", headers: { Authorization: { env: SECRET } } }
`;
  const thresholds = `thresholds:
  guestDefaults: { cpu: 91 }
  overrides: { "home:guest:101": { disabled: true } }
  schedule: { cooldown: 7 }
`;
  const pulse = await startSupervised(context);
  const { send, until, supervisor, writeYaml, folder, log } = pulse;
  const read = <T = Json>(path: string) => until<T>(path, () => true);
  const status = async (method: string, path: string, body: unknown) => {
    const answer = await send(method, path, body);
    const { error = "" } = (await answer.json()) as { error?: string };
    return `${answer.status} ${error}`;
  };
  await send("PUT", "/api/alerts/config", { guestDefaults: { cpu: 66, memory: 77 } });
  await send("PUT", "/api/notifications/email", { server: "old.example.com", from: "old@example.com" });
  await send("POST", "/api/notifications/webhooks", { id: "chat", name: "Old chat", url: "https://old.example/" });
  await send("POST", "/api/notifications/webhooks", { id: "other", name: "Other", url: "https://other.example/" });
  const kept = await read<Config>("/api/alerts/config");
  assert.equal("lockedBy" in kept, false);

  writeYaml(channels + thresholds);
  assert.equal(await supervisor.readAgain(), true);
  const config = await read<Config>("/api/alerts/config");
  assert.deepEqual([config.guestDefaults.cpu?.trigger, config.guestDefaults.memory?.trigger], [91, 77]);
  assert.deepEqual(config.lockedBy, {
    "guestDefaults.cpu": "pulse.yaml",
    "overrides.home:guest:101": "pulse.yaml",
    "schedule.cooldown": "pulse.yaml",
  });
  const by = "is set by pulse.yaml; change it there";
  assert.deepEqual(
    [
      await status("PUT", "/api/alerts/config", { guestDefaults: { cpu: 50 } }),
      await status("POST", "/api/alerts/", { overrides: { "home:guest:101": {} } }),
      await status("POST", "/api/notifications/", { schedule: { cooldown: 8 } }),
      await status("PUT", "/api/notifications/email", { server: "mine.example.com" }),
      await status("PUT", "/api/notifications/webhooks/chat", { enabled: false }),
      await status("DELETE", "/api/notifications/webhooks/chat", {}),
      await status("POST", "/api/notifications/", { allowedPrivateNetworks: [] }),
      await status("POST", "/api/notifications/", {
        email: { server: "mine.example.com" },
        publicUrl: "https://a.example",
      }),
      await status("POST", "/api/notifications/webhooks", { id: "chat", name: "Mine", url: "https://mine.example/" }),
    ],
    [
      `403 guestDefaults.cpu: ${by}`,
      `403 overrides.home:guest:101: ${by}`,
      `403 schedule.cooldown: ${by}`,
      `403 email: ${by}`,
      `403 webhook "chat": ${by}`,
      `403 webhook "chat": ${by}`,
      `403 allowedPrivateNetworks: ${by}`,
      `403 email: ${by}`,
      '400 id: there is a channel "chat" already',
    ],
  );
  const whole = await read("/api/notifications/");
  assert.equal(whole.publicUrl, "", "of a change that is refused nothing counts");
  assert.deepEqual(whole.lockedBy, { allowedPrivateNetworks: "pulse.yaml", canary: "pulse.yaml" });
  const webhooks = whole.webhooks as Json[];
  assert.deepEqual(
    webhooks.map(({ id, name, lockedBy }) => [id, name, lockedBy]),
    [
      ["chat", "Chat", "pulse.yaml"],
      ["other", "Other", undefined],
    ],
  );
  // What was read, sent back.
  assert.equal(await status("PUT", "/api/alerts/config", config), "200 ");
  assert.equal(await status("POST", "/api/notifications/", whole), "200 ");
  assert.equal(await status("PUT", "/api/notifications/webhooks/chat", webhooks[0]), "200 ");
  assert.equal(await status("PUT", "/api/notifications/email", whole.email), "200 ");
  assert.equal(await status("PUT", "/api/alerts/config", { ...config, minimumDelta: 5 }), "200 ");
  assert.equal(await status("POST", "/api/notifications/", { publicUrl: "https://pulse.example.com" }), "200 ");
  // And they are used.
  assert.equal(await status("POST", "/api/notifications/test", { method: "webhook", webhookId: "chat" }), "200 ");
  assert.equal(seen[0]?.headers.authorization, "from the environment");

  const passphrase = "a long passphrase";
  const { data } = (await (await send("POST", "/api/config/export", { passphrase })).json()) as { data: string };
  const told = (await (await send("POST", "/api/config/import?dryRun=true", { data, passphrase })).json()) as Json;
  assert.deepEqual(told.changes, []);

  writeYaml("");
  assert.equal(await supervisor.readAgain(), true);
  const after = await read<Config>("/api/alerts/config");
  assert.deepEqual(after, { ...kept, minimumDelta: 5 });
  const email = await read("/api/notifications/email");
  assert.deepEqual([email.server, email.lockedBy], ["old.example.com", undefined]);
  const others = await read<Json[]>("/api/notifications/webhooks");
  assert.deepEqual(
    others.map(({ id, name }) => [id, name]),
    [
      ["chat", "Old chat"],
      ["other", "Other"],
    ],
  );
  assert.equal((await read("/api/notifications/")).publicUrl, "https://pulse.example.com");
  await supervisor[Symbol.asyncDispose]();
  const database = readFileSync(join(folder, "pulse.db"), "latin1");
  assert.doesNotMatch(database + log.join("\n"), /hook-4711|from the environment|"cooldown":7/);
});
