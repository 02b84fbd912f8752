import assert from "node:assert/strict";
import { test } from "node:test";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { DEFAULTS } from "../alerts/defaults.ts";
import { KINDS } from "../alerts/kinds.ts";
import { Gathered, Lookups } from "../alerts/lookups.ts";
import { Notebook } from "../alerts/notebook.ts";
import { judged } from "../alerts/pass.ts";
import { RuleBook } from "../alerts/rule-book.ts";
import { Inventory } from "../inventory/inventory.ts";
import { FakeClock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import type { ResourceType } from "../model/alert.ts";
import type { Observation } from "../model/observation.ts";
import { shapeOf } from "../model/observation-schema.ts";
import { call, tokenOf } from "../simulator/call.ts";
import { type InstanceInfo, openEstate } from "../simulator/estate.ts";
import { toData } from "../sources/proxmox/answer.ts";
import { LookFailed } from "../sources/source.ts";
import { type Looks, looksAt, type Read } from "./looks-by-hand.ts";
import { changedAt, drawn, NASTY, placesIn, shown } from "./one-leaf.ts";
import { toSettings } from "./pulse.ts";
import { randomNumbers } from "./random-numbers.ts";

/** Another seed tries other places and values; a failure names it. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);
/** In so many places of each answer at most, and so many values of those that nobody meant in each. */
const PLACES = Number(process.env.FUZZ_PLACES ?? 60);
const EACH = Number(process.env.FUZZ_EACH ?? 3);
const NOW = Date.UTC(2026, 0, 1, 10, 0, 10);

/** What says that nobody knows; undefined: left out. */
const UNKNOWN: readonly unknown[] = [undefined, null, {}];
/** So many members of a list are enough. */
const MEMBERS = 60;

test(`each place of what servers answer with values that nobody meant (seed ${SEED}): a look fails at most, nothing is made up`, {
  timeout: 600_000,
}, async () => {
  const clock = new FakeClock(NOW);
  await using estate = await openEstate({
    seed: "answers",
    clock,
    clusters: [{ name: "home", nodes: 3, guests: 24, version: "9.1", nodePrefix: "pve" }],
    backupServers: [
      {
        name: "vault",
        datastores: [{ name: "main", size: 4000, fill: 0.5, namespaces: [{ path: "", cluster: "home" }] }],
      },
    ],
    mailGateways: [{ name: "mail", nodes: 1 }],
  });
  const roll = randomNumbers(SEED);
  const wrong = new Set<string>();
  for (const info of estate.instances) {
    const recorded = new Map<string, unknown>();
    const headers = info.type === "pmg" ? await ticketOf(info) : tokenOf(info);
    const record: Read = async path => {
      const answer = await call(info, path, { headers });
      if (answer.status !== 200) throw new LookFailed("rejected", `${path}: ${answer.status} ${answer.reason}`);
      const data = shortened(answer.data);
      recorded.set(path, data);
      return data;
    };
    const picture = new Judged(toSettings(info, 10 * SECOND));
    for (const { name, look } of looksAt(info, NOW)) {
      recorded.clear();
      const before = await look(record);
      assert.ok(recorded.size > 0, name);
      const answers = new Map(recorded);
      const criticals = picture.with(before);
      const numbers = new Map(numbersIn(before.all));
      for (const [path, data] of answers)
        for (const place of drawn([...placesIn(data, 2)], PLACES, roll))
          for (const value of [...UNKNOWN, ...drawn(NASTY, EACH, roll)]) {
            const isUnknown = UNKNOWN.includes(value);
            const tell = (what: string) =>
              wrong.add(
                `${info.name} ${path} ${place.join(".").replaceAll(/\d+/g, "N") || "all"} = ${shown(value)}: ${what}`,
              );
            const body = JSON.stringify({ data: changedAt(data, place, value) });
            const read: Read = async asked => (asked === path ? parsed(body, path) : answered(answers, asked));
            const seen = await look(read).catch(error => {
              if (!(error instanceof LookFailed)) tell(`${(error as Error).stack?.split("\n").slice(0, 3).join(" ")}`);
              return null;
            });
            if (!seen) continue;
            for (const problem of problemsOf(seen)) tell(problem);
            if (!isUnknown) continue;
            for (const zero of madeUp(numbers, seen.all)) tell(`made up: ${zero} is 0`);
            for (const alert of picture.with(seen)) if (!criticals.has(alert)) tell(`alert out of nothing: ${alert}`);
            picture.with(before);
          }
    }
  }
  assert.deepEqual([...wrong].sort(), [], `seed ${SEED}`);
});

/** A Mail Gateway knows no tokens. */
async function ticketOf(gateway: InstanceInfo): Promise<Record<string, string>> {
  const body = new URLSearchParams({ username: gateway.user, password: gateway.password }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await call(gateway, "/access/ticket", { method: "POST", headers, body });
  return { cookie: `PMGAuthCookie=${encodeURIComponent((answer.data as { ticket: string }).ticket)}` };
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MEMBERS).map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item)]));
}

