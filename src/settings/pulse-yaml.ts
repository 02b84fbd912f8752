import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { type Document, isCollection, isNode, LineCounter, parseDocument, visit, type YAMLParseError } from "yaml";
import { SECOND } from "../kit/units.ts";
import type { GivenUser } from "../model/caller.ts";
import { GivenChannels } from "../model/channel.ts";
import { INSTANCE_NAME } from "../model/ids.ts";
import {
  type Credentials,
  type InstanceSettings,
  type InstanceType,
  PRODUCTS,
  type Trust,
} from "../model/instance-settings.ts";
import { misfitsOf } from "../model/misfits.ts";
import { bcryptCost, passwordProblem } from "../model/password-rule.ts";
import { isSystemField, type SystemField } from "../model/system-settings.ts";
import { archiveAddressProblem, type GivenArchive } from "./archive-book.ts";
import { BadSettings } from "./bad-settings.ts";
import type { Environment } from "./environment.ts";
import { FINGERPRINT, toFingerprint, toOrigin, toToken, withRealm } from "./instance-entry.ts";
import { problemOf, type SystemLayer } from "./system-layer.ts";

/** What is told to have set a field. */
const BY = "pulse.yaml";

/** A secret in plain text, or where to find it. */
const Secret = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Object({ file: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object({ env: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
]);
type Secret = Static<typeof Secret>;

const InstanceEntry = Type.Object(
  {
    name: Type.String({
      pattern: INSTANCE_NAME.source,
      description: "letters, digits, '.', '_' and '-', at most 63",
      must: "must be letters, digits, '.', '_' and '-', at most 63",
    }),
    title: Type.Optional(Type.String({ minLength: 1, description: "what it is called on the page" })),
    type: Type.Union([Type.Literal("pve"), Type.Literal("pbs"), Type.Literal("pmg")], {
      description: "pve, pbs or pmg",
    }),
    host: Type.String({ minLength: 1 }),
    token: Type.Optional(Secret),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(Secret),
    verifySSL: Type.Optional(Type.Boolean()),
    fingerprint: Type.Optional(
      Type.String({
        pattern: FINGERPRINT.source,
        description: "a SHA-256 fingerprint such as AA:BB:…",
        must: "must be a SHA-256 fingerprint such as AA:BB:…",
      }),
    ),
    ca: Type.Optional(Type.String({ minLength: 1 })),
    interval: Type.Optional(Type.Number({ minimum: 5, maximum: 600, description: "seconds between two looks" })),
  },
  { additionalProperties: false },
);
type InstanceEntry = Static<typeof InstanceEntry>;

const UserEntry = Type.Object(
  {
    name: Type.String({ pattern: "^\\S.{0,98}\\S$|^\\S$", must: "must be a name of 1 to 100 characters" }),
    role: Type.Enum(["admin", "operator", "viewer"]),
    password: Secret,
  },
  { additionalProperties: false },
);

const ArchiveEntry = Type.Object(
  {
    url: Type.String({ minLength: 1 }),
    writeUrl: Type.Optional(Type.String({ minLength: 1 })),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(Secret),
  },
  { additionalProperties: false },
);

/** A further section is a field here, and a line in `readPulseYaml`. */
const PulseYaml = Type.Object(
  {
    system: Type.Optional(Type.Object({}, { additionalProperties: true })),
    users: Type.Optional(Type.Array(UserEntry)),
    instances: Type.Optional(Type.Array(InstanceEntry)),
    thresholds: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    channels: Type.Optional(GivenChannels),
    archive: Type.Optional(ArchiveEntry),
  },
  { additionalProperties: false },
);

/** Where in the file. */
export type Path = readonly (string | number)[];

/** What is wrong with a section, beyond what its schema says: each place, and what is wrong there. */
type Judge<T> = (section: T) => readonly { path: Path; message: string }[];

/** Other rooms know what the sections mean that are theirs. */
export interface Judges {
  thresholds: Judge<Readonly<Record<string, unknown>>>;
  channels: Judge<GivenChannels>;
}

/** How the reader gets at what the file points to. */
export interface Surroundings {
  environment: Environment;
  judges: Judges;
  /** The text of a file; a relative path is meant from the folder of the YAML file. Throws when it cannot be read. */
  readText(path: string): string;
}

/** What pulse.yaml says. */
export interface PulseConfig {
  instances: readonly InstanceSettings[];
  /** What it sets of the system settings. */
  system: SystemLayer;
  users: readonly GivenUser[];
  /** What it sets of the configuration of alerts; null: nothing. */
  thresholds: Readonly<Record<string, unknown>> | null;
  /** null: none. */
  channels: GivenChannels | null;
  /** Where samples are kept for years; null: it does not say. */
  archive: GivenArchive | null;
}

/** Without a file, or with an empty one. */
export const NO_CONFIG: PulseConfig = {
  ...{ instances: [], system: {}, users: [] },
  ...{ thresholds: null, channels: null, archive: null },
};

/**
 * What `text`, the content of the file called `name`, configures.
 * Throws BadSettings with a problem for each field that cannot be used: file, line, field and what it should be.
 */
export function readPulseYaml(text: string, name: string, surroundings: Surroundings): PulseConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax) throw new BadSettings([`${name}:${syntax.linePos?.[0].line ?? 1}: ${toSentence(syntax)}`]);
  const reader = new Reader(name, document, lines, surroundings);
  const content = reader.withSecrets(toContent(document, name, lines) ?? {}, []);
  if (!Value.Check(PulseYaml, content)) {
    for (const { path, message } of describe(content)) reader.complain(path, message);
    reader.toSystem((content as { system?: unknown } | null)?.system);
    throw new BadSettings(reader.problems);
  }
  const { thresholds = null, channels = null } = content;
  const config: PulseConfig = {
    ...{ thresholds, channels },
    archive: content.archive ? reader.toArchive(content.archive) : null,
    system: reader.toSystem(content.system),
    users: (content.users ?? []).map((entry, index) => reader.toUser(entry, ["users", index])),
    instances: (content.instances ?? []).map((entry, index) => reader.toInstance(entry, ["instances", index])),
  };
  reader.checkNames("instances", config.instances);
  reader.checkNames("users", config.users);
  reader.checkHosts(config.instances);
  const { judges } = surroundings;
  if (thresholds) reader.complainOf("thresholds", judges.thresholds(thresholds));
  if (channels && !reader.lacksSecrets) reader.complainOf("channels", judges.channels(channels));
  if (reader.problems.length > 0) throw new BadSettings(reader.problems);
  return config;
}

