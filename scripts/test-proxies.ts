import { PROXIES } from "../src/test/proxies/reverse-proxy.ts";
import { install, missing, run } from "./debian-programs.ts";

// npm run test:proxies [-- --install]: the configurations of docs/reverse-proxy.md, each in its own proxy, in front of the built server.
// `--install`, as root on Debian or Ubuntu, puts the proxies on this machine first, but for Traefik, which Debian does not have.

const lackingNow = () => PROXIES.filter(({ program }) => missing({ [program]: "" }).length > 0);

const problem = process.argv.includes("--install") ? install(lackingNow().flatMap(({ debian }) => debian ?? [])) : null;
const lacking = lackingNow();
if (problem !== null || lacking.length === PROXIES.length) {
  process.stderr.write(
    `${problem ?? "None of the proxies is on this machine."}\nAs root on Debian or Ubuntu: npm run test:proxies -- --install\n`,
  );
  process.exitCode = 1;
} else {
  process.exitCode = run(process.execPath, ["--test", "src/test/proxies/proxies.proxy.ts"]) ? 0 : 1;
  for (const { name, debian } of lacking)
    process.stderr.write(
      `Not tried: ${name} (${debian === null ? "put its program on the PATH" : `Debian's package ${debian}`}) is not on this machine.\n`,
    );
}
