import { testWith } from "./debian-programs.ts";

// npm run test:podman [-- --install]: the built agent against a real Podman. `--install`, as root on Debian or Ubuntu, puts Podman on this
// machine first; nothing else does.

testWith(
  { podman: "podman", busybox: "busybox-static", runc: "runc" },
  { file: "src/test/podman/agent.podman.ts", what: "against a real Podman", command: "test:podman" },
);
