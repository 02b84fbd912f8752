import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";

/** A self-signed certificate with its key, both PEM, and what one says about it. */
export interface Certificate {
  key: string;
  cert: string;
  /** SHA-256 of the certificate, "AA:BB:…". */
  fingerprint: string;
}

const OID = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  organization: [0x55, 0x04, 0x0a],
  organizationalUnit: [0x55, 0x04, 0x0b],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
} as const;

/** The names that a node's certificate carries besides its own. */
export const ISSUED_FOR = { organization: "Proxmox Virtual Environment", unit: "PVE Cluster Node" } as const;
const VALID_FROM = Date.UTC(2025, 0, 1);
const VALID_UNTIL = Date.UTC(2045, 0, 1);

/**
 * Issues a certificate (EC P-256, X.509 v3) for a node, by its name and address; `by`: signed by another one, and not by itself. Written by
 * hand: about 1 ms, and no package.
 */
export function issueCertificate(node: string, ip: string, by?: { node: string; key: string }): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const serial = randomBytes(15);
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x01), serial])),
    algorithm,
    subject(by?.node ?? node),
    sequence(utcTime(VALID_FROM), utcTime(VALID_UNTIL)),
    subject(node),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(alternativeNames(node, ip), authority())),
  );
  const signature = sign("sha256", body, by?.key ?? privateKey);
  const der = sequence(body, algorithm, bits(signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: new X509Certificate(der).toString(),
    fingerprint: toFingerprint(der),
  };
}

/** SHA-256 of `bytes` the way Proxmox writes a fingerprint. */
export function toFingerprint(bytes: Buffer | string): string {
  const hex = createHash("sha256").update(bytes).digest("hex").toUpperCase();
  return hex.replace(/..(?=.)/g, "$&:");
}

function subject(node: string): Buffer {
  const part = (type: readonly number[], text: string) => tagged(0x31, sequence(oid(type), utf8(text)));
  return sequence(
    part(OID.organizationalUnit, ISSUED_FOR.unit),
    part(OID.organization, ISSUED_FOR.organization),
    part(OID.commonName, node),
  );
}

function alternativeNames(node: string, ip: string): Buffer {
  const address = tagged(0x87, Buffer.from(ip.split(".").map(Number)));
  const names = sequence(address, tagged(0x82, Buffer.from(node)), tagged(0x82, Buffer.from("localhost")));
  return sequence(oid(OID.subjectAltName), octets(names));
}

/** Lets a client take the certificate itself for its trust anchor. */
function authority(): Buffer {
  return sequence(oid(OID.basicConstraints), octets(sequence(tagged(0x01, Buffer.of(0xff)))));
}

/** DER: a tag, the length, the content. */
function tagged(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), body]);
}

const sequence = (...content: readonly Buffer[]) => tagged(0x30, ...content);
const integer = (bytes: Buffer) => tagged(0x02, bytes);
const oid = (bytes: readonly number[]) => tagged(0x06, Buffer.from(bytes));
const utf8 = (text: string) => tagged(0x0c, Buffer.from(text));
const octets = (bytes: Buffer) => tagged(0x04, bytes);
const bits = (bytes: Buffer) => tagged(0x03, Buffer.concat([Buffer.of(0), bytes]));

/** "YYMMDDHHMMSSZ": good for the years 1950 to 2049. */
function utcTime(at: number): Buffer {
  return tagged(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));
}
