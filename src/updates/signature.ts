import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

/** The signature of `content` as it lies in a `.sig` file: Ed25519, base64. Throws where `privateKey` is no PEM of such a key. */
export function signatureOf(content: Uint8Array, privateKey: string): string {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== "ed25519") throw new RangeError("The key is none of Ed25519");
  return `${sign(null, content, key).toString("base64")}\n`;
}

/** Whether `signature`, the text of a `.sig` file, is that of `content` by the key whose public part is `publicKey` (PEM). */
export function isSigned(content: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey(publicKey);
    return key.asymmetricKeyType === "ed25519" && verify(null, content, key, Buffer.from(signature.trim(), "base64"));
  } catch {
    return false;
  }
}
