import { type AccountCommand, type CommandOutcome, runAccountCommand } from "./account-command.ts";
import { AccountDesk } from "./accounts/account-desk.ts";
import { Accounts, type AccountsOptions } from "./accounts/accounts.ts";
import { AuditLog } from "./accounts/audit.ts";
import { Oidc } from "./accounts/oidc.ts";
import { Passwords } from "./accounts/passwords.ts";
import { Edge } from "./http/edge.ts";
import type { OidcDesk } from "./http/oidc-handlers.ts";
import type { SecurityDesk } from "./http/security-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import { type Log, silent } from "./kit/log.ts";
import type { GivenUser } from "./model/caller.ts";
import { NO_SECURITY } from "./model/security-settings.ts";
import { onFolder } from "./on-folder.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import { Seal } from "./settings/seal.ts";
import type { Database } from "./store/database.ts";

export interface SecurityOptions {
  environment: EnvironmentSettings;
  database: Database;
  /** Those of pulse.yaml. */
  users: readonly GivenUser[];
  clock: Clock;
  log: Log;
  restart: (() => void) | null;
  /** See `Accounts`. */
  agree?: NonNullable<AccountsOptions["agree"]>;
  /** Of `Passwords`; left out: as much as is right. */
  passwordCost?: number;
  /** Left out: within the server. */
  onCommandLine?: true;
}

/** Who gets in, and what is kept of it. */
export interface Security {
  accounts: Accounts;
  audit: AuditLog;
  edge: Edge;
  desk: SecurityDesk;
  /** Seals what other rooms keep. */
  seal: Seal;
  /** Where the code for the first setup lies; null: it is done. */
  setupFile: string | null;
  /** Does what the command line asks for. */
  run(command: AccountCommand): Promise<CommandOutcome>;
}

/** Introduces the accounts to settings and doors. Throws BadSettings when sealed secrets cannot be read. */
export async function openSecurity(options: SecurityOptions): Promise<Security> {
  const { environment, database, clock, log, restart, users, passwordCost, onCommandLine = false } = options;
  const { user, apiToken, demoMode, dataDir, sealKey, security = NO_SECURITY } = environment;
  const { proxyAuth } = security.edge;
  const audit = new AuditLog(database, clock);
  const seal = Seal.open(dataDir, hasSealed(database), sealKey);
  const oidc = new Oidc(database, seal, clock, security.oidc);
  const accounts = await Accounts.open({
    database,
    audit,
    seal,
    clock,
    // Of two of the same name the environment's counts.
    given: [...(user ? [{ ...user, role: "admin" as const }] : []), ...users],
    apiToken,
    apiTokens: security.apiTokens,
    demo: demoMode,
    elsewhere: () => proxyAuth !== null || oidc.settings.enabled,
    adminRole: proxyAuth?.adminRole ?? "admin",
    ...(options.agree ? { agree: options.agree } : {}),
    passwords: new Passwords(passwordCost === undefined ? {} : { cost: passwordCost }),
  });
  const desk = new AccountDesk(accounts, dataDir, !demoMode && !onCommandLine);
  const edge = new Edge(security.edge);
  const code = desk.setupCode;
  if (code?.isNew) log("warn", `To set Pulse up from another machine, use the code ${code.code}`, { file: code.path });
  if (oidc.problem !== null && !onCommandLine) log("warn", oidcWarning(oidc.problem));
  return {
    accounts,
    audit,
    edge,
    desk: {
      accounts: desk,
      audit,
      oidc: openOidcDesk(oidc, accounts),
      proxyAuth,
      edge,
      restart,
    },
    seal,
    setupFile: code?.path ?? null,
    run: command => runAccountCommand(command, { accounts, desk, audit, now: clock.now(), running: !onCommandLine }),
  };
}

/** Does what the command line asks for, with the server running or not; see `onFolder` for what it throws. */
export async function runOnFolder(
  environment: EnvironmentSettings,
  command: AccountCommand,
  clock: Clock,
): Promise<CommandOutcome> {
  return onFolder(environment.dataDir, clock, command, async database => {
    const options = {
      environment,
      database,
      users: [],
      clock,
      log: silent,
      restart: null,
      onCommandLine: true,
    } as const;
    return await (await openSecurity(options)).run(command);
  });
}

const OIDC_VARIABLES: Readonly<Record<string, string>> = {
  issuerUrl: "OIDC_ISSUER_URL",
  clientId: "OIDC_CLIENT_ID",
  redirectUrl: "OIDC_REDIRECT_URL",
  scopes: "OIDC_SCOPES",
};

/** `problem` begins with the field. */
function oidcWarning(problem: string): string {
  const [field = ""] = problem.split(":");
  const named = `${OIDC_VARIABLES[field] ?? field}${problem.slice(field.length)}`;
  return `Nobody can sign in at the identity provider, though that is switched on (OIDC_ENABLED): ${named}`;
}

function openOidcDesk(oidc: Oidc, accounts: Accounts): OidcDesk {
  return {
    settings: () => {
      const { clientSecret, scopes, allowedGroups, allowedDomains, allowedEmails, groupRoles, ...rest } = oidc.settings;
      return {
        ...rest,
        scopes: [...scopes],
        allowedGroups: [...allowedGroups],
        allowedDomains: [...allowedDomains],
        allowedEmails: [...allowedEmails],
        groupRoles: { ...groupRoles },
        clientSecretSet: clientSecret !== "",
        envOverrides: Object.fromEntries(oidc.fixed.map(name => [name, true])),
      };
    },
    change: input => {
      const refusal = oidc.save(input, accounts.users.any);
      // Who was let in by the old rules shows up again by the new ones.
      if (!refusal) accounts.sessions.endWhere(({ role }) => role !== null);
      return refusal;
    },
    begin: callback => oidc.begin(callback),
    finish: async (query, binding, { address, agent }) => {
      const outcome = await oidc.finish(query, binding);
      if ("refused" in outcome) {
        accounts.keepRefused(address, outcome.message);
        return outcome;
      }
      return await accounts.signInElsewhere(outcome.name, outcome.role, address, agent);
    },
  };
}

/** Whether anything in the database can only be read with the key of the data folder. */
function hasSealed(database: Database): boolean {
  const [row] = database.all(
    `SELECT (SELECT count(*) FROM instance) + (SELECT count(*) FROM account WHERE totp IS NOT NULL)
       + (SELECT count(*) FROM sign_in_provider WHERE secret IS NOT NULL)
       + (SELECT count(*) FROM notification_setting)
       + (SELECT count(*) FROM archive_setting WHERE password IS NOT NULL) AS sealed`,
  );
  return Number(row?.sealed ?? 0) > 0;
}
