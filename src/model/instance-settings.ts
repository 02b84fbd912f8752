import type { Millis } from "../kit/units.ts";

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
  type: "pve";
  /** Base URL, with scheme and port. */
  host: string;
  credentials: Credentials;
  trust: Trust;
  /** Time between two looks at the resources. */
  interval: Millis;
}

/** An address of a cluster member, learned from the cluster itself, so that the next start knows it when the configured host is down. */
export interface Member {
  node: string;
  url: string;
  /** SHA-256 of its certificate as the cluster told; null: not known. */
  fingerprint: string | null;
}
