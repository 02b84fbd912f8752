import { randomBytes } from "node:crypto";
import type { AccountDesk } from "./accounts/account-desk.ts";
import type { Accounts } from "./accounts/accounts.ts";
import type { AuditLog } from "./accounts/audit.ts";
import { DAY, type Instant } from "./kit/units.ts";
import { SCOPES, type Scope } from "./model/caller.ts";

/** What the command line may ask of the accounts, with the server running or not. */
export type AccountCommand =
  | { kind: "reset-password"; user: string | null; password: string | null }
  | { kind: "token-create"; name: string; scopes: readonly Scope[]; days: number | null }
  | { kind: "token-list" }
  | { kind: "token-revoke"; id: string }
  | { kind: "recovery-token" };

export interface CommandOutcome {
  ok: boolean;
  /** To be printed. */
  text: string;
}

const USAGE = "token create NAME [--scope read,write,agent,admin,wall] [--days N] | token list | token revoke ID";

/** The command that `args` spell; a sentence when they spell none. `password`: what was typed in, if it was to be. */
export function toAccountCommand(args: readonly string[], password: string | null): AccountCommand | string {
  const { words, options } = split(args);
  const unknown = Object.keys(options).find(name => !["scope", "days", "password-stdin"].includes(name));
  if (unknown !== undefined) return `Unknown option "--${unknown}"`;
  const [first, second, third] = words;
  if (first === "reset-password") return { kind: "reset-password", user: second ?? null, password };
  if (first === "recovery-token") return { kind: "recovery-token" };
  if (first !== "token") return `Unknown command "${first}"`;
  if (second === "list") return { kind: "token-list" };
  if (second === "revoke" && third !== undefined) return { kind: "token-revoke", id: third };
  if (second !== "create" || third === undefined) return USAGE;
  const scopes = (options.scope ?? "read").split(",");
  const wrong = scopes.find(scope => !SCOPES.some(right => right === scope));
  if (wrong !== undefined) return `--scope: "${wrong}" is none of ${SCOPES.join(", ")}`;
  const days = options.days === undefined ? null : Number(options.days);
  if (days !== null && !(days > 0 && days < 36_500)) return `--days: "${options.days}" is no number of days`;
  return { kind: "token-create", name: third, scopes: scopes as Scope[], days };
}

/** Does what was asked, and keeps it in the audit log. `running`: within the server. */
export async function runAccountCommand(
  command: AccountCommand,
  rooms: { accounts: Accounts; desk: AccountDesk; audit: AuditLog; now: Instant; running: boolean },
): Promise<CommandOutcome> {
  const outcome = await run(command, rooms);
  if (command.kind !== "token-list")
    rooms.audit.append({
      actor: "command line",
      address: null,
      action: command.kind,
      target: "user" in command ? command.user : "name" in command ? command.name : "id" in command ? command.id : null,
      outcome: outcome.ok ? "ok" : "failed",
      detail: null,
    });
  return outcome;
}

async function run(
  command: AccountCommand,
  { accounts, desk, now, running }: Parameters<typeof runAccountCommand>[1],
): Promise<CommandOutcome> {
  switch (command.kind) {
    case "reset-password":
      return resetPassword(command, accounts, desk);
    case "token-create": {
      const expires = command.days === null ? null : now + command.days * DAY;
      const made = await desk.createToken({ name: command.name, scopes: command.scopes, expires }, "command line");
      return "refused" in made
        ? { ok: false, text: made.message }
        : { ok: true, text: `${made.secret}\nThis is token ${made.token.id}; its text is shown only now.` };
    }
    case "token-list":
      return { ok: true, text: desk.tokens().map(toLine).join("\n") || "There are no tokens." };
    case "token-revoke": {
      const gone = await desk.revokeToken(command.id);
      return "refused" in gone ? { ok: false, text: gone.message } : { ok: true, text: `"${gone.name}" is revoked.` };
    }
    case "recovery-token":
      return running
        ? { ok: true, text: accounts.makeRecoveryToken() }
        : { ok: false, text: "Pulse is not running; set a new password with: pulse reset-password" };
  }
}

async function resetPassword(
  { user, password }: { user: string | null; password: string | null },
  accounts: Accounts,
  desk: AccountDesk,
): Promise<CommandOutcome> {
  const admins = accounts.users.list().filter(({ role }) => role === "admin");
  const name = user ?? (admins.length > 1 ? null : (admins[0]?.name ?? "admin"));
  if (name === null)
    return { ok: false, text: `Whose? There are: ${admins.map(admin => admin.name).join(", ")}; name one` };
  const chosen = password ?? randomBytes(12).toString("base64url");
  const saved = await desk.resetPassword(name, chosen);
  if ("refused" in saved) return { ok: false, text: saved.message };
  const told = password === null ? `\n${chosen}\nChange it after signing in.` : "";
  return { ok: true, text: `"${saved.name}" has a new password; all sessions of that user are ended.${told}` };
}

function toLine({ id, name, scopes, expires, used }: ReturnType<AccountDesk["tokens"]>[number]): string {
  const day = (at: Instant | null) => (at === null ? "never" : new Date(at).toISOString().slice(0, 10));
  return [id, name, scopes.join(","), `expires ${day(expires)}`, `used ${day(used)}`].join("\t");
}

/** Words, and `--name value` or `--name=value` options; "password-stdin" has no value. */
function split(args: readonly string[]): { words: string[]; options: Record<string, string> } {
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (!arg.startsWith("--")) words.push(arg);
    else if (arg.includes("=")) options[arg.slice(2, arg.indexOf("="))] = arg.slice(arg.indexOf("=") + 1);
    else if (arg === "--password-stdin") options["password-stdin"] = "";
    else {
      index += 1;
      options[arg.slice(2)] = args[index] ?? "";
    }
  }
  return { words, options };
}
