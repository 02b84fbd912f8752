import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { BadSettings } from "./settings/bad-settings.ts";

/** A certificate with its chain, and its key; PEM. */
export interface TlsPair {
  cert: Buffer;
  key: Buffer;
}

/** Reads certificate and key. Throws BadSettings when either cannot be read, or they do not belong together. */
export function readTlsFiles({ certificate, key }: { certificate: string; key: string }): TlsPair {
  const pair = { cert: readPem("TLS_CERT_FILE", certificate), key: readPem("TLS_KEY_FILE", key) };
  try {
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadSettings([`TLS_CERT_FILE, TLS_KEY_FILE: cannot be used together (${reason})`], { cause: error });
  }
}

/**
 * Calls `use` with certificate and key whenever their files hold something else than before; a pair that cannot be used, as while it is
 * being replaced, is told to `complain` once and tried again. Answers what is to be called now and then.
 */
export function tlsFollower(
  files: { certificate: string; key: string },
  first: TlsPair,
  use: (pair: TlsPair) => void,
  complain: (problem: string) => void,
): () => void {
  let current = first;
  let told = "";
  return () => {
    try {
      const pair = readTlsFiles(files);
      told = "";
      if (pair.cert.equals(current.cert) && pair.key.equals(current.key)) return;
      current = pair;
      use(pair);
    } catch (error) {
      if (!(error instanceof BadSettings)) throw error;
      if (error.message !== told) complain(error.message);
      told = error.message;
    }
  };
}

function readPem(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new BadSettings([`${variable}: "${path}" cannot be read (${(error as NodeJS.ErrnoException).code})`], {
      cause: error,
    });
  }
}
