import { ARCH, HEALTH, hurriedClock } from "../updates/fixture.ts";
import { putInPlace } from "../updates/put-in-place.ts";
import { systemdService } from "../updates/service.ts";

// node put-in-place-process.ts ROOT DATA_DIR SYSTEMCTL [STEP]: the privileged part in a process of its own, which kills itself after STEP.

const [, , root = "", dataDir = "", systemctl = "", killAfter = ""] = process.argv;
await putInPlace({
  ...{ root, dataDir, arch: ARCH, clock: hurriedClock(dataDir) },
  service: systemdService(systemctl),
  health: HEALTH,
  step: name => {
    if (name === killAfter) process.kill(process.pid, "SIGKILL");
  },
});
