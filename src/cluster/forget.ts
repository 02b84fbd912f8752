import { Kvm } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import type { EdgeSettings } from "../model/cluster.ts";
import { inboxOf } from "./edge-rights.ts";
import { toBody } from "./entry.ts";
import { orNull } from "./leases.ts";
import { Line } from "./line.ts";
import { instanceSubject, LEASES, toToken } from "./names.ts";

const PATIENCE: Millis = 10 * SECOND;

/** Tells the cores that a site has an instance no longer; why it cannot, as a sentence, or null when it is done. */
export async function forgetInstance(
  settings: EdgeSettings,
  name: string,
  { clock, log }: { clock: Clock; log: Log },
): Promise<string | null> {
  const { site } = settings;
  await using line = new Line(settings, { name: `edge ${site}`, inbox: inboxOf(site) }, clock, log);
  const waited = new AbortController();
  const reached = await Promise.race([line.reached(), clock.sleep(PATIENCE, waited.signal)]);
  waited.abort();
  if (!reached) return `NATS does not answer at ${settings.servers.join(", ")}`;
  const bucket = await new Kvm(reached.stream).open(LEASES);
  const key = `${toToken(site)}.${toToken(name)}`;
  // By the lease it is certain that nobody watches it, and its revision is greater than what was said before.
  const fence = await orNull(bucket.create(key, settings.name));
  if (fence === null) {
    const holder = (await bucket.get(key))?.string() ?? "another";
    return `Edge "${holder}" watches instance "${name}": take it out of the pulse.yaml of each edge first, and restart them`;
  }
  const id = `${name} forgotten ${fence}`;
  await reached.stream.publish(instanceSubject(site, name), toBody({ fence, settings: null }), { msgID: id });
  await bucket.delete(key);
  return null;
}
