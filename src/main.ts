import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };
import { keepCompiled } from "./compile-cache.ts";
import type { Program } from "./serve.ts";
import { readStatus } from "./status-command.ts";

const HELP = `Usage: pulse [command]

Without a command: starts the server.

  status         whether Pulse runs on this data folder and answers, and where; 0 when it does
  check-config   checks the environment and pulse.yaml, and says what is wrong
  reset-password [USER] [--password-stdin]
                 a new password, for who has forgotten it; while Pulse runs, too
  token create NAME [--scope read,write,agent,admin,wall] [--days N]
  token list
  token revoke ID
                 API tokens; while Pulse runs, too
  import FOLDER  takes over the data folder of an older version (/etc/pulse), while Pulse runs; --dry-run only tells
  import FILE    takes over an export; --passphrase-stdin
  export FILE    everything that is configured, sealed; --passphrase-stdin
  backup [FILE]  the whole database, while Pulse runs, too; without a file among the backups of the data folder
  backups        lists those
  restore FILE|NAME|latest
                 puts a backup in its place, while Pulse does not run
                 --if-needed: only where this version cannot use the database that there is
  core           serves what edges see, beside other cores (docs/scale-out.md)
  edge           watches the instances of a site for them; edge forget INSTANCE: one that no edge watches any more
  cluster config FOLDER --sites NAME,NAME [--servers HOST,HOST,HOST] [--tls]
                 what nats-servers, cores and edges are started with
  cluster adopt FOLDER --site NAME
                 makes of this Pulse what a cluster begins with
  cluster leave FOLDER --edge EDGES_FOLDER
                 makes of a core and the edges a single Pulse again
  mock on|off|status
                 a simulated estate in the place of the real one; while Pulse runs, too
  update --back  the version before the last update runs again, as root
  apply-update   puts another version in place, as root; pulse-update.service does it
  recovery-token a token by which this machine gets in for an hour (POST /api/security/recovery)
  help           this text
  version        the version

Set by the environment: FRONTEND_PORT (7655), BIND_HOST (all addresses), PULSE_DATA_DIR (./data),
PULSE_AUTH_USER and PULSE_AUTH_PASS, API_TOKEN, PULSE_MOCK_MODE, DEMO_MODE, LOG_LEVEL, and what
docs/configuration.md tells.
`;
/** Run from the sources, not from the bundle. */
const DEVELOPMENT = import.meta.url.endsWith(".ts");
const HERE = dirname(fileURLToPath(import.meta.url));
const PROGRAM: Program = {
  version: packageJson.version,
  development: DEVELOPMENT,
  folder: HERE,
  built: DEVELOPMENT ? resolve(HERE, "../dist") : HERE,
  dataDir: resolve(process.env.PULSE_DATA_DIR?.trim() || "./data"),
};

// NOTE: not awaited. What is imported below comes in files of its own, which would wait for this one.
main(process.argv.slice(2)).then(code => {
  process.exitCode = code;
});

/** What is asked for now and then loads neither the server nor what it needs; a health check asks every few seconds. */
async function main(args: readonly string[]): Promise<number> {
  const [command = "start"] = args;
  if (command === "help" || command === "--help" || command === "-h") return say(HELP);
  if (command === "version" || command === "--version") return say(`v${packageJson.version}\n`);
  if (command === "status") return tellStatus();
  if (command === "edge") return (await import("./edge-command.ts")).runEdge(PROGRAM, args.slice(1));
  if (command === "core") {
    (await import("./core-node.ts")).becomeCoreNode();
    return (await import("./core-command.ts")).runCore(PROGRAM, keepCompiled(PROGRAM));
  }
  if (command !== "start") return (await import("./commands.ts")).runCommand(command, args, PROGRAM);
  const kept = keepCompiled(PROGRAM);
  return (await import("./serve.ts")).serve(PROGRAM, kept);
}

/** NOTE: looks at no other setting: the server that runs has its own. */
async function tellStatus(): Promise<number> {
  const { ok, text } = await readStatus(PROGRAM.dataDir);
  (ok ? process.stdout : process.stderr).write(`${text}\n`);
  return ok ? 0 : 1;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
