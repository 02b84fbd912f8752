import { randomUUID } from "node:crypto";
import type { Entered } from "./cluster/entered-book.ts";
import type { Entering } from "./cluster/entering.ts";
import { sealFor } from "./cluster/site-key.ts";
import type { Trial, Tried } from "./cluster/trials.ts";
import type { InstanceDesk, Refusal } from "./http/instance-handlers.ts";
import { type InstanceWatch, refusing, toConfigured, toRefusal, toSystem, toTested } from "./instance-desk.ts";
import { doubleOf } from "./instance-doubles.ts";
import { equal } from "./kit/equal.ts";
import type { Millis } from "./kit/units.ts";
import type { EnteredInstance, EnteringDeed, SealedSecret } from "./model/entered-instance.ts";
import type { InstanceInput } from "./model/instance-input.ts";
import { type InstanceSettings, type WatchedInstance, withSecret } from "./model/instance-settings.ts";
import { NOT_AGREED } from "./model/not-agreed.ts";
import type { Picture } from "./model/picture.ts";
import type { Probe } from "./model/probe.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import { BadInput, toSettings } from "./settings/instance-book.ts";

/** What a core's desk needs of the rest. */
export interface DeskSurroundings {
  picture: Picture;
  environment: EnvironmentSettings;
  /** Which ways in are set up. */
  signIn: () => { passwordAuth: boolean; apiToken: boolean };
  /** For one call of a trial. */
  deadline: () => Millis;
  /** How often an instance without an interval of its own is looked at. */
  usual: (settings: InstanceSettings) => Millis;
}

export interface CoreInstanceDeskOptions extends DeskSurroundings {
  entering: Pick<Entering, "book" | "isEntered" | "keys" | "siteOf">;
  tryOut: (site: string, trial: Trial) => Promise<Tried>;
  /** All that edges watch, and are to watch. */
  instances: readonly WatchedInstance[];
  /** Has all cores do it; null: they cannot agree now. */
  agree: (deed: EnteringDeed) => Promise<Entered | null>;
}

/** Stands where a secret was that only edges can open. Nobody can enter it. */
const KEPT = randomUUID();
/** What is known of a server that nobody has tried. */
const UNTRIED: Probe = { fault: null, latency: 0, version: null, cluster: null, fingerprint: null };

/** Settings as all may know them, and their secret as only the edges of their site can. */
interface Closed {
  site: string;
  settings: InstanceSettings;
  sealed: readonly SealedSecret[];
}

/**
 * Keeps, changes and tries out what the edges of a site are to watch. A secret is sealed for them before anything is done with it, and this
 * core forgets it with the request.
 */
export function openCoreInstanceDesk(options: CoreInstanceDeskOptions): InstanceDesk & InstanceWatch {
  const { entering, instances, picture, agree, deadline, usual } = options;
  const keptOf = (name: string) => entering.book.all().find(({ instance }) => instance.settings.name === name);
  const enter = async (name: string, deed: EnteringDeed) => toOutcome(name, await agree(deed));
  const deedOf = (kind: "enter" | "replace", { site, settings, sealed }: Closed): EnteringDeed => ({
    ...{ deed: randomUUID(), site, do: kind },
    instance: { settings, sealed, usual: usual(settings) },
  });
  const double = async (closed: Closed): Promise<Refusal | null> => {
    const { site, settings } = closed;
    const others = instances.filter(({ name }) => name !== settings.name && entering.siteOf(name) === site);
    const known = { picture, members: () => [] };
    const untried = doubleOf(settings, UNTRIED, others, known);
    const tried = untried === null && (await options.tryOut(site, toTrial(closed, deadline())));
    const why = tried && "probe" in tried ? doubleOf(settings, tried.probe, others, known) : untried;
    return why === null ? null : { refused: "duplicate", message: `host: ${why}` };
  };
  /** The instance to be changed, or why it cannot be. */
  const changeable = (id: string): { site: string; instance: EnteredInstance } | Refusal => {
    const site = entering.siteOf(id);
    const kept = keptOf(id);
    if (site === null && !kept) return { refused: "unknown", message: `There is no instance "${id}"` };
    if (kept && entering.isEntered(id)) return kept;
    const message = `"${id}" stands in the pulse.yaml of an edge at site "${site}"; change it there`;
    return { refused: "locked", message };
  };
  const tryOut = async (closed: Closed, trial: Trial) => toAnswer(closed, await options.tryOut(closed.site, trial));
  return {
    // Edges look as their own settings say.
    watchAgain: async () => {},
    siteOf(given) {
      try {
        return toSite(given, entering);
      } catch (error) {
        return toRefusal(error);
      }
    },
    list: () =>
      instances.map(watched => {
        const { name } = watched;
        const isEntered = entering.isEntered(name);
        const settings = isEntered ? (keptOf(name)?.instance.settings ?? watched) : watched;
        const site = entering.siteOf(name);
        return { ...toConfigured(settings, picture, !isEntered), ...(site === null ? {} : { site }) };
      }),
    system: () => toSystem({ ...options, isMock: false }),
    add: input =>
      refusing(async () => {
        const site = toSite(input.site ?? "", entering);
        const taken = [...instances, ...entering.book.all().map(({ instance }) => instance.settings)];
        const closed = close(
          site,
          toSettings(
            input,
            null,
            taken.map(({ name }) => name),
          ),
          entering,
        );
        return (await double(closed)) ?? (await enter(closed.settings.name, deedOf("enter", closed)));
      }),
    update: (id, input) =>
      refusing(async () => {
        const before = changeable(id);
        if ("refused" in before) return before;
        const closed = change(input, before, entering);
        const isElsewhere = closed.settings.host !== before.instance.settings.host;
        return (isElsewhere && (await double(closed))) || (await enter(id, deedOf("replace", closed)));
      }),
    remove: id =>
      refusing(async () => {
        const before = changeable(id);
        if ("refused" in before) return before;
        return await enter(id, { deed: randomUUID(), site: before.site, do: "remove", name: id });
      }),
    test: (id, input) =>
      refusing(async () => {
        if (id === null) {
          const closed = close(toSite(input.site ?? "", entering), toSettings(input, null, []), entering);
          return await tryOut(closed, toTrial(closed, deadline()));
        }
        const before = changeable(id);
        if (!("refused" in before)) {
          const closed = change(input, before, entering);
          return await tryOut(closed, toTrial(closed, deadline()));
        }
        const settings = instances.find(({ name }) => name === id);
        if (!settings || before.refused === "unknown") return before;
        // As its edge has it: nothing of it can be changed here.
        const given = { site: entering.siteOf(id) ?? "", settings, sealed: [] };
        return await tryOut(given, { kept: id, deadline: deadline() });
      }),
  };
}

