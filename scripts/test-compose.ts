import { spawnSync } from "node:child_process";
import { testWith } from "./debian-programs.ts";

// npm run test:compose [-- --install]: deploy/Containerfile built, and deploy/cluster.compose.yaml run, by a real Podman and podman-compose,
// as root. `--install`, on Debian or Ubuntu, puts them on this machine first; nothing else does. What stays of a
// run are empty chains of Podman's in the machine's iptables.

if (spawnSync(process.execPath, ["scripts/get-nats-server.ts"], { stdio: "inherit" }).status !== 0) process.exit(1);
testWith(
  {
    ...{ podman: "podman", "podman-compose": "podman-compose", runc: "runc" },
    // What Podman joins containers by.
    ...{ iptables: "iptables", "../lib/podman/netavark": "netavark", "../lib/podman/aardvark-dns": "aardvark-dns" },
  },
  { file: "src/test/podman/cluster.podman.ts", what: "in containers", command: "test:compose" },
);
