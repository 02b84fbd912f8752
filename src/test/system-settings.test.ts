import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { WebSocket } from "ws";
import { startPulse } from "./pulse.ts";
import { type Secured, startSecured } from "./secured.ts";

const PATH = "/api/system/settings";
const UPDATE = "/api/system/settings/update";

type Json = Record<string, unknown>;
const json = async (answer: Response): Promise<Json> => (await answer.json()) as Json;

/** Changes settings as the administrator; answers what the server says. */
async function change({ send, signIn }: Secured, wish: object): Promise<Json & { status: number }> {
  const answer = await send("POST", UPDATE, wish, await signIn());
  return { ...(await json(answer)), status: answer.status };
}

test("what was read, sent back by any of the ways, changes nothing", async context => {
  const pulse = await startSecured(context);
  const { ask, send, signIn } = pulse;
  const admin = await signIn();
  await change(pulse, { theme: "dark", connectionTimeout: 20, backendPort: 3000, autoUpdateEnabled: true });
  for (const [read, method, write] of [
    [PATH, "POST", UPDATE],
    [PATH, "PUT", UPDATE],
    ["/api/config/system", "PUT", "/api/config/system"],
  ] as const) {
    const before = await json(await ask(read, { headers: admin }));
    const answer = await send(method, write, before, admin);
    assert.deepEqual([answer.status, (await json(answer)).ignored], [200, []]);
    assert.deepEqual(await json(await ask(read, { headers: admin })), before);
    assert.equal(before.theme, "dark");
    assert.equal(before.backendPort, 3000);
  }
});

test("a field that the environment sets is shown as locked, and who would change it is told where", async context => {
  const system = { logLevel: { value: "warn", by: "LOG_LEVEL" } } as const;
  const pulse = await startSecured(context, { system });
  const shown = await json(await pulse.ask(PATH, { headers: await pulse.signIn() }));
  assert.deepEqual(
    [shown.logLevel, shown.envOverrides, shown.lockedBy],
    ["warn", { logLevel: true }, { logLevel: "LOG_LEVEL" }],
  );
  const refused = await change(pulse, { theme: "dark", logLevel: "debug" });
  assert.deepEqual([refused.status, refused.error], [403, "logLevel: is set by LOG_LEVEL; change it there"]);
  const after = await json(await pulse.ask(PATH, { headers: await pulse.signIn() }));
  assert.equal(after.theme, "");
});

const REFUSED: [sentence: string, wish: object, error: RegExp][] = [
  ["a wrong interval", { pbsPollingInterval: 1 }, /^pbsPollingInterval: must be a whole number of seconds, 5 to 3600$/],
  ["a wrong theme", { theme: "mauve" }, /^theme: must be one of empty, system, light, dark, contrast$/],
  [
    "a network that is not private",
    { discoverySubnet: "8.8.8.0/24" },
    /^discoverySubnet: "8.8.8.0\/24" is not private/,
  ],
  ["a network too large", { discoverySubnet: "10.0.0.0/8" }, /^discoverySubnet: .* too large/],
];
for (const [sentence, wish, error] of REFUSED)
  test(`${sentence} is refused by the field's name`, async context => {
    const { status, error: said } = await change(await startSecured(context), wish);
    assert.equal(status, 400);
    assert.match(String(said), error);
  });

test("what is no setting is named, and the rest is saved", async context => {
  const pulse = await startSecured(context);
  const { status, ignored } = await change(pulse, { warp: 9, theme: "light" });
  assert.deepEqual([status, ignored], [200, ["warp"]]);
});

test("origins and frames count at once, and after a restart", async context => {
  const pulse = await startSecured(context);
  const heads = async () => {
    const answer = await pulse.ask("/api/health", { headers: { origin: "https://wall.example" } });
    return [
      answer.headers.get("access-control-allow-origin"),
      /frame-ancestors.*$/.exec(answer.headers.get("content-security-policy") ?? "")?.[0],
      answer.headers.get("x-frame-options"),
    ];
  };
  assert.deepEqual(await heads(), [null, "frame-ancestors 'none'", "DENY"]);
  await change(pulse, { allowEmbedding: true });
  assert.deepEqual(await heads(), [null, "frame-ancestors 'self'", "SAMEORIGIN"]);
  await change(pulse, {
    allowedOrigins: "https://wall.example",
    allowedEmbedOrigins: "https://a.example https://b.example",
  });
  const open = ["https://wall.example", "frame-ancestors 'self' https://a.example https://b.example", null];
  assert.deepEqual(await heads(), open);
  await pulse.restart();
  assert.deepEqual(await heads(), open);
  await change(pulse, { allowEmbedding: false, allowedOrigins: "" });
  assert.deepEqual(await heads(), [null, "frame-ancestors 'none'", "DENY"]);
});

test("another port counts from the next start on, and the answer says so", async context => {
  const port = await freePort();
  const pulse = await startSecured(context);
  assert.deepEqual((await change(pulse, { frontendPort: port })).restartRequired, ["frontendPort"]);
  assert.deepEqual((await change(pulse, { theme: "dark" })).restartRequired, ["frontendPort"]);
  await pulse.restart();
  assert.equal(new URL(pulse.url).port, String(port));
  assert.deepEqual((await change(pulse, { theme: "light" })).restartRequired, []);
});

