import assert from "node:assert/strict";
import { test } from "node:test";
import { BODIES, QUERIES } from "../contract/examples.ts";
import type { Route } from "../contract/route.ts";
import { ROUTES } from "../contract/routes.ts";
import { SECOND } from "../kit/units.ts";
import { NO_EDGE } from "../model/security-settings.ts";
import type { State } from "../model/state.ts";
import { changedAt, drawn, NASTY, type Place, placesIn, shown } from "./one-leaf.ts";
import { randomNumbers } from "./random-numbers.ts";
import { type Secured, startSecured } from "./secured.ts";

/** Another seed tries other values in each place; a failure names it. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);
/** So many values are tried in each place. */
const EACH = Number(process.env.FUZZ_EACH ?? 3);
/** In so many places of a body at most, drawn by lot: one is the whole configuration of alerts. */
const PLACES = Number(process.env.FUZZ_PLACES ?? 24);
/** Only this route, to look closer at what was found. */
const ONLY = process.env.FUZZ_ROUTE;
const TOKEN = "f".repeat(48);
const HEADERS = { "x-api-token": TOKEN };

/** The one looks about in networks, the other is another's twin. */
const SPARED = ["discover", "changeAlertConfigBySlash"];

/** In place of an example that does not reach far enough: it is to concern the alerts that there are. */
const BETTER: Partial<Record<keyof typeof BODIES, unknown>> = {
  addSilence: { ...BODIES.addSilence, matcher: { level: "critical" } },
  changeSilence: { ...BODIES.changeSilence, matcher: { level: "critical" } },
};

const ENDS = ["unhandledRejection", "uncaughtException"] as const;

/** A host with a container whose alert needs half a minute. */
const WATCHED = {
  agent: { id: "3f2a", version: "v5.0.0", intervalSeconds: 30 },
  host: { hostname: "dock1", totalCpu: 4, totalMemoryBytes: 8e9 },
  containers: [{ id: "8d3f", name: "web", image: "nginx:1.27", state: "dead", status: "Dead" }],
};

