import { spawn } from "node:child_process";

// npm run dev: the server from source, started again when a source changes, beside a build of the web UI that follows its sources.

const children = [
  spawn(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--watch", "--logLevel", "warn"], {
    stdio: "inherit",
  }),
  spawn(process.execPath, [...process.execArgv, "--watch", "src/main.ts", ...process.argv.slice(2)], {
    stdio: "inherit",
  }),
];

const stop = (signal: NodeJS.Signals) => {
  for (const child of children) child.kill(signal);
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
for (const child of children) {
  child.once("exit", (code, signal) => {
    stop("SIGTERM");
    process.exitCode ??= code ?? (signal === "SIGTERM" || signal === "SIGINT" ? 0 : 1);
  });
}
