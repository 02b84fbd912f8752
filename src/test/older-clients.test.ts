import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { WebSocket } from "ws";
import { startPulse } from "./pulse.ts";

interface Frame {
  type: string;
  data: { dockerHosts?: { hostname: string }[] };
}

// What clients of the original count on, where nothing else in the tests says so. docs/compatibility.md has the whole.

test("a path with a slash at its end is the path without it", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 1 });
  const ask = async (path: string) => {
    const answer = await fetch(`${pulse.url}${path}`, { redirect: "manual" });
    return [answer.status, Object.keys((await answer.json()) as object).toSorted()];
  };
  const pairs = ["/api/alerts", "/api/notifications", "/api/storage", "/api/health", "/api/guests/metadata"];
  for (const path of pairs) {
    const [status, keys] = await ask(path);
    assert.equal(status, 200, path);
    assert.deepEqual(await ask(`${path}/`), [200, keys], path);
  }
});

test("who offers HTTP/2 besides, as Java's client does with each first request, is answered", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 1 });
  const { hostname, port } = new URL(pulse.url);
  const headers = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAAP__" };
  for (const method of ["GET", "POST"]) {
    const body = method === "POST" ? JSON.stringify({ username: "a", password: "b" }) : "";
    const more = body ? { "content-type": "application/json", "content-length": String(body.length) } : {};
    const path = body ? "/api/login" : "/api/health";
    const call = request({ hostname, port, path, method, headers: { ...headers, ...more }, agent: false });
    call.end(body);
    const [answer] = (await once(call, "response")) as [IncomingMessage];
    assert.equal(answer.statusCode, body ? 401 : 200, path);
    answer.resume();
  }
});

test("members of a cluster have all the fields that older clients read", async () => {
  await using pulse = await startPulse({ nodes: 2, guests: 2 });
  await pulse.until(({ instances, nodes }) => instances[0]?.endpoints.length === 2 && nodes.length === 2);
  const [instance] = (await (await fetch(`${pulse.url}/api/config/nodes`)).json()) as {
    clusterEndpoints: { NodeID: string; NodeName: string; Host: string; IP: string; LastSeen: string }[];
  }[];
  const ids = (await pulse.state()).nodes.map(({ id }) => id);
  assert.equal(instance?.clusterEndpoints.length, 2);
  for (const { NodeID, NodeName, Host, IP, LastSeen } of instance.clusterEndpoints) {
    assert.ok(ids.includes(NodeID) && NodeID.endsWith(`:${NodeName}`), NodeID);
    assert.equal(IP, new URL(Host).hostname);
    assert.ok(Date.parse(LastSeen) > 0, LastSeen);
  }
});

test("a report of a Docker host is followed by the full state at once, not at the next turn", async () => {
  // A clock that hardly goes: no turn of ten seconds comes while this runs.
  await using pulse = await startPulse({ configured: [], apiToken: "t", speed: 0.001 });
  const socket = new WebSocket(`${pulse.url.replace("http", "ws")}/ws?token=t`);
  const hosts = Promise.withResolvers<string[] | undefined>();
  socket.on("message", data => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.type === "rawData") hosts.resolve(frame.data.dockerHosts?.map(({ hostname }) => hostname));
    if (frame.type === "initialState") void send();
  });
  const send = () =>
    fetch(`${pulse.url}/api/agents/docker/report`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-token": "t" },
      body: JSON.stringify({
        agent: { id: "a", version: "v4.22.0", intervalSeconds: 30 },
        host: { hostname: "dock1" },
        containers: [],
        timestamp: new Date().toISOString(),
      }),
    });
  assert.deepEqual(await hosts.promise, ["dock1"]);
  socket.close();
  await once(socket, "close");
});