function toSentence({ code, message }: YAMLParseError): string {
  return code === "MULTIPLE_DOCS"
    ? "a second document begins here, and only one is read"
    : (message.split("\n")[0] ?? "");
}

/** A text that begins with `*` and is not quoted, as a password may, means another place of the file to YAML. */
function toContent(document: Document, name: string, lines: LineCounter): unknown {
  const known = new Set<string>();
  visit(document, {
    Node(_, node) {
      if ("anchor" in node && node.anchor !== undefined) known.add(node.anchor);
    },
    Alias(_, { source, range }) {
      if (known.has(source)) return;
      const { line } = lines.linePos(range?.[0] ?? 0);
      // NOTE: what stands there may be a password.
      throw new BadSettings([
        `${name}:${line}: a text that begins with * needs quotes: without them it names another place`,
      ]);
    },
  });
  try {
    return document.toJS();
  } catch (cause) {
    throw new BadSettings([`${name}:1: the file: its references (*) come to more than can be read`], { cause });
  }
}

/** Where channels may have a secret from elsewhere; "*": any name, or place in a list. */
const CHANNEL_SECRETS: readonly Path[] = [
  ["channels", "email", "username"],
  ["channels", "email", "password"],
  ["channels", "apprise", "apiKey"],
  ["channels", "apprise", "targets", "*"],
  ["channels", "webhooks", "*", "url"],
  ["channels", "webhooks", "*", "headers", "*"],
  ["channels", "webhooks", "*", "customFields", "*"],
];

