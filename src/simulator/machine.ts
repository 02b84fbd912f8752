import { gzipSync } from "node:zlib";
import type { Clock } from "../kit/clock.ts";
import { DAY, type Instant, type Millis } from "../kit/units.ts";
import { type Certificate, issueCertificate } from "./certificate.ts";
import { diceOf } from "./dice.ts";
import { type Fault, instanceOf } from "./fault.ts";
import type { FaultBook } from "./fault-book.ts";
import type { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";

/** Where a node listens. */
export interface Address {
  ip: string;
  port: number;
}

/** A serialised answer; the compressed form is made when somebody first asks for it. */
export interface Body {
  plain: Buffer;
  gzip: () => Buffer;
}

export interface Credentials {
  user: string;
  password: string;
  /** Empty, like its secret: the product has no API tokens. */
  tokenId: string;
  tokenSecret: string;
}

/** Which of Proxmox's products a machine plays, by the letters that stand in its headers and tickets. */
export type Product = "pve" | "pbs" | "pmg";

export interface MachineOptions {
  product: Product;
  /** Of the instance. */
  name: string;
  nodes: readonly string[];
  seed: string;
  clock: Clock;
  book: FaultBook;
  tick: Millis;
  /** How long the nodes' certificates are good; null: for the better part of a year, each another time. */
  certificateDays?: number | null;
}

/** For how long Proxmox makes a node's certificate. */
const CERTIFICATE_LIFE = 2 * 365 * DAY;

/** What all instances of the estate have in common, whichever product they play: sockets, certificates, sign-in, faults. */
export abstract class Machine {
  readonly product: Product;
  readonly name: string;
  readonly nodes: readonly string[];
  readonly seed: string;
  readonly clock: Clock;
  readonly book: FaultBook;
  readonly tick: Millis;
  readonly credentials: Credentials;
  /** By node; filled in once the sockets listen. */
  readonly addresses = new Map<string, Address>();
  /** The day on which the estate was opened. */
  readonly #firstDay: Instant;
  readonly #certificateDays: number | null;
  readonly #certificates = new Map<string, { own: Certificate; changed?: Certificate }>();
  #bodies: { key: string; bodies: Map<string, Body> } = { key: "", bodies: new Map() };

  constructor({ product, name, nodes, seed, clock, book, tick, certificateDays = null }: MachineOptions) {
    this.product = product;
    this.name = name;
    this.nodes = nodes;
    this.seed = seed;
    this.clock = clock;
    this.book = book;
    this.tick = tick;
    this.#firstDay = Math.floor(clock.now() / DAY) * DAY;
    this.#certificateDays = certificateDays;
    const user = `monitor@${product}`;
    this.credentials = {
      user,
      password: `password-of-${name}`,
      tokenId: product === "pmg" ? "" : `${user}!pulse`,
      tokenSecret: product === "pmg" ? "" : toSecret(seed, name),
    };
  }

  /** The answer of `asked`, one of the nodes, to a GET by whoever may ask. Throws Refusal. */
  abstract answer(asked: string, path: string, search: URLSearchParams): Body;
  /** The pattern a path belongs to, such as "/nodes/{node}/status"; null when no release knows it. */
  abstract patternOf(path: string): string | null;
  /** How this product and release says no. */
  abstract refuse(refusal: Pick<Refusal, "status" | "message" | "errors" | "after">): Reply;
  /** What a login tells besides ticket and user. */
  abstract greeting(): Record<string, unknown>;

  /** When the values of now were taken: the beginning of the tick. */
  get at(): Instant {
    return Math.floor(this.clock.now() / this.tick) * this.tick;
  }

  /** The answer to `key`, made once per tick and change of faults. */
  body(key: string, make: () => string): Body {
    const version = this.version();
    if (this.#bodies.key !== version) this.#bodies = { key: version, bodies: new Map() };
    const { bodies } = this.#bodies;
    const known = bodies.get(key);
    if (known) return known;
    const body = toBody(make());
    bodies.set(key, body);
    return body;
  }

  /** True unless the node is off. */
  isOn(node: string): boolean {
    return !this.#suffers("node-off", node);
  }

  /** From when until when the node's certificate is said to be good. What it is itself goes by the real clock, and is good for long. */
  validityOf(node: string): { from: Instant; until: Instant } {
    const days = this.#certificateDays ?? Math.round(diceOf(this.seed, node, "certificate").between(160, 250));
    const until = this.#firstDay + (days + 1) * DAY;
    return { from: until - CERTIFICATE_LIFE, until };
  }

  /** The certificate that the node shows now. */
  certificateOf(node: string): Certificate {
    const ip = this.addresses.get(node)?.ip ?? "127.0.0.1";
    const known = this.#certificates.get(node) ?? { own: issueCertificate(node, ip) };
    this.#certificates.set(node, known);
    if (!this.#suffers("certificate-changed", node)) return known.own;
    known.changed ??= issueCertificate(node, ip);
    return known.changed;
  }

  /** The faults of one kind in force here. */
  faults<K extends Fault["kind"]>(kind: K): Extract<Fault, { kind: K }>[] {
    return this.book
      .activeAt(this.clock.now())
      .map(({ fault }) => fault)
      .filter((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind && instanceOf(fault) === this.name);
  }

  /** Another one with each tick and each change of faults. */
  protected version(): string {
    return `${this.at} ${this.book.versionAt(this.clock.now())}`;
  }

  #suffers(kind: "node-off" | "certificate-changed", node: string): boolean {
    return this.faults(kind).some(fault => fault.node === node);
  }
}

function toBody(text: string): Body {
  const plain = Buffer.from(text);
  let compressed: Buffer | null = null;
  return {
    plain,
    gzip: () => {
      compressed ??= gzipSync(plain, { level: 1 });
      return compressed;
    },
  };
}

/** Looks like the UUID that Proxmox gives a token. */
function toSecret(seed: string, name: string): string {
  const dice = diceOf(seed, name, "token");
  return "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(dice.share() * 16).toString(16));
}
