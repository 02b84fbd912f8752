import type { Pool } from "undici";
import type { Clock } from "../../kit/clock.ts";
import { toRow, toText } from "../../kit/fields.ts";
import { HOUR, type Instant, type Millis } from "../../kit/units.ts";
import { type Fault, type FaultKind, isTransportFault } from "../../model/fault.ts";
import type { Endpoint } from "../../model/instance.ts";
import { type InstanceSettings, type Member, PRODUCTS, type Trust } from "../../model/instance-settings.ts";
import { CallCounter } from "../call-counter.ts";
import { LookFailed } from "../source.ts";
import { exchange, hostOf, type RawAnswer, toData } from "./answer.ts";
import { openPool, toTransportFault } from "./transport.ts";

/** A ticket is good for two hours; it is renewed well before. */
const TICKET_LIFE = 1.5 * HOUR;
/** How long an endpoint that failed is asked last. */
const REST: Millis = 60_000;
/** How many endpoints one call tries. */
const MOST_ENDPOINTS = 3;

export interface ProxmoxClientOptions {
  settings: InstanceSettings;
  /** Members known from an earlier run. */
  members: readonly Member[];
  clock: Clock;
  /** For one request on one endpoint, from connecting to the last byte. */
  deadline?: Millis;
}

/** How one call differs from others. */
export interface CallOptions {
  /** How many endpoints it tries. */
  tries?: number;
  deadline?: Millis;
  /** It is slow by nature (an agent in a guest, a tired NAS): that it takes too long says nothing about the endpoint. */
  slow?: boolean;
  /** The node that the call is about: its own endpoint is asked first. */
  near?: string;
}

interface Address {
  url: string;
  node: string | null;
  trust: Trust;
  pool: Pool;
  fault: Fault | null;
  /** Asked after the others until then. */
  restsUntil: Instant;
}

/** A request as it goes to one address. */
interface Call {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string;
  deadline: Millis;
  signal?: AbortSignal;
}

interface Ticket {
  value: string;
  renewAt: Instant;
}

/**
 * Talks to one Proxmox cluster or host (VE, Backup Server or Mail Gateway, as its settings say) through whichever of its members
 * answers. Signs in with a token or a ticket (one new login when a ticket is refused). Every failure is a `LookFailed`.
 */
export class ProxmoxClient implements AsyncDisposable {
  /** Every request sent. */
  readonly calls = new CallCounter();
  readonly #settings: InstanceSettings;
  readonly #clock: Clock;
  readonly #deadline: Millis;
  #addresses: Address[];
  #ticket: Ticket | null = null;
  #login: Promise<Ticket> | null = null;

  constructor(options: ProxmoxClientOptions) {
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#deadline = options.deadline ?? 8_000;
    this.#addresses = [this.#open(options.settings.host, null, options.settings.trust)];
    this.learn(options.members);
  }

  /** The addresses of this instance and what is wrong with each. */
  endpoints(): Endpoint[] {
    return this.#addresses.map(({ url, node, fault }) => ({ url, node, fault }));
  }