/** What a field must be whose text does not fit its pattern. */
const PATTERNS: Readonly<Record<string, string>> = {
  name: "only letters, digits, '.', '_' and '-', at most 63",
  id: 'must be letters, digits, ".", "_" and "-", and neither "email" nor "apprise"',
  fingerprint: "is no SHA-256 fingerprint: 32 pairs of hex digits such as AA:BB:…",
};

function describe(content: unknown): { path: Path; message: string }[] {
  return misfitsOf(PulseYaml, content).map(({ path, keyword, message }) => ({
    path,
    message: (keyword === "pattern" ? PATTERNS[path.at(-1) ?? ""] : undefined) ?? message,
  }));
}

/** Whether a place begins as `path`. */
function fits(path: Path, place: Path): boolean {
  return path.every((part, at) => place[at] === "*" || place[at] === part);
}

/** Turns checked entries into settings and collects what is wrong with them, with the line it stands in. */
class Reader {
  readonly problems: string[] = [];
  /** A secret of the channels cannot be had: what is made of it cannot be judged. */
  lacksSecrets = false;
  readonly #name: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #surroundings: Surroundings;

  constructor(name: string, document: Document, lines: LineCounter, surroundings: Surroundings) {
    this.#name = name;
    this.#document = document;
    this.#lines = lines;
    this.#surroundings = surroundings;
  }

  complain(path: Path, problem: string): void {
    const field = path
      .map(part => (typeof part === "number" ? `[${part}]` : `.${part}`))
      .join("")
      .replace(/^\./, "");
    this.problems.push(`${this.#name}:${this.#lineOf(path)}: ${field || "the file"}: ${problem}`);
  }

  complainOf(section: string, problems: readonly { path: Path; message: string }[]): void {
    for (const { path, message } of problems) this.complain([section, ...path], message);
  }

