import { X509Certificate } from "node:crypto";
import { type Millis, SECOND } from "../kit/units.ts";
import { INSTANCE_NAME } from "../model/ids.ts";
import type { InstanceInput } from "../model/instance-input.ts";
import {
  type Credentials,
  type InstanceSettings,
  type InstanceType,
  PRODUCTS,
  type Trust,
} from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";
import { BadSettings } from "./bad-settings.ts";
import { FINGERPRINT, SENDABLE, toFingerprint, toOrigin, withRealm } from "./instance-entry.ts";
import { type GivenKey, Seal } from "./seal.ts";

/** What an operator entered cannot be used. */
export class BadInput extends Error {
  /** The field of `InstanceInput`. */
  readonly field: string;
  override name = "BadInput";

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}

/**
 * Those of `kept` that stand not in `locked` too, under the same name or with the same address. What pulse.yaml says wins, so that nothing
 * is watched twice; taken out of there, the other one is watched again.
 */
export function besides(
  locked: readonly InstanceSettings[],
  kept: readonly InstanceSettings[],
): readonly InstanceSettings[] {
  return kept.filter(
    one => !locked.some(other => other.name === one.name || (other.type === one.type && other.host === one.host)),
  );
}

/** An instance as it lies in the database, without its secret. */
type Kept = Omit<InstanceSettings, "credentials"> & {
  credentials: { kind: "token"; id: string } | { kind: "password"; user: string };
};

/** The instances that were entered while Pulse runs: kept in the database, their secrets sealed. */
export class InstanceBook {
  readonly #database: Database;
  readonly #seal: Seal;
  #instances: readonly InstanceSettings[];

  /** Throws BadSettings when the kept secrets cannot be read. */
  constructor(database: Database, folder: string, key: GivenKey | null = null) {
    const rows = database.all("SELECT id, settings, secret FROM instance ORDER BY position");
    this.#database = database;
    this.#seal = Seal.open(folder, rows.length > 0, key);
    this.#instances = rows.map(({ id, settings, secret }) => this.#read(String(id), String(settings), secret));
  }

  /** In the order in which they were entered. */
  get all(): readonly InstanceSettings[] {
    return this.#instances;
  }

  /** Keeps a new instance; it is on the disk when this returns. */
  add(settings: InstanceSettings): void {
    this.#write(
      settings,
      "INSERT INTO instance (id, settings, secret, position) VALUES (?, ?, ?, (SELECT ifnull(max(position), 0) + 1 FROM instance))",
    );
    this.#instances = [...this.#instances, settings];
  }

  /** Replaces an instance of the same name. */
  replace(settings: InstanceSettings): void {
    this.#write(settings, "UPDATE instance SET id = ?1, settings = ?2, secret = ?3 WHERE id = ?1");
    this.#instances = this.#instances.map(one => (one.name === settings.name ? settings : one));
  }

  remove(name: string): void {
    this.#database.transaction(() => {
      this.#database.run("DELETE FROM instance WHERE id = ?", name);
      this.#database.run("DELETE FROM member WHERE instance = ?", name);
    });
    this.#instances = this.#instances.filter(one => one.name !== name);
  }

  #write({ credentials, ...rest }: InstanceSettings, sql: string): void {
    const { secret, kept } = toKept(credentials);
    const settings: Kept = { ...rest, credentials: kept };
    this.#database.run(sql, rest.name, JSON.stringify(settings), this.#seal.close(secret, contextOf(rest.name)));
  }

  #read(id: string, settings: string, sealed: unknown): InstanceSettings {
    const kept = JSON.parse(settings) as Kept;
    const secret = sealed instanceof Uint8Array ? this.#seal.open(sealed, contextOf(id)) : null;
    if (secret === null)
      throw new BadSettings([
        `The secret of instance "${id}" cannot be read with pulse.key: is it the key of this data folder?`,
      ]);
    const { credentials } = kept;
    return {
      ...kept,
      credentials: credentials.kind === "token" ? { ...credentials, secret } : { ...credentials, password: secret },
    };
  }
}

function contextOf(instance: string): string {
  return `instance ${instance}`;
}

function toKept(credentials: Credentials): { secret: string; kept: Kept["credentials"] } {
  return credentials.kind === "token"
    ? { secret: credentials.secret, kept: { kind: "token", id: credentials.id } }
    : { secret: credentials.password, kept: { kind: "password", user: credentials.user } };
}

/**
 * The settings that `input` makes of `before`; null: of nothing, a new instance, whose name must not be one of `taken`.
 * Throws BadInput naming the first field that cannot be used.
 */
