import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { isSigned, signatureOf } from "./signature.ts";

const toPem = ({ privateKey, publicKey }: ReturnType<typeof generateKeyPairSync>) => ({
  secret: String(privateKey.export({ format: "pem", type: "pkcs8" })),
  open: String(publicKey.export({ format: "pem", type: "spki" })),
});
const OURS = toPem(generateKeyPairSync("ed25519"));
const OTHER = toPem(generateKeyPairSync("ed25519"));
const RSA = toPem(generateKeyPairSync("rsa", { modulusLength: 2048 }));
const CONTENT = Buffer.from("what was released");
const GOOD = signatureOf(CONTENT, OURS.secret);

for (const [sentence, content, signature, key, is] of [
  ["what was signed is signed", CONTENT, GOOD, OURS.open, true],
  ["one byte more is not", Buffer.from("what was released\n"), GOOD, OURS.open, false],
  ["another key's signature is none", CONTENT, signatureOf(CONTENT, OTHER.secret), OURS.open, false],
  ["no signature is none", CONTENT, "", OURS.open, false],
  ["what is no base64 is none", CONTENT, "<html>", OURS.open, false],
  ["what is no key signs nothing", CONTENT, GOOD, "", false],
  ["a key of another kind signs nothing", CONTENT, GOOD, RSA.open, false],
] as const)
  test(sentence, () => assert.equal(isSigned(content, signature, key), is));

test("who would sign with a key of another kind is told", () => {
  assert.throws(() => signatureOf(CONTENT, RSA.secret), /none of Ed25519/);
});
