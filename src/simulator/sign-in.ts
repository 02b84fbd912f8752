import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { HOUR, type Instant, type Millis } from "../kit/units.ts";
import type { Machine } from "./machine.ts";
import { Refusal } from "./refusal.ts";
import { unescaped } from "./wire.ts";

const TICKET_LIFE: Millis = 2 * HOUR;

/** Lets a request pass that carries a valid token or ticket. Throws Refusal 401 with the reason that Proxmox gives. */
export function authorize(instance: Machine, method: string, headers: IncomingHttpHeaders): void {
  const letters = instance.product.toUpperCase();
  const token = new RegExp(`^${letters}APIToken=(.*)$`).exec(headers.authorization ?? "")?.[1];
  if (token === undefined || instance.product === "pmg") checkTicket(instance, method, headers);
  else checkToken(instance, token);
}

function checkTicket(instance: Machine, method: string, headers: IncomingHttpHeaders): void {
  const letters = instance.product.toUpperCase();
  const cookie = new RegExp(`(?:^|;\\s*)${letters}AuthCookie=([^;]*)`).exec(headers.cookie ?? "")?.[1];
  if (!cookie) throw new Refusal(401, said(instance, "No ticket", "no authentication credentials provided."));
  const issued = issuedAt(instance, unescaped(cookie));
  if (issued === null)
    throw new Refusal(401, said(instance, `permission denied - invalid ${letters} ticket`, "invalid ticket"));
  if (method === "GET") return;
  if (headers.csrfpreventiontoken !== toCsrf(instance, issued))
    throw new Refusal(401, "Permission denied - invalid csrf token");
}

/** The `data` of `POST /access/ticket`. A valid ticket is as good as the password. Throws Refusal. */
export function openTicket(instance: Machine, form: Readonly<Record<string, string>>): Record<string, unknown> {
  for (const field of ["username", "password"])
    if (!form[field])
      throw new Refusal(400, "Parameter verification failed.", {
        [field]: "property is missing and it is not optional",
      });
  const username = form.realm ? `${form.username}@${form.realm}` : form.username;
  const { user } = instance.credentials;
  const password = form.password ?? "";
  if (username !== user || (password !== currentPassword(instance) && issuedAt(instance, password) === null))
    throw new Refusal(401, "authentication failure");
  const now = Math.floor(instance.clock.now() / 1000);
  return {
    username: user,
    ticket: toTicket(instance, now),
    CSRFPreventionToken: toCsrf(instance, now),
    ...instance.greeting(),
  };
}

/** Backup Server has words of its own. */
function said(instance: Machine, words: string, pbs: string): string {
  return instance.product === "pbs" ? `authentication failed - ${pbs}` : words;
}

function checkToken(instance: Machine, token: string): void {
  const { tokenId, tokenSecret, user } = instance.credentials;
  const split = token.indexOf(instance.product === "pbs" ? ":" : "=");
  const id = token.slice(0, split);
  if (split < 0) throw new Refusal(401, "failed to parse token");
  if (id !== tokenId || since(instance, "token-revoked") !== null)
    throw new Refusal(401, `no such token '${id.split("!")[1] ?? id}' for user '${id.split("!")[0] ?? user}'`);
  if (token.slice(split + 1) !== tokenSecret) throw new Refusal(401, "invalid token value!");
}

function currentPassword(instance: Machine): string {
  const { password } = instance.credentials;
  return since(instance, "password-changed") === null ? password : `${password}-changed`;
}

/** When the newest fault of this kind in force began. */
function since(instance: Machine, kind: "token-revoked" | "password-changed"): Instant | null {
  const entries = instance.book.activeAt(instance.clock.now());
  const found = entries.findLast(({ fault }) => fault.kind === kind && fault.instance === instance.name);
  return found?.since ?? null;
}

/** The second at which a ticket was issued, null when it is not, or no longer, good. Every node of a cluster accepts it. */
function issuedAt(instance: Machine, ticket: string): number | null {
  const issued = Number.parseInt(/^[A-Z]{3}:[^:]+:([0-9A-F]{8})::/.exec(ticket)?.[1] ?? "", 16);
  if (Number.isNaN(issued) || ticket !== toTicket(instance, issued)) return null;
  return instance.clock.now() - issued * 1000 > TICKET_LIFE ? null : issued;
}

function toTicket(instance: Machine, issued: number): string {
  const head = `${instance.product.toUpperCase()}:${instance.credentials.user}:${toHex(issued)}`;
  return `${head}::${seal(instance, `${head} ${keyOf(instance)}`)}`;
}

/** Tickets tell whole seconds only; under "tickets-expired" the key is another one, so that a ticket made right after it is good. */
function keyOf(instance: Machine): number {
  return instance.faults("tickets-expired").length;
}

function toCsrf(instance: Machine, issued: number): string {
  return `${toHex(issued)}:${seal(instance, `csrf ${toHex(issued)}`)}`;
}

function toHex(seconds: number): string {
  return seconds.toString(16).toUpperCase().padStart(8, "0");
}

function seal(instance: Machine, text: string): string {
  return createHmac("sha256", `${instance.seed}/${instance.name}`).update(text).digest("base64");
}