export function toSettings(
  input: InstanceInput,
  before: InstanceSettings | null,
  taken: readonly string[],
): InstanceSettings {
  const type = input.type ?? before?.type;
  if (type === undefined) throw new BadInput("type", "missing; pve, pbs or pmg");
  if (before && type !== before.type) throw new BadInput("type", `cannot be changed from "${before.type}"`);
  const host = input.host === undefined ? before?.host : toHost(input.host, type);
  if (host === undefined) throw new BadInput("host", "missing");
  const title = input.name === undefined ? (before?.title ?? new URL(host).hostname) : input.name.trim();
  if (title === "") throw new BadInput("name", "empty");
  return {
    name: before?.name ?? toId(title, taken),
    title,
    type,
    host,
    credentials: toCredentials(input, type, before?.credentials ?? null),
    trust: toTrust(input, before?.trust ?? null),
    interval: input.interval === undefined ? (before?.interval ?? null) : toInterval(input.interval),
  };
}

/** Entered in seconds. */
function toInterval(seconds: number | null): Millis | null {
  return seconds === null ? null : seconds * SECOND;
}

/** What `title` becomes as a part of every id: letters, digits, ".", "_" and "-", and not one of `taken`. */
function toId(title: string, taken: readonly string[]): string {
  const bare = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .replace(/-+$/, "")
    .slice(0, 50);
  const first = INSTANCE_NAME.test(bare) ? bare : "instance";
  for (let number = 1; ; number++) {
    const id = number === 1 ? first : `${first}-${number}`;
    if (!taken.includes(id)) return id;
  }
}

function toHost(text: string, type: InstanceType): string {
  const host = toOrigin(text.trim(), type);
  if (host === null)
    throw new BadInput("host", `"${text}" is no address such as https://192.168.1.10:${PRODUCTS[type].port}`);
  return host;
}

const UNSENDABLE = "holds a character that cannot be sent, perhaps one that is not seen: copy it anew";

/** A name or a secret that is left out, or empty, keeps what was; naming the other kind changes over to it. */
function toCredentials(input: InstanceInput, type: InstanceType, before: Credentials | null): Credentials {
  const { user = "", password = "" } = input;
  const [tokenName = "", tokenValue = ""] = [input.tokenName?.trim(), input.tokenValue?.trim()];
  const oldToken = before?.kind === "token" ? before : null;
  const oldUser = before?.kind === "password" ? before : null;
  const wantsToken = tokenName !== "" || tokenValue !== "" || (oldToken !== null && password === "");
  if (wantsToken) {
    if (PRODUCTS[type].tokenSeparator === null)
      throw new BadInput("tokenName", `${PRODUCTS[type].title} has no API tokens: give user and password`);
    if (password !== "" && tokenValue !== "") throw new BadInput("password", "give a token or a password, not both");
    const id =
      tokenName === ""
        ? (oldToken?.id ?? "")
        : tokenName.includes("!")
          ? tokenName
          : `${withRealm(user, type)}!${tokenName}`;
    if (!/^[^\s=:!]+@[^\s=:!]+![^\s=:]+$/.test(id))
      throw new BadInput("tokenName", `"${id}" is not of the form user@realm!name`);
    const secret = tokenValue || (oldToken?.id === id ? oldToken.secret : "");
    if (secret === "") throw new BadInput("tokenValue", "missing");
    if (!SENDABLE.test(id)) throw new BadInput("tokenName", UNSENDABLE);
    if (!SENDABLE.test(secret)) throw new BadInput("tokenValue", UNSENDABLE);
    return { kind: "token", id, secret };
  }
  const name = user === "" ? (oldUser?.user ?? "") : withRealm(user, type);
  if (name === "") throw new BadInput("user", "missing; give user and password, or tokenName and tokenValue");
  const secret = password || (oldUser?.user === name ? oldUser.password : "");
  if (secret === "") throw new BadInput("password", "missing");
  return { kind: "password", user: name, password: secret };
}

/** A pinned certificate stays pinned until `fingerprint` is emptied. */
function toTrust({ fingerprint, verifySSL, ca }: InstanceInput, before: Trust | null): Trust {
  if (fingerprint) {
    if (ca) throw new BadInput("ca", "give a fingerprint or authorities, not both");
    if (!FINGERPRINT.test(fingerprint))
      throw new BadInput("fingerprint", "is not a SHA-256 fingerprint such as AA:BB:…");
    return { kind: "fingerprint", sha256: toFingerprint(fingerprint) };
  }
  if (before?.kind === "fingerprint" && fingerprint === undefined) return before;
  const verify = verifySSL ?? (Boolean(ca) || before?.kind !== "any");
  if (!verify) return { kind: "any" };
  if (ca === undefined) return before?.kind === "ca" ? before : { kind: "ca", ca: null };
  return { kind: "ca", ca: ca ? toAuthorities(ca) : null };
}

/** Throws BadInput unless `pem` holds certificates, each readable. */
function toAuthorities(pem: string): string {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch {
    throw new BadInput("ca", "holds a certificate that cannot be read");
  }
  if (certificates.length === 0) throw new BadInput("ca", "holds no certificate: -----BEGIN CERTIFICATE-----…");
  return certificates.join("\n");
}