test("discovery looks where the settings say, and by itself only where they let it", async context => {
  const pulse = await startSecured(context);
  const admin = await pulse.signIn();
  const scanning = async (answer: Promise<Response>) => (await json(await answer)).scanning;
  await change(pulse, { discoveryEnabled: false, discoverySubnet: "127.99.0.0/30" });
  assert.equal(await scanning(pulse.ask("/api/discover", { headers: admin })), false);
  await change(pulse, { discoveryEnabled: true });
  assert.equal(await scanning(pulse.ask("/api/discover", { headers: admin })), true);
});

test("the update channel and the theme count at once, and open pages are told of the theme", async context => {
  const pulse = await startSecured(context);
  const admin = await pulse.signIn();
  const socket = new WebSocket(pulse.url.replace("http", "ws").concat("/ws"), { headers: { cookie: admin.cookie } });
  const told = new Promise<unknown>(resolve =>
    socket.on("message", data => {
      const frame = JSON.parse(String(data)) as { type: string; data: unknown };
      if (frame.type === "settingsUpdate") resolve(frame.data);
    }),
  );
  await new Promise(resolve => socket.once("open", resolve));
  await change(pulse, { theme: "dark", updateChannel: "stable" });
  assert.deepEqual(await told, { theme: "dark" });
  socket.close();
  assert.equal((await json(await pulse.ask("/api/settings", { headers: admin }))).theme, "dark");
  assert.equal((await json(await pulse.ask("/api/version"))).channel, "stable");
});

test("each reader has the page as he likes it, what is named changes, and nobody's cannot be kept", async context => {
  const pulse = await startSecured(context, { apiToken: "t".repeat(48) });
  const { ask, send, signIn } = pulse;
  const admin = await signIn();
  await send("POST", "/api/security/users", { name: "bo", role: "viewer", password: "correct horse" }, admin);
  const bo = await signIn({ username: "bo", password: "correct horse" });
  await send("POST", "/api/settings/update", { theme: "light", layout: { guests: "flat" } }, bo);
  const answer = await send("POST", "/api/settings/update", { settings: { layout: { startPage: "docker" } } }, bo);
  const layout = { startPage: "docker", guests: "flat" };
  const own = { language: "system", layout, refreshInterval: 0, display: { trends: true }, tables: {}, views: [] };
  assert.deepEqual(await json(answer), { success: true, theme: "light", ...own });
  const other = await json(await ask("/api/settings", { headers: admin }));
  assert.deepEqual([other.theme, (other.layout as Json).guests], ["system", "nodes"]);
  assert.deepEqual(Object.keys(other.current as Json), ["server", "monitoring", "logging", "security"]);
  const wrong = await send("POST", "/api/settings/update", { layout: { guests: "heap" } }, bo);
  assert.deepEqual([wrong.status, (await json(wrong)).error], [400, 'layout.guests: must be one of "nodes", "flat"']);
  await pulse.restart();
  assert.equal((await json(await ask("/api/settings", { headers: bo }))).theme, "light");
  assert.equal((await send("POST", "/api/settings/update", {})).status, 401);
});

test("intervals count for instances without one of their own, the timeout for all", async () => {
  await using pulse = await startPulse({
    nodes: 1,
    guests: 1,
    change: settings => ({ ...settings, interval: settings.type === "pve" ? null : settings.interval }),
  });
  const { url, estate, until } = pulse;
  const set = (wish: object) =>
    fetch(`${url}${UPDATE}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(wish),
    });
  await until(({ instances }) => instances.every(({ status, interval }) => status === "online" && interval === 10_000));
  assert.equal((await set({ pvePollingInterval: 7, pbsPollingInterval: 7 })).status, 200);
  await until(({ instances }) =>
    instances.every(
      ({ type, interval, status }) => interval === (type === "pve" ? 7000 : 10_000) && status === "online",
    ),
  );
  const [home] = estate.instances;
  await estate.faults.cause({ kind: "latency", delay: 3000, instance: home?.name ?? "" });
  await set({ connectionTimeout: 1 });
  await until(({ instances }) => instances.some(({ fault }) => fault?.kind === "timeout"));
  await set({ connectionTimeout: 8 });
  await until(({ instances }) => instances.every(({ fault }) => fault === null));
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

test("the API's page has the colours that its reader has chosen, and those of the device for nobody", async context => {
  const { ask, send, signIn } = await startSecured(context);
  const admin = await signIn();
  const themeFor = async (headers: Record<string, string>) => {
    const answer = await ask("/api/docs", { headers });
    assert.match(answer.headers.get("vary") ?? "", /Cookie/);
    return /<html lang="en" data-theme="(\w+)">/.exec(await answer.text())?.[1];
  };
  assert.equal(await themeFor(admin), "system");
  assert.equal((await send("POST", "/api/settings/update", { theme: "dark" }, admin)).status, 200);
  assert.deepEqual([await themeFor(admin), await themeFor({})], ["dark", "system"]);
  assert.equal((await send("POST", "/api/system/settings/update", { theme: "contrast" }, admin)).status, 200);
  assert.deepEqual([await themeFor(admin), await themeFor({})], ["dark", "contrast"]);
});