/** Throws BadInput unless secrets can be sealed for the site that is meant. `given`: empty where there is one. */
function toSite(given: string, { keys }: CoreInstanceDeskOptions["entering"]): string {
  const sites = keys.sites();
  const site = given.trim() || (sites.length === 1 ? sites[0] : undefined);
  const named = sites.map(name => `"${name}"`).join(", ");
  if (site === undefined && sites.length > 0) throw new BadInput("site", `missing; one of ${named}`);
  if (site === undefined || !sites.includes(site))
    throw new BadInput(
      "site",
      `no edge ${site === undefined ? "" : `of "${site}" `}has said by which key secrets are to be sealed for it: start one there, of this version`,
    );
  return site;
}

/** Seals the secret for all edges of the site. */
function close(site: string, settings: InstanceSettings, { keys }: CoreInstanceDeskOptions["entering"]): Closed {
  const open = keys.of(site).map(({ key }) => key);
  if (open.length === 0)
    throw new BadInput("site", `no edge of "${site}" has said of late by which key secrets are to be sealed for it`);
  return { site, settings: withSecret(settings, ""), sealed: sealFor(open, secretOf(settings), { site, settings }) };
}

/** Throws BadInput where the secret that is kept was sealed for something else. */
function change(
  input: InstanceInput,
  { site, instance: { settings: before, sealed } }: { site: string; instance: EnteredInstance },
  entering: CoreInstanceDeskOptions["entering"],
): Closed {
  const wanted = input.site?.trim();
  if (wanted && wanted !== site)
    throw new BadInput("site", `cannot be changed from "${site}": remove the instance and add it to the other one`);
  const settings = toSettings(input, withSecret(before, KEPT), []);
  if (secretOf(settings) !== KEPT) return close(site, settings, entering);
  if (settings.host !== before.host || !equal(settings.trust, before.trust))
    throw new BadInput(
      settings.credentials.kind === "token" ? "tokenValue" : "password",
      "enter it anew: the one that is kept is sealed for the address and the certificate as they were",
    );
  return { site, settings: withSecret(settings, ""), sealed };
}

function toTrial({ settings, sealed }: Closed, deadline: Millis): Trial {
  return { settings, sealed, deadline };
}

function toAnswer({ site, settings }: Closed, tried: Tried): ReturnType<typeof toTested> | Refusal {
  if ("probe" in tried) return toTested(settings, tried.probe);
  switch (tried.refused) {
    case "nobody":
      return { refused: "not-now", message: `No edge of site "${site}" is there to try it out` };
    case "unreached":
      return { refused: "not-now", message: "NATS is not reached, so no edge can be asked to try it out" };
    case "sealed":
      return { refused: "bad-input", message: `The secret is not sealed for the edge that is there: enter it anew` };
    case "unknown":
      return { refused: "unknown", message: `The edge at site "${site}" has no instance "${settings.name}"` };
    case "busy":
      return { refused: "too-many", message: `The edge at site "${site}" tries too many at once; try again` };
  }
}

function toOutcome(name: string, entered: Entered | null): { id: string } | Refusal {
  switch (entered) {
    case "done":
      return { id: name };
    case "taken":
      return { refused: "duplicate", message: `name: somebody was quicker to call one "${name}"; try again` };
    case "unknown":
      return { refused: "unknown", message: `There is no instance "${name}" any more` };
    case null:
      return NOT_AGREED;
  }
}

function secretOf({ credentials }: InstanceSettings): string {
  return credentials.kind === "token" ? credentials.secret : credentials.password;
}
