import { isIPv6 } from "node:net";
import { type Credentials, type InstanceType, PRODUCTS } from "../model/instance-settings.ts";

/** A SHA-256 fingerprint, with or without colons. */
export const FINGERPRINT = /^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/;

/** The base URL that `host` means: `https` and the product's own port where none is given. null: it is no address. */
export function toOrigin(host: string, type: InstanceType): string | null {
  if (isIPv6(host)) return toOrigin(`[${host}]`, type);
  const url = URL.parse(host.includes("://") ? host : `https://${host}`);
  if (!url || !["https:", "http:"].includes(url.protocol) || url.pathname !== "/" || url.username || url.search)
    return null;
  if (!/:\d+\/?$/.test(host)) url.port = String(PRODUCTS[type].port);
  return url.origin;
}

/** A fingerprint as `AA:BB:…`. */
export function toFingerprint(text: string): string {
  return (text.replaceAll(":", "").toUpperCase().match(/../g) ?? []).join(":");
}

const REALM: { readonly [T in InstanceType]: string } = { pve: "pam", pbs: "pbs", pmg: "pmg" };

/** A user with its realm; where none is given, the one that the product's own administrator is in. */
export function withRealm(user: string, type: InstanceType): string {
  return user.includes("@") ? user : `${user}@${REALM[type]}`;
}

/** What a header can carry of a token: pasted from a page, there may be more in it that nobody sees. */
export const SENDABLE = /^[\x21-\x7e\xa1-\xff]+$/;

/** A token written as one text, `user@realm!name=secret`; between id and secret also what the product itself writes. null: it is none. */
export function toToken(type: InstanceType, text: string): Credentials | null {
  const match = /^([^\s=:!]+@[^\s=:!]+![^\s=:]+)([=:])(\S+)$/.exec(text);
  if (!match || (match[2] !== "=" && match[2] !== PRODUCTS[type].tokenSeparator)) return null;
  if (!SENDABLE.test(text)) return null;
  return { kind: "token", id: match[1] ?? "", secret: match[3] ?? "" };
}