  /** `value`, which stands at `path`, with the channels' secrets in their places. */
  withSecrets(value: unknown, path: Path): unknown {
    const within = CHANNEL_SECRETS.filter(place => place.length >= path.length && fits(path, place));
    if (typeof value !== "object" || value === null || within.length === 0) return value;
    if (within.some(({ length }) => length === path.length) && Value.Check(Secret, value)) {
      const before = this.problems.length;
      const secret = this.#secret(value, path);
      this.lacksSecrets ||= this.problems.length > before;
      return secret || "?";
    }
    if (Array.isArray(value)) return value.map((entry, at) => this.withSecrets(entry, [...path, at]));
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, this.withSecrets(entry, [...path, name])]),
    );
  }

  /** The line of the field, or of the nearest thing around it that is there. */
  #lineOf(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (!isNode(node) || !node.range) continue;
      const start = isCollection(node) && node.items.length === 0 ? node.range[1] : node.range[0];
      return this.#lines.linePos(start).line;
    }
    return 1;
  }

  toInstance(entry: InstanceEntry, path: Path): InstanceSettings {
    return {
      name: entry.name,
      ...(entry.title === undefined ? {} : { title: entry.title }),
      type: entry.type,
      host: this.#toHost(entry.host, entry.type, [...path, "host"]),
      credentials: this.#toCredentials(entry, path),
      trust: this.#toTrust(entry, path),
      interval: entry.interval === undefined ? null : entry.interval * SECOND,
    };
  }

  /** What the section `system` sets; anything but a section sets nothing. */
  toSystem(section: unknown): SystemLayer {
    const fields = Object.entries(typeof section === "object" && section !== null ? section : {});
    const layer: [SystemField, { value: never; by: string }][] = [];
    for (const [field, value] of fields) {
      const problem = isSystemField(field) ? problemOf(field, value) : "unknown field";
      if (problem !== null) this.complain(["system", field], problem);
      else layer.push([field as SystemField, { value: value as never, by: BY }]);
    }
    return Object.fromEntries(layer);
  }

  toUser({ name, role, password }: Static<typeof UserEntry>, path: Path): GivenUser {
    const secret = this.#secret(password, [...path, "password"]);
    const problem = secret === "" || bcryptCost(secret) !== null ? null : passwordProblem(secret);
    if (problem !== null) this.complain([...path, "password"], problem);
    return { name, role, password: secret };
  }

  toArchive({ url, password, ...rest }: Static<typeof ArchiveEntry>): GivenArchive {
    const { writeUrl, user } = { writeUrl: rest.writeUrl ?? null, user: rest.user ?? null };
    for (const [field, address] of [
      ["url", url],
      ["writeUrl", writeUrl],
    ] as const) {
      const problem = address === null ? null : archiveAddressProblem(address);
      if (problem !== null) this.complain(["archive", field], `"${address}" ${problem}`);
    }
    const secret = password === undefined ? null : this.#secret(password, ["archive", "password"]);
    if (user !== null && secret === null) this.complain(["archive"], "password: missing, while there is a user");
    return { settings: { url, writeUrl, user, password: secret }, by: BY };
  }

  /** Users are called the same in small letters and in capitals. */
  checkNames(section: "instances" | "users", all: readonly { name: string }[]): void {
    const key = ({ name }: { name: string }) => (section === "users" ? name.toLowerCase() : name);
    all.forEach((one, index) => {
      if (all.findIndex(other => key(other) === key(one)) !== index)
        this.complain([section, index, "name"], `"${one.name}" is taken by another of the ${section}`);
    });
  }

  checkHosts(all: readonly InstanceSettings[]): void {
    all.forEach(({ type, host }, index) => {
      const other = all.slice(0, index).find(one => one.type === type && one.host === host);
      if (other) this.complain(["instances", index, "host"], `this address is watched as "${other.name}" already`);
    });
  }

  #toHost(host: string, type: InstanceType, path: Path): string {
    const origin = toOrigin(host, type);
    if (origin === null)
      this.complain(path, `"${host}" is no address such as https://192.168.1.10:${PRODUCTS[type].port}`);
    return origin ?? host;
  }

  #toCredentials(entry: InstanceEntry, path: Path): Credentials {
    if (entry.token !== undefined && entry.password !== undefined)
      this.complain([...path, "password"], "give a token or a password, not both");
    if (entry.token !== undefined)
      return this.#toToken(entry.type, this.#secret(entry.token, [...path, "token"]), [...path, "token"]);
    if (entry.password === undefined || entry.user === undefined) {
      const token = PRODUCTS[entry.type].tokenSeparator === null ? "" : "a token (user@realm!name=secret), or ";
      this.complain(path, `sign-in is missing: give ${token}user and password`);
      return { kind: "password", user: "", password: "" };
    }
    const user = withRealm(entry.user, entry.type);
    return { kind: "password", user, password: this.#secret(entry.password, [...path, "password"]) };
  }

  #toToken(type: InstanceType, text: string, path: Path): Credentials {
    const { title, tokenSeparator } = PRODUCTS[type];
    if (tokenSeparator === null) this.complain(path, `${title} has no API tokens: give user and password`);
    const token = toToken(type, text);
    if (token === null && text !== "") this.complain(path, "is not of the form user@realm!name=secret");
    return token ?? { kind: "token", id: "", secret: "" };
  }

  #toTrust(entry: InstanceEntry, path: Path): Trust {
    if (entry.fingerprint !== undefined) return { kind: "fingerprint", sha256: toFingerprint(entry.fingerprint) };
    if (entry.verifySSL === false) return { kind: "any" };
    return { kind: "ca", ca: entry.ca === undefined ? null : this.#file(entry.ca, [...path, "ca"]) };
  }

  #secret(secret: Secret, path: Path): string {
    if (typeof secret === "string") return secret;
    if ("file" in secret) return this.#file(secret.file, [...path, "file"]).trim();
    const value = this.#surroundings.environment[secret.env];
    if (!value) this.complain([...path, "env"], `environment variable "${secret.env}" is not set`);
    return value ?? "";
  }

  #file(file: string, path: Path): string {
    try {
      return this.#surroundings.readText(file);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "unknown reason";
      this.complain(path, `file "${file}" cannot be read (${reason})`);
      return "";
    }
  }
}