test(`each place of each body with ${EACH} values that nobody meant (seed ${SEED}): refused or taken, and Pulse goes on`, {
  timeout: 600_000,
}, async context => {
  const pulse = await startSecured(context, { apiToken: TOKEN }, { edge: { ...NO_EDGE, requestsPerMinute: null } });
  let last = "nothing";
  const wrong: string[] = [];
  // What nobody waits for ends a process, but not that of a test.
  const tell = (error: unknown) => void wrong.push(`${last}: ends the process: ${(error as Error).stack ?? error}`);
  for (const end of ENDS) process.on(end, tell);
  context.after(() => {
    for (const end of ENDS) process.off(end, tell);
  });
  /** A container of that name is dead, and ticks see it. */
  const goOn = async (name: string) => {
    const containers = WATCHED.containers.map(one => ({ ...one, id: name, name }));
    const answer = await pulse.send("POST", "/api/agents/docker/report", { ...WATCHED, containers }, HEADERS);
    assert.ok(answer.ok, await answer.text());
    await pulse.clock.advance(40 * SECOND);
  };
  await goOn("web");
  const ids = await filled(pulse);
  const roll = randomNumbers(SEED);
  let accepted = 0;
  const seen = new Map<number, number>();
  for (const [name, example] of Object.entries(BODIES)) {
    if (SPARED.includes(name) || (ONLY !== undefined && name !== ONLY)) continue;
    const route = ROUTES[name as keyof typeof BODIES] as Route;
    const body = name.startsWith("changeAlertConfig")
      ? ids.config
      : nearby(BETTER[name as keyof typeof BODIES] ?? example);
    const path = pathOf(name, route, ids);
    for (const place of drawn(placesOf(body, route), PLACES, roll))
      for (const value of drawn(NASTY, EACH, roll)) {
        last = `${name} with ${place.join(".") || "all"} = ${shown(value)}`;
        pulse.clock.set(pulse.clock.now() + 7 * SECOND);
        const answer = await pulse.send(route.method, path, changedAt(body, place, value), HEADERS);
        const text = await answer.text();
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        // Who is asked on behalf of the caller cannot be reached here: 502; 503 is what routes say that need what is not there.
        const isHonest = answer.status < 500 || [502, 503].includes(answer.status);
        if (!isHonest || (answer.status >= 400 && (!/^\{"error":"./.test(text) || text.includes("must match pattern"))))
          wrong.push(`${last}: ${answer.status} ${text.slice(0, 200)}`);
        if (answer.ok) await goOn(`web${accepted++}`);
        // The first that fits counts: of what was made before, none may stay.
        if (answer.ok && name === "addSilence")
          await pulse.ask(`${route.path}/${(JSON.parse(text) as { id: string }).id}`, {
            method: "DELETE",
            headers: HEADERS,
          });
      }
    const state = await pulse.ask("/api/state", { headers: HEADERS });
    if (state.status !== 200) wrong.push(`/api/state after ${last}: ${state.status}`);
  }
  last = "all of them";
  assert.deepEqual(wrong, [], `seed ${SEED}`);
  assert.ok(ONLY !== undefined || ((seen.get(400) ?? 0) > 500 && (seen.get(200) ?? 0) > 20), JSON.stringify([...seen]));
  await goOn("renamed");
  const changes = await (await pulse.ask("/api/changes", { headers: HEADERS })).text();
  assert.match(changes, /renamed/, `seed ${SEED}: the ticks go on`);
  const state = (await (await pulse.ask("/api/state", { headers: HEADERS })).json()) as State;
  assert.ok(
    state.dockerHosts.some(({ hostname }) => hostname === "dock1"),
    `seed ${SEED}`,
  );
});

interface Filled {
  config: unknown;
  webhook: string;
  silence: string;
  instance: string;
}

/** What the routes are about that change something. */
async function filled({ send, ask }: Secured): Promise<Filled> {
  const made = async (name: keyof typeof BODIES) => {
    const answer = await send("POST", ROUTES[name].path, nearby(BODIES[name]), HEADERS);
    const text = await answer.text();
    assert.ok(answer.ok, `${name}: ${answer.status} ${text}`);
    return JSON.parse(text) as { id?: string };
  };
  const near = await send(
    ROUTES.changeNotifications.method,
    ROUTES.changeNotifications.path,
    { allowedPrivateNetworks: ["127.0.0.1/32"] },
    HEADERS,
  );
  assert.ok(near.ok, await near.text());
  const { id: webhook = "" } = await made("addWebhook");
  const { id: silence = "" } = await made("addSilence");
  await made("addInstance");
  await made("addUser");
  const config = await (await ask("/api/alerts/config", { headers: HEADERS })).json();
  return { config, webhook, silence, instance: "home" };
}

/** The body with addresses where nobody listens, so that nobody is waited for. */
function nearby(body: unknown): unknown {
  return JSON.parse(
    JSON.stringify(body)
      .replaceAll(/https?:\/\/[\w.-]+(:\d+)?/g, "https://127.0.0.1:1")
      .replaceAll("smtp.example.com", "127.0.0.1"),
  );
}

function pathOf(name: string, route: Route, { webhook, silence, instance }: Filled): string {
  const parts: Record<string, string> = {
    id: /Webhook/.test(name)
      ? webhook
      : /Silence/.test(name)
        ? silence
        : /Instance/.test(name)
          ? instance
          : "home:guest:101",
    name: "anna",
    node: "pve1",
    vmid: "101",
  };
  const query = new URLSearchParams(QUERIES[name as keyof typeof QUERIES]).toString();
  const path = route.path.replaceAll(/:(\w+)/g, (_, part: string) => encodeURIComponent(parts[part] ?? "x"));
  return query === "" ? path : `${path}?${query}`;
}

/** The places of the body, and the fields that it might have besides. */
function placesOf(body: unknown, route: Route): Place[] {
  const { properties = {} } = (route.body ?? {}) as { properties?: object };
  const more = Object.keys(properties).filter(name => !Object.hasOwn(body as object, name));
  return [...placesIn(body, 2), ...more.map(name => [name])];
}
