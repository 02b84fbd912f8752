import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { DAY } from "../kit/units.ts";

export interface OidcProvider extends AsyncDisposable {
  issuer: string;
  /** What the next ID token says besides what every one does. */
  claims: Record<string, unknown>;
  /** Signs with a key that it does not publish. */
  forge: boolean;
  /** Who has signed in there is sent back: the address that the browser is then led to. */
  consent(authorizationUrl: string): string;
}

/** A tiny OpenID provider: discovery, keys, and a token endpoint that insists on PKCE; RS256. */
export async function startOidcProvider(clientId: string, clientSecret: string): Promise<OidcProvider> {
  const [own, other] = [
    generateKeyPairSync("rsa", { modulusLength: 2048 }),
    generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ];
  const codes = new Map<string, { challenge: string; nonce: string; redirect: string }>();
  const provider = { issuer: "", claims: {} as Record<string, unknown>, forge: false };
  const token = (nonce: string) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: provider.issuer, aud: clientId, sub: "42", iat: now, exp: now + DAY / 1000, nonce };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", kid: "1" })}.${part({ ...claims, ...provider.claims })}`;
    const { privateKey } = provider.forge ? other : own;
    return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
  };
  const answer = async (request: IncomingMessage): Promise<object | null> => {
    if (request.url === "/.well-known/openid-configuration")
      return {
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      };
    if (request.url === "/keys")
      return { keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] };
    if (request.url !== "/token") return null;
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const form = new URLSearchParams(text);
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const known = form.get("client_secret") === clientSecret && form.get("client_id") === clientId;
    if (!code || !known || challenge !== code.challenge || form.get("redirect_uri") !== code.redirect) return null;
    return { access_token: "a", token_type: "Bearer", id_token: token(code.nonce) };
  };
  const server = createServer(async (request, response) => {
    const body = await answer(request);
    response.writeHead(body ? 200 : 400, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { error: "invalid_grant" }));
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(provider, {
    consent(authorizationUrl: string) {
      const { searchParams } = new URL(authorizationUrl);
      const get = (name: string) => searchParams.get(name) ?? "";
      const code = `code-${codes.size}-${get("state").slice(0, 8)}`;
      codes.set(code, { challenge: get("code_challenge"), nonce: get("nonce"), redirect: get("redirect_uri") });
      return `${get("redirect_uri")}?${new URLSearchParams({ code, state: get("state") })}`;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  });
}
