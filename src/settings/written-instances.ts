import { SECOND } from "../kit/units.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";

/** Instances as `pulse.yaml` has them, their secrets in plain text, and the files that stand beside it: PEM by name. */
export interface WrittenInstances {
  entries: object[];
  files: ReadonlyMap<string, string>;
}

/** The opposite of reading them: read again, they are equal. */
export function writeInstances(instances: readonly InstanceSettings[]): WrittenInstances {
  const files = new Map<string, string>();
  const entries = instances.map(({ name, title, type, host, credentials, trust, interval }) => {
    const ca = trust.kind === "ca" ? trust.ca : null;
    if (ca !== null) files.set(`${name}.ca.pem`, ca);
    return {
      name,
      ...(title === undefined ? {} : { title }),
      ...{ type, host },
      ...(credentials.kind === "token"
        ? { token: `${credentials.id}=${credentials.secret}` }
        : { user: credentials.user, password: credentials.password }),
      ...(trust.kind === "fingerprint" ? { fingerprint: trust.sha256 } : {}),
      ...(trust.kind === "any" ? { verifySSL: false } : {}),
      ...(ca === null ? {} : { ca: `${name}.ca.pem` }),
      ...(interval === null ? {} : { interval: interval / SECOND }),
    };
  });
  return { entries, files };
}
