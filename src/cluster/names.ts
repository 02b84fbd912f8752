import { createHash } from "node:crypto";
import type { Observation } from "../model/observation.ts";

/** The stream that every core reads: what edges see, which instances they watch, and the ticks by which all cores judge. */
export const STREAM = "PULSE";
/** The stream of what people change on any core; it forgets nothing. */
export const COMMANDS = "PULSE_COMMANDS";
/** Who watches what, and which edges there are: what is not renewed is gone after `LEASE_LIFE`. */
export const LEASES = "PULSE_LEASES";
/** Of which resources the past has been asked for. */
export const KNOWN = "PULSE_KNOWN";

/** What people have been told of. */
export const TOLD = "PULSE_TOLD";
/** By site: the instances that were entered on a page. Cores write there, edges read. */
export const ENTERED = "PULSE_ENTERED";
/** The site of the cores themselves; no site has such a name. */
export const CORES = "=cores";
/** In `KNOWN`, below a site: the public keys of its edges, by their names. No instance has such a name. */
export const KEYS = "=keys";

/** Observations: `pulse.seen.SITE.INSTANCE.SCOPE`, of a part with its digest behind. The last of each makes the picture. */
const SEEN = "pulse.seen";
/** What servers remember of before they were watched: `pulse.past.SITE.INSTANCE.RESOURCE`. */
const PAST = "pulse.past";
/** `pulse.instance.SITE.INSTANCE`: its settings, without secrets. */
const INSTANCE = "pulse.instance";
export const TICK_SUBJECT = "pulse.tick";
/** Up to which number commands count from here on. */
export const APPLY_SUBJECT = "pulse.apply";
/** What cores do together that need not last. */
export const DEED_SUBJECT = "pulse.deed";
/** What agents report to any core, by who reports. */
const REPORT = "pulse.report";
export const STREAM_SUBJECTS = [
  ...[SEEN, PAST, INSTANCE, REPORT].map(kind => `${kind}.>`),
  ...[TICK_SUBJECT, APPLY_SUBJECT, DEED_SUBJECT],
];
export const COMMAND_SUBJECT = "pulse.command";
/** Of which the last of each subject makes the picture; first the instances, as nothing is taken in of one that is not known. */
export const PICTURE_SUBJECTS = [`${INSTANCE}.>`, `${SEEN}.>`, `${REPORT}.>`] as const;

/** `text` as a token of a subject or a key: what NATS reads as something else is written by its code. */
export function toToken(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/gu, mark => `=${Buffer.from(mark).toString("hex")}`);
}

/** The text that `toToken` made `token` of. */
export function fromToken(token: string): string {
  return token.replaceAll(/(=[0-9a-f]{2})+/g, codes => Buffer.from(codes.replaceAll("=", ""), "hex").toString());
}

/** A token for an id of any length. */
export function digestOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url").slice(0, 22);
}

/** Where what a source of `site` saw goes to. */
export function subjectOf(site: string, seen: Observation): string {
  const place = `${toToken(site)}.${toToken(seen.instance)}`;
  if (seen.scope === "past") return `${PAST}.${place}.${digestOf(seen.resource)}`;
  return `${SEEN}.${place}.${seen.scope}${"part" in seen ? `.${digestOf(seen.part)}` : ""}`;
}

/** Where the settings of an instance of `site` go to. */
export function instanceSubject(site: string, instance: string): string {
  return `${INSTANCE}.${toToken(site)}.${toToken(instance)}`;
}

/** Where the looks at the resources of an instance lie. */
export function resourcesSubject(site: string, instance: string): string {
  return `${SEEN}.${toToken(site)}.${toToken(instance)}.resources`;
}

/** Where an edge is asked to try something out. */
export function trySubject(site: string, edge: string): string {
  return `pulse.try.${toToken(site)}.${toToken(edge)}`;
}

/** ... and where it answers: NATS lets only its site write there. */
export function triedSubject(site: string, id: string): string {
  return `pulse.tried.${toToken(site)}.${id}`;
}

export function reportSubject(sender: string): string {
  return `${REPORT}.${digestOf(sender)}`;
}

export function isReport(subject: string): boolean {
  return subject.startsWith(`${REPORT}.`);
}

/** What an entry is, whose, by its subject, which NATS lets only its site write to; null: it is none of ours. */
export type Place = { kind: "tick" } | { kind: "seen" | "past" | "instance"; site: string; instance: string };

export function placeOf(subject: string): Place | null {
  if (subject === TICK_SUBJECT) return { kind: "tick" };
  const [, kind, site, instance] = subject.split(".");
  if (kind !== "seen" && kind !== "past" && kind !== "instance") return null;
  return site && instance ? { kind, site: fromToken(site), instance: fromToken(instance) } : null;
}

/** By which NATS knows that it has an observation already. */
export function messageId(seen: Observation): string {
  const about = seen.scope === "past" ? seen.resource : "part" in seen ? seen.part : "";
  return `${seen.instance} ${seen.scope} ${about} ${seen.at}`;
}
