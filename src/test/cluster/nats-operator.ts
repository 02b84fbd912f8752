import { randomUUID } from "node:crypto";
import { nkeys } from "@nats-io/transport-node";

/** An account of NATS whose users show a file that its key has signed, as `nsc` makes them. */
export interface NatsOperator {
  /** For nats-server's configuration. */
  config: object;
  /** What a user's `.creds` has. `permissions`: left out: everything. */
  credentials(name: string, permissions?: { publish: { allow: string[] }; subscribe: { allow: string[] } }): string;
}

const NO_LIMITS = { subs: -1, data: -1, payload: -1 };

export function openNatsOperator(): NatsOperator {
  const [operator, system, account] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()];
  const ofAccount = (storage: object) => ({
    ...{ type: "account", version: 2 },
    limits: { ...NO_LIMITS, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1, ...storage },
  });
  const preload = {
    [system.getPublicKey()]: sign(operator, system, "system", ofAccount({})),
    [account.getPublicKey()]: sign(
      ...([operator, account, "pulse"] as const),
      ofAccount({ mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }),
    ),
  };
  return {
    config: {
      operator: sign(operator, operator, "operator", { type: "operator", version: 2 }),
      system_account: system.getPublicKey(),
      resolver: "MEMORY",
      resolver_preload: preload,
    },
    credentials(name, permissions) {
      const user = nkeys.createUser();
      const { publish: pub = {}, subscribe: sub = {} } = permissions ?? {};
      const jwt = sign(account, user, name, { type: "user", version: 2, ...NO_LIMITS, pub, sub });
      const seed = new TextDecoder().decode(user.getSeed());
      return [
        ...["-----BEGIN NATS USER JWT-----", jwt, "------END NATS USER JWT------", ""],
        ...["-----BEGIN USER NKEY SEED-----", seed, "------END USER NKEY SEED------", ""],
      ].join("\n");
    },
  };
}

/** A JSON Web Token as NATS has them (github.com/nats-io/jwt). */
function sign(issuer: nkeys.KeyPair, subject: nkeys.KeyPair, name: string, nats: object): string {
  const head = { typ: "JWT", alg: "ed25519-nkey" };
  const claims = { jti: randomUUID(), iat: Math.floor(Date.now() / 1000), name, nats };
  const body = { ...claims, iss: issuer.getPublicKey(), sub: subject.getPublicKey() };
  const text = [head, body].map(part => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString("base64url")}`;
}
