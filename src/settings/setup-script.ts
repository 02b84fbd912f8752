import { type InstanceType, PRODUCTS } from "../model/instance-settings.ts";
import { quoted } from "./quoted.ts";

export interface SetupScriptOptions {
  type: InstanceType;
  /** Base URL under which Pulse will watch the server. */
  host: string;
  /** Where Pulse is, as the server reaches it; without a slash at its end. */
  pulseUrl: string;
  /** Proxmox VE only: may also list the backups on its storages. */
  backupPerms: boolean;
}

/**
 * The script that makes a user for Pulse on a Proxmox server, with the least privileges, and registers the server with Pulse.
 * For `bash`, also by a pipe: nothing runs before all of it has arrived. What differs stands at its head, quoted for the shell.
 */
export function toSetupScript(options: SetupScriptOptions): string {
  const head: Record<string, string> = {
    PULSE_URL: options.pulseUrl,
    HOST_URL: options.host,
    SERVER_TYPE: options.type,
    ...(PRODUCTS[options.type].tokenSeparator === null ? {} : { TOKEN_NAME: toTokenName(options.pulseUrl) }),
    ...(options.type === "pve" ? { BACKUP_PERMS: options.backupPerms ? "yes" : "no" } : {}),
  };
  const settings = Object.entries(head)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join("\n");
  return `#!/usr/bin/env bash\n# Lets Pulse watch this server: makes a user that may look and nothing else, and registers the server.\nset -euo pipefail\n\n${settings}\n${COMMON}${ACCESS[options.type]}${MAIN}`;
}

/** One token for each Pulse, so that several can watch one server. */
function toTokenName(pulseUrl: string): string {
  const host = URL.parse(pulseUrl)?.hostname ?? "";
  return `pulse-${host.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "") || "monitor"}`.slice(0, 60);
}

const COMMON = String.raw`
fail() {
  printf 'Error: %s\n' "$1" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null 2>&1 || fail "\"$1\" is not here: is this the right kind of server, and are you root?"
}

# The SHA-256 fingerprint of a certificate file; nothing when it cannot be read.
fingerprint_of() {
  [ -r "$1" ] || return 0
  openssl x509 -noout -fingerprint -sha256 -in "$1" 2>/dev/null | sed 's/^.*=//'
}

# The text of a field of the JSON on stdin.
field() {
  sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"\\]*\(\\.[^"\\]*\)*\)".*/\1/p' | sed 's/\\\(.\)/\1/g' | head -n 1
}

ask_for_code() {
  SETUP_CODE="\${PULSE_SETUP_CODE:-}"
  if [ -z "$SETUP_CODE" ] && { : </dev/tty; } 2>/dev/null; then
    printf 'Setup code (from Pulse): ' >/dev/tty
    IFS= read -r SETUP_CODE </dev/tty || SETUP_CODE=''
  fi
}
`.replaceAll("\\${", "${");

