import { AccountDesk } from "./accounts/account-desk.ts";
import { Accounts } from "./accounts/accounts.ts";
import { AuditLog } from "./accounts/audit.ts";
import { Edge } from "./http/edge.ts";
import type { SecurityDesk } from "./http/security-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import { NO_SECURITY } from "./model/security-settings.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import { Seal } from "./settings/seal.ts";
import type { Database } from "./store/database.ts";

export interface SecurityOptions {
  environment: EnvironmentSettings;
  database: Database;
  clock: Clock;
  log: Log;
  restart: (() => void) | null;
}

/** Who gets in, and what is kept of it. */
export interface Security {
  accounts: Accounts;
  audit: AuditLog;
  edge: Edge;
  desk: SecurityDesk & { accounts: AccountDesk };
}

/** Introduces the accounts to settings and doors. Throws BadSettings when sealed secrets cannot be read. */
export async function openSecurity({ environment, database, clock, log, restart }: SecurityOptions): Promise<Security> {
  const { user, apiToken, demoMode, dataDir, security = NO_SECURITY } = environment;
  const { proxyAuth } = security.edge;
  const audit = new AuditLog(database, clock);
  const seal = Seal.open(dataDir, hasSealed(database));
  const accounts = await Accounts.open({
    database,
    audit,
    seal,
    clock,
    user,
    apiToken,
    apiTokens: security.apiTokens,
    demo: demoMode,
    elsewhere: () => proxyAuth !== null,
    adminRole: proxyAuth?.adminRole ?? "admin",
  });
  const desk = new AccountDesk(accounts, dataDir, demoMode);
  const code = desk.setupCode;
  if (code?.isNew) log("warn", `To set Pulse up from another machine, use the code ${code.code}`, { file: code.path });
  return {
    accounts,
    audit,
    edge: new Edge(security.edge),
    desk: {
      accounts: desk,
      audit,
      elsewhere: () => ({
        proxyAuth,
        oidc: { enabled: false, issuerUrl: "", clientId: "", logoutUrl: "" },
      }),
      restart,
    },
  };
}

/** Whether anything in the database can only be read with the key of the data folder. */
function hasSealed(database: Database): boolean {
  const [row] = database.all(
    `SELECT (SELECT count(*) FROM instance) + (SELECT count(*) FROM account WHERE totp IS NOT NULL)
       + (SELECT count(*) FROM sign_in_provider WHERE secret IS NOT NULL) AS sealed`,
  );
  return Number(row?.sealed ?? 0) > 0;
}
