import { AsyncLocalStorage } from "node:async_hooks";
import type { FastifyReply } from "fastify";
import { Value } from "typebox/value";
import { type Command, NotStored } from "./cluster/commands.ts";
import { Core } from "./cluster/core.ts";
import type { Entered } from "./cluster/entered-book.ts";
import { rollHeard } from "./cluster/roll.ts";
import { feedOf } from "./core-feed.ts";
import { openCoreInstanceDesk } from "./core-instance-desk.ts";
import type { Hand, HandRooms, OpenHand } from "./hand.ts";
import { Failure } from "./http/failure.ts";
import type { AnyHandler, Ask, Handlers } from "./http/handlers.ts";
import { type Clock, systemClock } from "./kit/clock.ts";
import type { Instant } from "./kit/units.ts";
import type { ClusterSettings } from "./model/cluster.ts";
import { RollCall } from "./model/cluster-members.ts";
import type { EnteringDeed } from "./model/entered-instance.ts";
import type { WatchedInstance } from "./model/instance-settings.ts";
import { tellOnce } from "./tell-once.ts";

/** While a command is done, it is the time at which it was stored: the same at every core. */
const commandTime = new AsyncLocalStorage<Instant>();

/** The clock of a core. */
export const coreClock: Clock = { ...systemClock, now: () => commandTime.getStore() ?? systemClock.now() };

/** `pulse core`: what edges see, read from the stream that all cores read. */
export function coreHand(settings: ClusterSettings, folder: string): OpenHand {
  return ({ version, database, clock, log }) => {
    const instances: WatchedInstance[] = [];
    let fed: HandRooms | null = null;
    let handlers: Handlers | null = null;
    const deeds = new Map<string, Doer>();
    const rooms = () => {
      if (!fed) throw new Error("Nothing is fed before the rooms are there");
      return fed;
    };
    const core = new Core({
      ...{ version, settings, database, folder, clock, log },
      begins: () => rooms().history.keptSince,
      reopen: () => rooms().reopen(),
      fed: feedOf(rooms, instances),
      age: at => rooms().publish(rooms().inventory.age(at)),
      missed: () => rooms().missed(),
      roll: {
        known: () => fed?.inventory.picture.roll ?? null,
        tell: call => core.report({ name: `${DEED}${ROLL}`, ask: call }, ROLL, async () => hearRoll(call)),
      },
      seal: () => rooms().seal,
      perform: command => {
        const kind = kindOf(command);
        return kind === null ? perform(command, handlers) : performDeed(command, deeds.get(kind)?.elsewhere);
      },
      atTime: (at, work) => commandTime.run(at, work),
    });
    instances.push(...core.instances);
    const enter = (deed: object) => core.entering.perform(deed as EnteringDeed, clock.now());
    const hearRoll = (deed: object) => {
      // NOTE: a core of another version may have said it.
      if (!Value.Check(RollCall, deed)) throw new Error("It does not say who is there");
      const { picture } = rooms().inventory;
      picture.roll = rollHeard(picture.roll ?? null, deed, clock.now());
    };
    deeds.set(ROLL, { elsewhere: hearRoll, here: hearRoll });
    deeds.set(ENTERING, { elsewhere: enter, here: enter });
    const hand: Hand = {
      instances,
      report: () => core.survey(),
      async dismiss(site, name) {
        try {
          return await core.dismiss(site, name);
        } catch (error) {
          if (!(error instanceof NotStored)) throw error;
          throw new Failure(503, notAgreed(error));
        }
      },
      once: dispatch => tellOnce(dispatch, core.teller),
      archive: { positions: core.archivePositions, isSender: () => core.sendsToArchive },
      async share({ name, as }, ask, work) {
        try {
          const command = { name, ask: toShared(ask) };
          return await (as === "change" ? core.change(command, work) : core.report(command, sender(ask), work));
        } catch (error) {
          if (!(error instanceof NotStored)) throw error;
          throw new Failure(503, notAgreed(error));
        }
      },
      async agree(kind, deed, lasting) {
        const command = { name: `${DEED}${kind}`, ask: deed };
        try {
          return await core.agree(command, async () => deeds.get(kind)?.here(deed), lasting);
        } catch (error) {
          if (!(error instanceof NotStored)) throw error;
          log("warn", "The cores cannot agree on something now", { kind, reason: error.message });
          return null;
        }
      },
      openInstanceDesk: surroundings =>
        openCoreInstanceDesk({
          ...{ ...surroundings, instances, entering: core.entering },
          tryOut: (site, trial) => core.tryOut(site, trial),
          agree: deed => hand.agree(ENTERING, deed, true) as Promise<Entered | null>,
        }),
      does: (kind, elsewhere, here) => void deeds.set(kind, { elsewhere, here }),
      offer(given) {
        handlers = given;
      },
      start(given) {
        fed = given;
        given.inventory.picture.roll = { at: 0, members: [] };
        core.start();
      },
      age: now => (fed ? core.age(now) : undefined),
      [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
    };
    return hand;
  };
}

function notAgreed({ message }: NotStored): string {
  return `The cores cannot agree on this now, it may not count: ${message}`;
}

/** What of a request every core gets. NOTE: neither what it shows to say who calls, nor the request itself. */
function toShared({ body, query, params, caller, address, secure, origin, request }: Ask): object {
  return { body, query, params, caller, address, secure, origin, url: request.raw.url };
}

interface Doer {
  elsewhere: (deed: object) => unknown;
  here: (deed: object) => unknown;
}

/** What people enter for edges to watch. */
const ENTERING = "instances";
/** Who is there of them all: the last that was said takes the place of what was said before. */
const ROLL = "members";
/** Before the names of deeds, which are no routes. */
const DEED = "=";

function kindOf({ name }: Command): string | null {
  return name.startsWith(DEED) ? name.slice(DEED.length) : null;
}

async function performDeed({ name, ask }: Command, work: Doer["elsewhere"] | undefined): Promise<void> {
  if (!work) throw new Error(`There is no deed "${name}"`);
  await work(ask as object);
}

/** Does what another core was asked for. What it would answer goes nowhere. */
async function perform({ name, ask }: Command, handlers: Handlers | null): Promise<void> {
  const { url, ...shared } = ask as Record<string, unknown>;
  const credentials = { token: null, session: null, local: false };
  const handler = (handlers as Readonly<Record<string, AnyHandler>> | null)?.[name];
  if (!handler) throw new Error(`There is no route "${name}"`);
  await handler({ ...shared, credentials, request: { raw: { url } } } as unknown as Ask, nobody());
}

/** Of whom a report is: the next one takes its place. */
function sender({ body, address }: Ask): string {
  const { agent, host } = (body ?? {}) as { agent?: { id?: unknown }; host?: { hostname?: unknown } };
  return `${agent?.id ?? address} ${host?.hostname ?? ""}`;
}

/** A reply that nobody waits for. */
function nobody(): FastifyReply {
  const reply = new Proxy({} as FastifyReply, { get: (_, name) => (name === "then" ? undefined : () => reply) });
  return reply;
}
