import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connect } from "node:tls";
import { MINUTE } from "../kit/units.ts";
import { issueCertificate } from "../simulator/certificate.ts";
import { startSecured } from "./secured.ts";

function files(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-tls-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const paths = { certificate: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const write = (pair: { cert: string; key: string }) => {
    writeFileSync(paths.certificate, pair.cert);
    writeFileSync(paths.key, pair.key);
  };
  return { paths, write };
}

/** The fingerprint of the certificate that the server shows. */
function shown(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

test("HTTPS from files; a new certificate is taken when its files change, a broken one is not", async context => {
  const { paths, write } = files(context);
  const [first, second] = [issueCertificate("a", "127.0.0.1"), issueCertificate("b", "127.0.0.1")];
  write(first);
  const { url, clock, log } = await startSecured(context, {}, { tls: paths });
  assert.match(url, /^https:/);
  assert.equal(await shown(url), first.fingerprint);
  write({ cert: second.cert, key: first.key });
  await clock.advance(2 * MINUTE);
  assert.equal(await shown(url), first.fingerprint);
  assert.equal(log.filter(line => line.includes("TLS_CERT_FILE")).length, 1);
  write(second);
  await clock.advance(MINUTE);
  assert.equal(await shown(url), second.fingerprint);
});

const BAD: [sentence: string, write: boolean, problem: RegExp][] = [
  ["files that are not there", false, /TLS_CERT_FILE: ".*cert.pem" cannot be read \(ENOENT\)/],
  ["a key of another certificate", true, /TLS_CERT_FILE, TLS_KEY_FILE: cannot be used together/],
];
for (const [sentence, isThere, problem] of BAD)
  test(`${sentence} keep the server from starting, by name`, async context => {
    const { paths, write } = files(context);
    if (isThere) write({ cert: issueCertificate("a", "127.0.0.1").cert, key: issueCertificate("b", "127.0.0.1").key });
    await assert.rejects(startSecured(context, {}, { tls: paths }), problem);
  });
