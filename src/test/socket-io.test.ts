import assert from "node:assert/strict";
import { test } from "node:test";
import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import type { State } from "../model/state.ts";
import { startPulse } from "./pulse.ts";

function next<T>(client: Socket, type: string): Promise<T> {
  return new Promise(resolve => client.once(type, resolve));
}

test("Socket.IO, /ws and the API live on one port and show one picture; a test notification reaches both streams", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 4 });
  await pulse.until(({ stats }) => stats.guests === 4);
  const client = io(pulse.url, { forceNew: true });
  const state = await next<State>(client, "initialState");
  assert.equal(state.epoch, (await pulse.state()).epoch);
  assert.equal(state.vms.length + state.containers.length, 4);
  // One that was on its way already may tell the same.
  for (let { version } = state; version <= state.version; ) ({ version } = await next<State>(client, "rawData"));

  const socket = new WebSocket(`${pulse.url.replace("http", "ws")}/ws`);
  const frames: string[] = [];
  await new Promise<void>(resolve =>
    socket.on("message", data => {
      frames.push((JSON.parse(String(data)) as { type: string }).type);
      if (frames.length === 2) resolve();
    }),
  );
  const heard = [
    next(client, "testNotification"),
    new Promise<void>(resolve =>
      socket.on("message", data => String(data).startsWith('{"type":"testNotification"') && resolve()),
    ),
  ];
  const answer = await fetch(`${pulse.url}/api/test-notification`, { method: "POST" });
  assert.equal(((await answer.json()) as { clients: number }).clients, 2);
  await Promise.all(heard);
  socket.terminate();
  client.disconnect();
});
