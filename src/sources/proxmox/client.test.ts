import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../kit/clock.ts";
import { LookFailed } from "../source.ts";
import { ProxmoxClient } from "./client.ts";

test("a token that no header can carry is told as that, and nothing is sent", async () => {
  await using client = new ProxmoxClient({
    settings: {
      ...{ name: "home", type: "pve", host: "https://127.0.0.1:1", trust: { kind: "any" }, interval: null },
      credentials: { kind: "token", id: "a@pve!b", secret: "s\u200bs" },
    },
    members: [],
    clock: new FakeClock(),
  });
  await assert.rejects(client.get("/version"), (error: unknown) => {
    assert.ok(error instanceof LookFailed);
    assert.deepEqual(error.fault, {
      kind: "auth",
      message: 'The API token of "home" holds a character that cannot be sent: enter it anew',
    });
    return true;
  });
  assert.equal(client.calls.lastMinute(0), 0);
});
