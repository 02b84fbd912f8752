import type { Agree } from "./hand.ts";
import type { InstanceDesk, Refusal } from "./http/instance-handlers.ts";
import type { RegistrationDesk } from "./http/registration-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import type { InstanceInput } from "./model/instance-input.ts";
import type { InstanceType } from "./model/instance-settings.ts";
import { NOT_AGREED } from "./model/not-agreed.ts";
import { toOrigin } from "./settings/instance-entry.ts";
import type { CodeDeed, SetupCodes } from "./settings/setup-codes.ts";
import { toSetupScript } from "./settings/setup-script.ts";
import { readFingerprint } from "./sources/probe.ts";

export interface RegistrationDeskOptions {
  instances: InstanceDesk;
  codes: SetupCodes;
  /** Has all that serve with this one know of a code, and that it is used. */
  agree: Agree<CodeDeed, { site: string | null }>;
  /** Edges watch, each of a site, so an address is not reached from here: whose edges are meant by what is said. null: this Pulse watches. */
  siteOf: ((given: string) => string | Refusal) | null;
  clock: Clock;
}

/** Issues setup codes, writes scripts, and takes in the servers that register themselves. */
export function openRegistrationDesk(options: RegistrationDeskOptions): RegistrationDesk {
  const { instances, codes, agree, siteOf, clock } = options;
  const hostOf = (host: string, type: InstanceType): string | Refusal =>
    toOrigin(host.trim(), type) ?? {
      refused: "bad-input",
      message: `host: "${host}" is no address such as https://192.168.1.10:8006`,
    };
  return {
    issue: async (type, text, given) => {
      const host = hostOf(text, type);
      if (typeof host !== "string") return host;
      const site = siteOf?.(given) ?? "";
      if (typeof site !== "string") return site;
      const { code, deed } = codes.draw({ type, host, site }, clock.now());
      const isKept = (await agree(deed)) !== null;
      return isKept && deed.do === "keep" ? { code, host, expires: deed.expires } : NOT_AGREED;
    },
    script: ({ type, host: text, ...rest }) => {
      const host = hostOf(text, type);
      return typeof host === "string" ? toSetupScript({ type, host, ...rest }) : host;
    },
    register: async (given, trusted, from) => {
      const { type } = given;
      const host = hostOf(given.host, type);
      if (typeof host !== "string") return host;
      const code = given.setupCode || given.authToken;
      const deed = code ? codes.find(code, { type, host }, from, clock.now()) : trusted ? null : "wrong";
      if (typeof deed === "string") return REFUSALS[deed];
      const used = deed === null ? { site: given.site ?? "" } : await agree(deed);
      if (used === null) return NOT_AGREED;
      if (used.site === null) return REFUSALS.wrong;
      const pinned = given.fingerprint || siteOf ? null : await readFingerprint(host);
      const fingerprint = given.fingerprint || pinned;
      const input: InstanceInput = {
        type,
        host,
        ...(used.site === "" ? {} : { site: used.site }),
        ...(given.serverName ? { name: given.serverName } : {}),
        ...(type === "pmg"
          ? { user: given.tokenId, password: given.tokenValue }
          : { tokenName: given.tokenId, tokenValue: given.tokenValue }),
        ...(fingerprint ? { fingerprint } : {}),
      };
      const kept = await keep(instances, input, host);
      if ("refused" in kept || !pinned) return kept;
      return { ...kept, message: `${kept.message}. No fingerprint was given: the one it shows is pinned, ${pinned}` };
    },
  };
}

const REFUSALS: { readonly [K in "wrong" | "too-many"]: Refusal } = {
  wrong: {
    refused: "unauthorized",
    message: "setupCode: wrong, used, expired, or for another server; get a new one in Pulse",
  },
  "too-many": {
    refused: "too-many",
    message: "setupCode: too many wrong ones from this address; try again in 5 minutes",
  },
};

/** A server that registers again, with a new token, is the one that is there. */
async function keep(
  instances: InstanceDesk,
  input: InstanceInput,
  host: string,
): Promise<{ id: string; message: string } | Refusal> {
  const known = instances
    .list()
    .find(one => one.host === host && one.type === input.type && (!input.site || one.site === input.site));
  const { name: _, ...withoutName } = input;
  const saved = known ? await instances.update(known.id, withoutName) : await instances.add(input);
  if ("refused" in saved) return saved;
  return {
    id: saved.id,
    message: known
      ? `Pulse watches "${known.name}" with its new credentials`
      : `Pulse watches "${saved.id}" from now on`,
  };
}