/** Each makes the user and sets LOGIN_ID, LOGIN_SECRET and FINGERPRINT. */
const ACCESS: { readonly [T in InstanceType]: string } = {
  pve: String.raw`
make_access() {
  local user='pulse-monitor@pam' answer privilege
  need pveum
  if ! pveum user list --output-format json | grep -q "\"userid\":\"$user\""; then
    pveum user add "$user" --comment 'Pulse monitoring, read only'
  fi
  pveum acl modify / --users "$user" --roles PVEAuditor
  # What the guest agents tell: a privilege of its own since Proxmox VE 9, part of VM.Monitor before.
  for privilege in VM.GuestAgent.Audit VM.Monitor; do
    if pveum role modify PulseMonitor --privs "$privilege" 2>/dev/null || pveum role add PulseMonitor --privs "$privilege" 2>/dev/null; then
      pveum acl modify / --users "$user" --roles PulseMonitor
      break
    fi
  done
  if [ "$BACKUP_PERMS" = yes ]; then
    pveum acl modify /storage --users "$user" --roles PVEDatastoreAdmin
  fi
  pveum user token remove "$user" "$TOKEN_NAME" >/dev/null 2>&1 || true
  answer=$(pveum user token add "$user" "$TOKEN_NAME" --privsep 0 --output-format json)
  LOGIN_ID="$user!$TOKEN_NAME"
  LOGIN_SECRET=$(printf '%s' "$answer" | field value)
  FINGERPRINT=$(fingerprint_of /etc/pve/local/pveproxy-ssl.pem)
  [ -n "$FINGERPRINT" ] || FINGERPRINT=$(fingerprint_of /etc/pve/local/pve-ssl.pem)
}
`,
  pbs: String.raw`
make_access() {
  local user='pulse-monitor@pbs' answer
  need proxmox-backup-manager
  if ! proxmox-backup-manager user list --output-format json | grep -q "\"userid\":\"$user\""; then
    proxmox-backup-manager user create "$user" --comment 'Pulse monitoring, read only'
  fi
  proxmox-backup-manager user delete-token "$user" "$TOKEN_NAME" >/dev/null 2>&1 || true
  answer=$(proxmox-backup-manager user generate-token "$user" "$TOKEN_NAME")
  LOGIN_ID="$user!$TOKEN_NAME"
  LOGIN_SECRET=$(printf '%s' "$answer" | field value)
  # A token may do what both its user and itself may.
  proxmox-backup-manager acl update / Audit --auth-id "$user"
  proxmox-backup-manager acl update / Audit --auth-id "$LOGIN_ID"
  FINGERPRINT=$(fingerprint_of /etc/proxmox-backup/proxy.pem)
}
`,
  pmg: String.raw`
make_access() {
  local user='pulse-monitor@pmg'
  need pmgsh
  # Mail Gateway has no API tokens: a password that nobody knows.
  LOGIN_SECRET=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
  if pmgsh get "/access/users/$user" >/dev/null 2>&1; then
    pmgsh set "/access/users/$user" --password "$LOGIN_SECRET" >/dev/null
  else
    pmgsh create /access/users --userid "$user" --password "$LOGIN_SECRET" --role audit --enable 1 --comment 'Pulse monitoring, read only' >/dev/null
  fi
  LOGIN_ID="$user"
  FINGERPRINT=$(fingerprint_of /etc/pmg/pmg-api.pem)
}
`,
};

const MAIN = String.raw`
register() {
  local body answer status
  body=$(printf '{"type":"%s","host":"%s","serverName":"%s","tokenId":"%s","tokenValue":"%s","fingerprint":"%s","setupCode":"%s"}' \
    "$SERVER_TYPE" "$HOST_URL" "$(hostname -s 2>/dev/null || hostname)" "$LOGIN_ID" "$LOGIN_SECRET" "$FINGERPRINT" "$SETUP_CODE")
  answer=$(printf '%s' "$body" | curl -sS -m 60 -w '\n%{http_code}' -H 'Content-Type: application/json' --data-binary @- "$PULSE_URL/api/auto-register") ||
    { manual; fail "cannot reach Pulse at $PULSE_URL"; }
  status=$(printf '%s' "$answer" | tail -n 1)
  if [ "$status" != 200 ]; then
    manual
    fail "Pulse said no: $(printf '%s' "$answer" | field error)"
  fi
  printf '%s\n' "$(printf '%s' "$answer" | field message)"
}

manual() {
  printf '\nTo add this server by hand, in Pulse under Settings:\n  address      %s\n  sign in as   %s\n  secret       %s\n  fingerprint  %s\n\n' \
    "$HOST_URL" "$LOGIN_ID" "$LOGIN_SECRET" "$FINGERPRINT"
}

main() {
  need curl
  need openssl
  make_access
  [ -n "$LOGIN_SECRET" ] || fail 'the server gave no secret for the new token'
  ask_for_code
  case "$SETUP_CODE" in
    '') manual ;;
    *[!A-Za-z0-9]*) manual; fail 'a setup code is six letters and digits' ;;
    *) register ;;
  esac
}

main "$@"
`;