  /**
   * Takes in the members of the cluster. A member is asked only if its certificate can be judged the way the configured host's is:
   * with a pinned fingerprint, the member's own must be known. Members that left are forgotten, the configured host never is.
   */
  learn(members: readonly Member[]): void {
    const home = this.#addresses[0];
    if (!home) return;
    const homeMember = members.find(member => sameAddress(member.url, home.url));
    if (homeMember) home.node = homeMember.node;
    const known = new Map(this.#addresses.slice(1).map(address => [address.url, address]));
    const next = [home];
    for (const member of members) {
      const trust = this.#trustOf(member);
      if (member === homeMember || trust === null) continue;
      const old = known.get(member.url);
      if (old && sameTrust(old.trust, trust)) {
        known.delete(member.url);
        next.push(old);
      } else next.push(this.#open(member.url, member.node, trust));
    }
    this.#addresses = next;
    for (const gone of known.values()) void gone.pool.destroy();
  }

  /**
   * The `data` of a GET. Tries several endpoints when one of them fails in a way another may not.
   * Throws LookFailed with the first endpoint's fault.
   */
  async get(path: string, signal?: AbortSignal, how: CallOptions = {}): Promise<unknown> {
    const { tries = MOST_ENDPOINTS, deadline = this.#deadline, near = null, slow = false } = how;
    let first: unknown = null;
    for (const address of this.#inOrder(near).slice(0, tries)) {
      try {
        const data = await this.#getFrom(address, path, deadline, signal);
        this.#well(address);
        return data;
      } catch (error) {
        if (!(error instanceof LookFailed) || signal?.aborted) throw error;
        first ??= error;
        if (slow && error.fault.kind === "timeout") throw error;
        if (concernsEndpoint(error.fault.kind)) this.#ill(address, error.fault);
        else if (!this.#worthAnother(error.fault.kind)) throw error;
      }
    }
    throw first ?? new LookFailed("unreachable", `"${this.#settings.name}" has no address that may be asked`);
  }

  /** The URL at which a call about node `near` would be asked first. */
  via(near: string): string {
    return this.#inOrder(near)[0]?.url ?? this.#settings.host;
  }

  /** Asks the endpoints that rest after a fault whether they are well again. Never throws LookFailed. */
  async probe(signal?: AbortSignal): Promise<void> {
    const ill = this.#addresses.filter(address => address.fault !== null);
    await Promise.all(
      ill.map(async address => {
        try {
          await this.#getFrom(address, "/version", this.#deadline, signal);
          this.#well(address);
        } catch (error) {
          if (!(error instanceof LookFailed)) throw error;
          if (concernsEndpoint(error.fault.kind)) this.#ill(address, error.fault);
          else this.#well(address);
        }
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#addresses.map(address => address.pool.destroy()));
  }

  #open(url: string, node: string | null, trust: Trust): Address {
    return { url, node, trust, pool: openPool(url, trust, this.#namesOf(node)), fault: null, restsUntil: 0 };
  }

  /** A member may show a certificate for its address, its name, or its name in the configured host's domain. */
  #namesOf(node: string | null): string[] {
    if (node === null) return [];
    const domain = new URL(this.#settings.host).hostname.split(".").slice(1).join(".");
    return /[a-z]/i.test(domain) ? [node, `${node}.${domain}`] : [node];
  }

  #trustOf(member: Member): Trust | null {
    const { trust } = this.#settings;
    if (trust.kind !== "fingerprint") return trust;
    return member.fingerprint === null ? null : { kind: "fingerprint", sha256: member.fingerprint };
  }

  /** Those that are well first, `near` before the others in their standing order; then those at rest, the longest rested first. */
  #inOrder(near: string | null): Address[] {
    const now = this.#clock.now();
    const rests = (address: Address) => (address.restsUntil > now ? address.restsUntil : 0);
    const far = (address: Address) => (near !== null && address.node === near ? 0 : 1);
    return this.#addresses.toSorted((a, b) => rests(a) - rests(b) || far(a) - far(b));
  }

  /** A refused token costs nothing to try elsewhere; a refused password would count towards a lockout. */
  #worthAnother(kind: FaultKind): boolean {
    return kind === "rejected" || (kind === "auth" && this.#settings.credentials.kind === "token");
  }

  #well(address: Address): void {
    address.fault = null;
    address.restsUntil = 0;
  }

  #ill(address: Address, fault: Fault): void {
    address.fault = fault;
    address.restsUntil = this.#clock.now() + REST;
  }

  async #getFrom(address: Address, path: string, deadline: Millis, signal?: AbortSignal): Promise<unknown> {
    const { type } = this.#settings;
    const answer = await this.#withSignIn(address, path, deadline, signal);
    return toData(answer, path, address.url, PRODUCTS[type].title);
  }

  async #withSignIn(address: Address, path: string, deadline: Millis, signal?: AbortSignal): Promise<RawAnswer> {
    const send = (headers: Record<string, string>) =>
      this.#request(address, { method: "GET", path, headers, deadline, ...(signal ? { signal } : {}) });
    const authorization = this.#token();
    if (authorization !== null) return send({ authorization });
    const used = await this.#signIn(address, signal);
    const answer = await send({ cookie: this.#cookie(used) });
    if (answer.status !== 401) return answer;
    if (this.#ticket === used) this.#ticket = null;
    return send({ cookie: this.#cookie(await this.#signIn(address, signal)) });
  }

  /** `PVEAPIToken=id=secret`, `PBSAPIToken=id:secret`; null: this instance is signed in to with a password. */
  #token(): string | null {
    const { type, credentials, name } = this.#settings;
    if (credentials.kind !== "token") return null;
    const { title, tokenSeparator } = PRODUCTS[type];
    if (tokenSeparator === null)
      throw new LookFailed("auth", `"${name}" is configured with an API token, and ${title} knows none`);
    const header = `${type.toUpperCase()}APIToken=${credentials.id}${tokenSeparator}${credentials.secret}`;
    // NOTE: a header with anything else is never answered, nor does its deadline end it.
    if (!/^[\x20-\x7e\x80-\xff]+$/.test(header))
      throw new LookFailed("auth", `The API token of "${name}" holds a character that cannot be sent: enter it anew`);
    return header;
  }

  #cookie(ticket: Ticket): string {
    return `${this.#settings.type.toUpperCase()}AuthCookie=${encodeURIComponent(ticket.value)}`;
  }

  /** The ticket in force, or a new one; callers at the same time share one login. */
  #signIn(address: Address, signal?: AbortSignal): Promise<Ticket> {
    if (this.#ticket && this.#ticket.renewAt > this.#clock.now()) return Promise.resolve(this.#ticket);
    this.#login ??= this.#requestTicket(address, signal).finally(() => {
      this.#login = null;
    });
    return this.#login;
  }

  async #requestTicket(address: Address, signal?: AbortSignal): Promise<Ticket> {
    const { credentials, type } = this.#settings;
    if (credentials.kind !== "password") throw new TypeError("A ticket needs a password");
    const path = "/access/ticket";
    const body = new URLSearchParams({ username: credentials.user, password: credentials.password }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const startedAt = this.#clock.now();
    const deadline = this.#deadline;
    const call = { method: "POST", path, headers, body, deadline, ...(signal ? { signal } : {}) } as const;
    const answer = await this.#request(address, call);
    if (answer.status === 401)
      throw new LookFailed(
        "auth",
        `"${hostOf(address.url)}" refused user "${credentials.user}": wrong user or password`,
      );
    const value = toText(toRow(toData(answer, path, address.url, PRODUCTS[type].title))?.ticket);
    if (value === null) throw new LookFailed("garbled", `"${hostOf(address.url)}" answered the login without a ticket`);
    this.#ticket = { value, renewAt: startedAt + TICKET_LIFE };
    return this.#ticket;
  }

  /** One request; a GET whose kept-alive connection turns out closed is sent once more. */
  async #request(address: Address, call: Call): Promise<RawAnswer> {
    const timeout = AbortSignal.timeout(call.deadline);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    const send = () => {
      this.calls.count(this.#clock.now());
      return exchange(address.pool, { ...call, signal });
    };
    try {
      return await send();
    } catch (error) {
      const fault = toTransportFault(error, address.url);
      if (call.method !== "GET" || fault.fault.kind !== "reset") throw fault;
    }
    try {
      return await send();
    } catch (error) {
      throw toTransportFault(error, address.url);
    }
  }
}

/** True when the fault lies with this address, not with the call or the privileges: one failing call of a living API is no reason. */
function concernsEndpoint(kind: FaultKind): boolean {
  return isTransportFault(kind) || kind === "tls" || kind === "fingerprint" || kind === "garbled";
}

function sameAddress(a: string, b: string): boolean {
  return new URL(a).origin === new URL(b).origin;
}

function sameTrust(a: Trust, b: Trust): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
