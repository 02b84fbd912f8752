import { PermissionViolationError } from "@nats-io/transport-node";
import { ENTERED, KNOWN, LEASES, STREAM, toToken } from "./names.ts";

/** How edges open a bucket: what they may read they may read no other way, and without this a single key is asked for otherwise. */
export const DIRECT = { allow_direct: true } as const;

/** Where NATS's answers to the edges of a site come in: those of other sites can be kept from reading them. */
export function inboxOf(site: string): string {
  return `_INBOX.${toToken(site)}`;
}

/** What NATS should let the edges of a site do, in the words of its configuration: what is theirs, and nothing else. */
export function rightsOfEdges(site: string): { publish: { allow: string[] }; subscribe: { allow: string[] } } {
  const token = toToken(site);
  const buckets = [LEASES, KNOWN].flatMap(bucket => [
    `$KV.${bucket}.${token}.>`,
    `$JS.API.STREAM.INFO.KV_${bucket}`,
    `$JS.API.DIRECT.GET.KV_${bucket}.$KV.${bucket}.${token}.>`,
    `$JS.API.CONSUMER.CREATE.KV_${bucket}.*.$KV.${bucket}.${token}.>`,
    ...["INFO", "DELETE", "MSG.NEXT"].map(what => `$JS.API.CONSUMER.${what}.KV_${bucket}.*`),
  ]);
  return {
    publish: {
      allow: [
        ...["seen", "past", "instance", "tried"].map(kind => `pulse.${kind}.${token}.>`),
        `$JS.API.DIRECT.GET.${STREAM}.pulse.seen.${token}.>`,
        ...buckets,
        `$JS.API.STREAM.INFO.KV_${ENTERED}`,
        `$JS.API.DIRECT.GET.KV_${ENTERED}.$KV.${ENTERED}.${token}`,
      ],
    },
    subscribe: { allow: [`${inboxOf(site)}.>`, `pulse.try.${token}.>`] },
  };
}

/** What is said where the user of a site has the rights of an older version. */
export const FURTHER_RIGHTS =
  "NATS does not let this edge read what is entered on a page: its user needs further rights";

/** Whether NATS's user has no right to what was asked. */
export function isForbidden(error: unknown): boolean {
  return [error, (error as Error).cause].some(one => one instanceof PermissionViolationError);
}
