import { gzipSync } from "node:zlib";
import type { Clock } from "../kit/clock.ts";
import type { Instant, Millis } from "../kit/units.ts";
import { type Certificate, issueCertificate } from "./certificate.ts";
import { diceOf } from "./dice.ts";
import type { Fault } from "./fault.ts";
import type { FaultBook } from "./fault-book.ts";
import type { ClusterPlan } from "./plan.ts";
import { type Scene, toScene } from "./scene.ts";

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

/** How many past ticks are kept for `/cluster/metrics/export`, which goes back half an hour. */
const KEPT_TICKS = 181;

export interface Credentials {
  user: string;
  password: string;
  tokenId: string;
  tokenSecret: string;
}

/** One cluster or host in motion: its plan, what happened to it, and what it answers in this tick. */
export class Instance {
  readonly plan: ClusterPlan;
  readonly seed: string;
  readonly clock: Clock;
  readonly book: FaultBook;
  readonly tick: Millis;
  readonly credentials: Credentials;
  /** By node; filled in once the sockets listen. */
  readonly addresses = new Map<string, Address>();
  /** False where the nodes have no addresses of their own that a client could use. */
  readonly tellsAddresses: boolean;
  readonly #certificates = new Map<string, { own: Certificate; changed?: Certificate }>();
  #current: { key: string; scene: Scene; bodies: Map<string, Body> } | null = null;
  readonly #past = new Map<number, Map<string, string>>();

  constructor(plan: ClusterPlan, seed: string, clock: Clock, book: FaultBook, tick: Millis, tellsAddresses: boolean) {
    this.plan = plan;
    this.seed = seed;
    this.clock = clock;
    this.book = book;
    this.tick = tick;
    this.tellsAddresses = tellsAddresses;
    this.credentials = {
      user: "monitor@pve",
      password: `password-of-${plan.name}`,
      tokenId: "monitor@pve!pulse",
      tokenSecret: toSecret(seed, plan.name),
    };
  }

  /** The instance now, values as of the beginning of the tick. */
  scene(): Scene {
    return this.#now().scene;
  }

  /** The answer to `key`, made once per tick and change of faults. */
  body(key: string, make: () => string): Body {
    const { bodies } = this.#now();
    const known = bodies.get(key);
    if (known) return known;
    const body = toBody(make());
    bodies.set(key, body);
    return body;
  }

  /** A text about the instant at which tick number `index` began, made once: what has passed does not change. */
  ofTick(index: number, key: string, make: (scene: Scene) => string): string {
    const texts = this.#past.get(index) ?? new Map<string, string>();
    const known = texts.get(key);
    if (known !== undefined) return known;
    const at = index * this.tick;
    const text = make(toScene(this.plan, this.book.entries, at, at));
    texts.set(key, text);
    this.#past.set(index, texts);
    const oldest = Math.floor(this.clock.now() / this.tick) - KEPT_TICKS;
    for (const past of this.#past.keys()) if (past < oldest) this.#past.delete(past);
    return text;
  }

  /** True unless the node is off. */
  isOn(node: string): boolean {
    return !this.#suffers("node-off", node);
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
      .filter(
        (fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind && fault.instance === this.plan.name,
      );
  }

  #suffers(kind: "node-off" | "certificate-changed", node: string): boolean {
    return this.book
      .activeAt(this.clock.now())
      .some(({ fault }) => fault.kind === kind && fault.instance === this.plan.name && fault.node === node);
  }

  #now() {
    const now: Instant = this.clock.now();
    const at = Math.floor(now / this.tick) * this.tick;
    const key = `${at} ${this.book.versionAt(now)}`;
    if (this.#current?.key !== key)
      this.#current = { key, scene: toScene(this.plan, this.book.entries, at, now), bodies: new Map() };
    return this.#current;
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
