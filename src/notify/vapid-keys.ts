import { createECDH, type ECDH } from "node:crypto";

/** A key pair on P-256 as web push has it (RFC 8292): base64url, the public key uncompressed. */
export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

export function newVapidKeys(): VapidKeys {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  return toKeys(pair);
}

/** How many points the curve has. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same pair from the same `seed`, which is secret and has 48 bytes: more than the key, so that each key is as likely (FIPS 186-5, A.2.1). */
export function vapidKeysFrom(seed: Uint8Array): VapidKeys {
  const number = (BigInt(`0x${Buffer.from(seed).toString("hex")}`) % (ORDER - 1n)) + 1n;
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(number.toString(16).padStart(64, "0"), "hex");
  return toKeys(pair);
}

function toKeys(pair: ECDH): VapidKeys {
  const publicKey = pair.getPublicKey("base64url");
  // The private key loses leading zeros when it is printed; receivers want 32 bytes.
  const privateKey = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()])
    .subarray(-32)
    .toString("base64url");
  return { publicKey, privateKey };
}
