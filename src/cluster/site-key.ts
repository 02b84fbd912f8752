import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import type { SealedSecret } from "../model/entered-instance.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";

/** What of RFC 8410 stands before the 32 bytes of a key of X25519. */
const PRIVATE_HEAD = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_HEAD = Buffer.from("302a300506032b656e032100", "hex");
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Of the format of a box, its first byte. */
const VERSION = 1;
const PURPOSE = "pulse: a secret for the edges of a site";

/** What a secret is for: sealed for one thing, it opens for no other. */
export interface Purpose {
  site: string;
  settings: Pick<InstanceSettings, "name" | "type" | "host" | "trust" | "credentials">;
}

/** The key pair of an edge, by which it opens what was sealed for it. Its private part never leaves the edge. */
export class SiteKey {
  readonly #private: KeyObject;
  /** base64 */
  readonly publicKey: string;

  /** `seed`: the 32 bytes of the private part. */
  constructor(seed: Uint8Array) {
    this.#private = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: "der", type: "pkcs8" });
    this.publicKey = toRaw(createPublicKey(this.#private)).toString("base64");
  }

  /** null: none of `sealed` is for this key and for that purpose, or it was tampered with. */
  open(sealed: readonly SealedSecret[], purpose: Purpose): string | null {
    for (const { key, box } of sealed) {
      const secret = key === this.publicKey ? this.#openBox(Buffer.from(box, "base64"), purpose) : null;
      if (secret !== null) return secret;
    }
    return null;
  }

  #openBox(box: Buffer, purpose: Purpose): string | null {
    const ephemeral = box.subarray(1, 1 + KEY_BYTES);
    const nonce = box.subarray(1 + KEY_BYTES, 1 + KEY_BYTES + NONCE_BYTES);
    const body = box.subarray(1 + KEY_BYTES + NONCE_BYTES);
    if (box[0] !== VERSION || body.length < TAG_BYTES) return null;
    try {
      const key = sharedKey(this.#private, fromRaw(ephemeral), ephemeral, Buffer.from(this.publicKey, "base64"));
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(toContext(purpose)).setAuthTag(body.subarray(0, TAG_BYTES));
      return Buffer.concat([decipher.update(body.subarray(TAG_BYTES)), decipher.final()]).toString("utf8");
    } catch {
      return null;
    }
  }
}

/** Seals a secret for each of these public keys: X25519 with a key for this once, HKDF-SHA-256, AES-256-GCM. Throws for what is no key. */
export function sealFor(keys: readonly string[], secret: string, purpose: Purpose): SealedSecret[] {
  return [...new Set(keys)].map(key => {
    const recipient = Buffer.from(key, "base64");
    const once = generateKeyPairSync("x25519");
    const ephemeral = toRaw(once.publicKey);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(
      "aes-256-gcm",
      sharedKey(once.privateKey, fromRaw(recipient), ephemeral, recipient),
      nonce,
      { authTagLength: TAG_BYTES },
    );
    cipher.setAAD(toContext(purpose));
    const body = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    const box = Buffer.concat([Buffer.of(VERSION), ephemeral, nonce, cipher.getAuthTag(), body]);
    return { key, box: box.toString("base64") };
  });
}

/** Whether it is a public key that something can be sealed for. */
export function isPublicKey(key: unknown): key is string {
  if (typeof key !== "string" || !/^[A-Za-z0-9+/]{43}=$/.test(key)) return false;
  try {
    // Some 32 bytes are points that make no secret.
    diffieHellman({
      privateKey: generateKeyPairSync("x25519").privateKey,
      publicKey: fromRaw(Buffer.from(key, "base64")),
    });
    return true;
  } catch {
    return false;
  }
}

/** By which people compare a public key: half of its SHA-256, in fours. */
export function fingerprintOf(key: string): string {
  const digest = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").toUpperCase();
  return (digest.slice(0, 32).match(/.{4}/g) ?? []).join(" ");
}

function sharedKey(privateKey: KeyObject, publicKey: KeyObject, ephemeral: Buffer, recipient: Buffer): Uint8Array {
  const secret = diffieHellman({ privateKey, publicKey });
  return new Uint8Array(hkdfSync("sha256", secret, Buffer.concat([ephemeral, recipient]), PURPOSE, 32));
}

/**
 * NOTE: the address and how its certificate is judged belong to it: whoever may change settings must not be able to have an old secret
 * sent to another server.
 */
function toContext({ site, settings }: Purpose): Buffer {
  const { name, type, host, trust, credentials } = settings;
  const [field, account] =
    credentials.kind === "token" ? ["tokenValue", credentials.id] : ["password", credentials.user];
  const judged = trust.kind === "fingerprint" ? trust.sha256 : trust.kind === "ca" ? trust.ca : null;
  return Buffer.from(JSON.stringify([PURPOSE, VERSION, site, name, type, host, trust.kind, judged, field, account]));
}

function toRaw(key: KeyObject): Buffer {
  return key.export({ format: "der", type: "spki" }).subarray(PUBLIC_HEAD.length);
}

function fromRaw(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, bytes]), format: "der", type: "spki" });
}
