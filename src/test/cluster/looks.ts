import { TICK } from "../../history/tiers.ts";
import type { Instant } from "../../kit/units.ts";
import type { State } from "../../model/state.ts";
import type { ClusterProcess } from "./processes.ts";

type Served = Pick<ClusterProcess, "url">;

/** What a core shows: the same on all that have applied the same entries. */
export interface Shown {
  nodes: Record<string, unknown>;
  guests: Record<string, unknown>;
  storages: Record<string, unknown>;
  alerts: Record<string, unknown>;
  dockerHosts: Record<string, unknown>;
}

export async function pictureOf(core: Served): Promise<Shown> {
  const { nodes, vms, containers, storage, activeAlerts, dockerHosts } = await readJson<State>(core, "/api/state");
  const byId = (list: readonly { id: string }[]) =>
    Object.fromEntries([...list].sort((a, b) => (a.id < b.id ? -1 : 1)).map(one => [one.id, one]));
  return {
    nodes: byId(nodes),
    guests: byId([...vms, ...containers]),
    storages: byId(storage),
    alerts: byId(activeAlerts),
    dockerHosts: byId(dockerHosts),
  };
}

/** `imported`: it came after the tick that it would have been for. */
export interface Figure {
  time: Instant;
  mean: number;
  imported?: boolean;
}

/** What a core kept of a guest's processor from `from` until `to`, sample by sample. */
export async function figuresOf(
  core: Served,
  guest: string,
  from: Instant,
  to: Instant = Date.now(),
): Promise<Figure[]> {
  const [begin, end] = [Math.ceil(from / TICK) * TICK, Math.floor(to / TICK) * TICK];
  const query = new URLSearchParams({
    ...{ resource: guest, metric: "cpu", from: String(begin), to: String(end) },
    points: String(Math.max(1, (end - begin) / TICK)),
  });
  const { points } = await readJson<{ points: Figure[] }>(core, `/api/history?${query}`);
  return points;
}

/** The ticks after `from` and before `to` of which a core kept nothing of a guest's processor. */
export async function missingOf(core: Served, guest: string, from: Instant, to: Instant): Promise<Instant[]> {
  const known = new Set((await figuresOf(core, guest, from, to)).map(({ time }) => time));
  const all = Array.from(
    { length: Math.floor((to - from) / TICK) - 1 },
    (_, at) => (Math.ceil(from / TICK) + at) * TICK,
  );
  return all.filter(time => !known.has(time));
}

/** What a core answers. Rejects unless it is well. */
export async function readJson<T>(core: Served, path: string): Promise<T> {
  const answer = await fetch(core.url() + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** What a core answers to a change. Rejects unless it is well. */
export async function send(
  core: Served,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(core.url() + path, { method, ...(body ? { headers, body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
