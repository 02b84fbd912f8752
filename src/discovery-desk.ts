import type { DiscoveryDesk } from "./http/discovery-handlers.ts";
import type { InstanceDesk } from "./http/instance-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import { type Instant, MINUTE } from "./kit/units.ts";
import type { SystemSettings } from "./model/system-settings.ts";
import { addressesOf, BadNetwork, discover, type Found, localNetworks, PORTS } from "./sources/discovery.ts";

/** Results older than that are found anew when somebody who may asks for them. */
const FRESH = 5 * MINUTE;

/**
 * Scans networks in the background, one scan at a time; remembers the last results. Disposing of it ends a scan. Where discovery is off,
 * a scan begins only when somebody who may asks for one.
 */
export function openDiscoveryDesk(
  instances: InstanceDesk,
  clock: Clock,
  settings: () => Pick<SystemSettings, "discoveryEnabled" | "discoverySubnet">,
): DiscoveryDesk & AsyncDisposable {
  const stop = new AbortController();
  let servers: Found[] = [];
  let errors: string[] = [];
  let updated: Instant = 0;
  let scan: Promise<void> | null = null;
  const begin = (addresses: string[]) => {
    scan ??= discover(addresses, PORTS, stop.signal)
      .then(found => {
        servers = found;
        updated = clock.now();
      })
      .finally(() => {
        scan = null;
      });
  };
  const watched = () =>
    new Map(
      instances
        .list()
        .flatMap(({ id, host, clusterEndpoints }) => [
          [host, id] as const,
          ...clusterEndpoints.map(({ Host }) => [Host, id] as const),
        ]),
    );
  return {
    found() {
      const known = watched();
      const listed = servers.map(server => ({
        ...server,
        ip: server.host,
        hostname: server.name,
        instance: known.get(`https://${server.host}:${server.port}`) ?? null,
      }));
      return { servers: listed, errors, scanning: scan !== null, updated };
    },
    scan(asked) {
      const { discoverySubnet } = settings();
      const network = asked ?? (isNetwork(discoverySubnet) ? discoverySubnet : null);
      try {
        const addresses = network === null ? localNetworks().flatMap(addressesOf) : addressesOf(network);
        errors = addresses.length > 0 ? [] : ["This machine is in no private IPv4 network: name the one to be scanned"];
        begin(addresses);
        return null;
      } catch (error) {
        if (error instanceof BadNetwork) return error.message;
        throw error;
      }
    },
    isOld: () => settings().discoveryEnabled && clock.now() - updated > FRESH,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await scan;
    },
  };
}

/** Why a network that somebody has set cannot be looked through, as a sentence that names where it is set; null: it can. */
export function discoveryWarning(set: { value: unknown; by: string } | undefined): string | null {
  if (!set || !isNetwork(String(set.value))) return null;
  try {
    addressesOf(String(set.value));
    return null;
  } catch (error) {
    if (error instanceof BadNetwork) return `No servers will be found: ${set.by}: ${error.message}`;
    throw error;
  }
}

/** Not "auto", which stands for those of this machine. */
function isNetwork(subnet: string): boolean {
  return subnet !== "" && subnet !== "auto";
}
