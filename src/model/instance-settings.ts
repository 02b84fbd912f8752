import type { Instant, Millis } from "../kit/units.ts";

/** The kinds of upstream, by their names on the wire. */
export type InstanceType = "pve" | "pbs" | "pmg";

/** What one has to know of a product to configure one of its servers. */
interface Product {
  title: string;
  /** Where its API listens unless told otherwise. */
  port: number;
  /** What stands between id and secret of an API token; null: the product has none, only users with passwords. */
  tokenSeparator: string | null;
}

/** Mail Gateway answers every API token with 401: it knows none. */
export const PRODUCTS: { readonly [T in InstanceType]: Product } = {
  pve: { title: "Proxmox VE", port: 8006, tokenSeparator: "=" },
  pbs: { title: "Proxmox Backup Server", port: 8007, tokenSeparator: ":" },
  pmg: { title: "Proxmox Mail Gateway", port: 8006, tokenSeparator: null },
};

/** How an upstream is signed in to. */
export type Credentials =
  | { kind: "token" /** `user@realm!name` */; id: string; secret: string }
  | { kind: "password" /** `user@realm` */; user: string; password: string };

/** How an upstream's certificate is judged. */
export type Trust =
  | { kind: "ca" /** PEM of further authorities; null: those of the system */; ca: string | null }
  | { kind: "fingerprint" /** SHA-256 as `AA:BB:…` */; sha256: string }
  | { kind: "any" };

/** One upstream as the operator configured it. */
export interface InstanceSettings {
  /** Unique, matches `INSTANCE_NAME`; part of every id, so it must not change. */
  name: string;
  /** What it is called on the page; the name when left out. */
  title?: string;
  type: InstanceType;
  /** Base URL, with scheme and port. */
  host: string;
  credentials: Credentials;
  trust: Trust;
  /** Time between two looks at the resources; null: what is usual for its product. */
  interval: Millis | null;
}

/** The same with another secret; "": without one. */
export function withSecret<S extends InstanceSettings>(settings: S, secret: string): S {
  const { credentials } = settings;
  return {
    ...settings,
    credentials: credentials.kind === "token" ? { ...credentials, secret } : { ...credentials, password: secret },
  };
}

/** An upstream as it is watched. */
export interface WatchedInstance extends InstanceSettings {
  interval: Millis;
}

/** A time that an instance was not heard in. */
export interface Gap {
  from: Instant;
  to: Instant;
}

/** An address of a cluster member, learned from the cluster itself, so that the next start knows it when the configured host is down. */
export interface Member {
  node: string;
  url: string;
  /** SHA-256 of its certificate as the cluster told; null: not known. */
  fingerprint: string | null;
}