/** As the client takes it from the wire. */
function parsed(body: string, path: string): unknown {
  return toData({ status: 200, reason: "OK", type: "application/json", body }, path, "https://pve1:8006", "server");
}

function answered(answers: ReadonlyMap<string, unknown>, path: string): unknown {
  if (!answers.has(path)) throw new LookFailed("not-found", path);
  return answers.get(path);
}

const checks = new Map<TSchema, ReturnType<typeof Compile>>();

function checkOf(shape: TSchema) {
  const check = checks.get(shape) ?? Compile(shape);
  checks.set(shape, check);
  return check;
}

/** What of it is no observation, or cannot be said in JSON. */
function problemsOf({ observations, all }: Looks): string[] {
  const found: string[] = [];
  for (const one of observations) {
    const shape = shapeOf(one.kind, "scope" in one ? one.scope : null);
    const check = shape && checkOf(shape);
    if (check && !check.Check(one))
      found.push(`no observation: ${JSON.stringify([...check.Errors(one)].slice(0, 2)).slice(0, 300)}`);
  }
  for (const [at, value] of numbersIn(all)) if (!Number.isFinite(value)) found.push(`${at} is ${value}`);
  return found;
}

/** What was a number, and is 0 now that nobody knows it. */
function madeUp(known: ReadonlyMap<string, number>, now: unknown): string[] {
  return [...numbersIn(now)].flatMap(([at, value]) => {
    const was = known.get(at);
    return value === 0 && was !== undefined && was !== 0 ? [at.replaceAll(/\[[^\]]*\]/g, "[]")] : [];
  });
}

/** Each number in it, with its place; what has an id or a name is found by that, all else only in a list that is as long. */
function* numbersIn(value: unknown, at = ""): Generator<[at: string, value: number]> {
  if (typeof value === "number") yield [at, value];
  if (typeof value !== "object" || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    const { id, name: called } = (item ?? {}) as { id?: unknown; name?: unknown };
    yield* numbersIn(
      item,
      Array.isArray(value) ? `${at}[${String(id ?? called ?? `${name}/${value.length}`)}]` : `${at}.${name}`,
    );
  }
}

/** A picture of one instance, and what of it is critical by the rules of the house. */
class Judged {
  readonly #inventory: Inventory;
  readonly #rules = new RuleBook(DEFAULTS);

  constructor(settings: ConstructorParameters<typeof Inventory>[0][number]) {
    this.#inventory = new Inventory([settings]);
  }

  /** The ids of what is critical now that this has been seen, too. */
  with({ observations }: { observations: readonly Observation[] }): Set<string> {
    for (const seen of observations) this.#inventory.apply(seen);
    const { picture } = this.#inventory;
    const past = { dayBefore: () => null, usual: () => null };
    const lookups = new Lookups(picture, new Gathered());
    const context = { picture, now: NOW, config: DEFAULTS, lookups, notebook: new Notebook(), past };
    const found = new Set<string>();
    for (const type of Object.keys(KINDS) as ResourceType[]) {
      const kind = KINDS[type] as (typeof KINDS)["node"];
      for (const entity of kind.list(picture))
        for (const { signal, rule } of this.#rules.on(type, kind.id(entity), kind.tags(entity))) {
          if (kind.isStale(entity) && !signal.judgesStale) continue;
          const reading = judged(signal, rule, entity, context);
          if (reading?.verdict === "critical") found.add(`${kind.id(entity)} ${signal.type} ${reading.said}`);
        }
    }
    return found;
  }
}
