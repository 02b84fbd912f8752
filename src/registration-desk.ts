import type { InstanceDesk, Refusal } from "./http/instance-handlers.ts";
import type { RegistrationDesk } from "./http/registration-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import type { InstanceInput } from "./model/instance-input.ts";
import type { InstanceType } from "./model/instance-settings.ts";
import { toOrigin } from "./settings/instance-entry.ts";
import type { SetupCodes } from "./settings/setup-codes.ts";
import { toSetupScript } from "./settings/setup-script.ts";
import { readFingerprint } from "./sources/probe.ts";

export interface RegistrationDeskOptions {
  instances: InstanceDesk;
  codes: SetupCodes;
  clock: Clock;
}

/** Issues setup codes, writes scripts, and takes in the servers that register themselves. */
export function openRegistrationDesk({ instances, codes, clock }: RegistrationDeskOptions): RegistrationDesk {
  const hostOf = (host: string, type: InstanceType): string | Refusal =>
    toOrigin(host.trim(), type) ?? {
      refused: "bad-input",
      message: `host: "${host}" is no address such as https://192.168.1.10:8006`,
    };
  return {
    issue: (type, text) => {
      const host = hostOf(text, type);
      return typeof host === "string" ? { ...codes.issue({ type, host }, clock.now()), host } : host;
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
      const redeemed = code ? codes.redeem(code, { type, host }, from, clock.now()) : trusted ? "good" : "wrong";
      if (redeemed !== "good") return REFUSALS[redeemed];
      const pinned = given.fingerprint ? null : await readFingerprint(host);
      const fingerprint = given.fingerprint || pinned;
      const input: InstanceInput = {
        type,
        host,
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
  const known = instances.list().find(one => one.host === host && one.type === input.type);
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
