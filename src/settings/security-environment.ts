import { isIP } from "node:net";
import type { Role } from "../model/caller.ts";
import type { EdgeSettings, OidcSettings, ProxyAuthSettings, SecuritySettings } from "../model/security-settings.ts";

/** Reads one variable; an empty one counts as not set. */
type Text = (name: string) => string | null;
type Flag = (name: string) => boolean;

/** What the environment says about security; adds to `problems` a sentence for each variable that cannot be used. */
export function readSecurity(text: Text, flag: Flag, problems: string[]): SecuritySettings {
  return {
    apiTokens: listOf(text("API_TOKENS")),
    edge: readEdge(text, flag, problems),
    tls: readTls(text, flag, problems),
    oidc: readOidc(text, flag, problems),
  };
}

function readEdge(text: Text, flag: Flag, problems: string[]): EdgeSettings {
  const unprotected = flag("ALLOW_UNPROTECTED_EXPORT");
  const trustedProxies = listOf(text("TRUSTED_PROXIES"));
  for (const proxy of trustedProxies)
    if (!isNetwork(proxy)) problems.push(`TRUSTED_PROXIES: "${proxy}" is no address or network such as 10.0.0.0/24`);
  const allowedOrigins = listOf(text("ALLOWED_ORIGINS"));
  const proxyAuth = readProxyAuth(text);
  if (proxyAuth && trustedProxies.length === 0)
    problems.push("TRUSTED_PROXIES: missing, while PROXY_AUTH_SECRET is set: name the proxy that may say who calls");
  const limit = text("RATE_LIMIT") ?? "500";
  if (!/^\d{1,7}$/.test(limit)) problems.push(`RATE_LIMIT: "${limit}" is no number of requests a minute (0: no limit)`);
  return {
    trustedProxies,
    allowedOrigins,
    proxyAuth,
    requestsPerMinute: Number(limit) || null,
    ...(unprotected ? { unprotectedExport: true } : {}),
  };
}

function readProxyAuth(text: Text): ProxyAuthSettings | null {
  const secret = text("PROXY_AUTH_SECRET");
  if (secret === null) return null;
  return {
    secret,
    userHeader: (text("PROXY_AUTH_USER_HEADER") ?? "X-Authenticated-User").toLowerCase(),
    roleHeader: text("PROXY_AUTH_ROLE_HEADER")?.toLowerCase() ?? null,
    roleSeparator: text("PROXY_AUTH_ROLE_SEPARATOR") ?? "|",
    adminRole: text("PROXY_AUTH_ADMIN_ROLE") ?? "admin",
    logoutUrl: text("PROXY_AUTH_LOGOUT_URL"),
  };
}

function readTls(text: Text, flag: Flag, problems: string[]): SecuritySettings["tls"] {
  if (!flag("HTTPS_ENABLED")) return null;
  const [certificate, key] = ["TLS_CERT_FILE", "TLS_KEY_FILE"].map(name => {
    const file = text(name);
    if (file === null) problems.push(`${name}: missing, while HTTPS_ENABLED is set`);
    return file ?? "";
  });
  return { certificate: certificate ?? "", key: key ?? "" };
}

function readOidc(text: Text, flag: Flag, problems: string[]): Partial<OidcSettings> {
  const texts = {
    issuerUrl: text("OIDC_ISSUER_URL"),
    clientId: text("OIDC_CLIENT_ID"),
    clientSecret: text("OIDC_CLIENT_SECRET"),
    redirectUrl: text("OIDC_REDIRECT_URL"),
    logoutUrl: text("OIDC_LOGOUT_URL"),
    usernameClaim: text("OIDC_USERNAME_CLAIM"),
    emailClaim: text("OIDC_EMAIL_CLAIM"),
    groupsClaim: text("OIDC_GROUPS_CLAIM"),
  };
  const lists = {
    scopes: text("OIDC_SCOPES"),
    allowedGroups: text("OIDC_ALLOWED_GROUPS"),
    allowedDomains: text("OIDC_ALLOWED_DOMAINS"),
    allowedEmails: text("OIDC_ALLOWED_EMAILS"),
  };
  const given = <T>(values: Record<string, T | null>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const groupRoles: Record<string, Role> = {};
  for (const entry of listOf(text("OIDC_GROUP_ROLES"))) {
    const [group = "", role = ""] = entry.split("=");
    if (!isRole(role) || group === "")
      problems.push(`OIDC_GROUP_ROLES: "${entry}" is not of the form group=admin, group=operator or group=viewer`);
    else groupRoles[group] = role;
  }
  const defaultRole = text("OIDC_DEFAULT_ROLE");
  if (defaultRole !== null && !isRole(defaultRole))
    problems.push(`OIDC_DEFAULT_ROLE: "${defaultRole}" is none of admin, operator, viewer`);
  return {
    ...(text("OIDC_ENABLED") === null ? {} : { enabled: flag("OIDC_ENABLED") }),
    ...given(texts),
    ...Object.fromEntries(Object.entries(given(lists)).map(([name, value]) => [name, listOf(String(value))])),
    ...(Object.keys(groupRoles).length > 0 ? { groupRoles } : {}),
    ...(defaultRole !== null && isRole(defaultRole) ? { defaultRole } : {}),
  };
}

function isRole(text: string): text is Role {
  return text === "admin" || text === "operator" || text === "viewer";
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
}

/** What stands between commas or spaces. */
function listOf(text: string | null): string[] {
  return (text ?? "").split(/[\s,]+/).filter(part => part !== "");
}
