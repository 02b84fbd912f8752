import { Kvm } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { EdgeSettings } from "../model/cluster.ts";
import { askOnce } from "./ask-once.ts";
import { DIRECT, FURTHER_RIGHTS, inboxOf, isForbidden } from "./edge-rights.ts";
import { listIn, openEntered } from "./entered-reader.ts";
import { toBody } from "./entry.ts";
import { orNull } from "./leases.ts";
import type { Reached } from "./line.ts";
import { instanceSubject, LEASES, toToken } from "./names.ts";

/** Tells the cores that a site has an instance no longer; why it cannot, as a sentence, or null when it is done. */
export async function forgetInstance(
  settings: EdgeSettings,
  name: string,
  tools: { clock: Clock; log: Log },
): Promise<string | null> {
  const { site, servers } = settings;
  const role = { name: `edge ${site}`, inbox: inboxOf(site) };
  const done = await askOnce(settings, role, tools, async reached => {
    try {
      return { problem: await forget(settings, name, reached) };
    } catch (error) {
      if (!isForbidden(error)) throw error;
      return { problem: `${FURTHER_RIGHTS} (pulse cluster config writes them)` };
    }
  });
  return done ? done.problem : `NATS does not answer at ${servers.join(", ")}`;
}

async function forget(settings: EdgeSettings, name: string, { stream }: Reached): Promise<string | null> {
  const { site } = settings;
  const entered = await openEntered(stream);
  const list = entered && (await listIn(entered, site));
  if (list?.instances.some(one => one.settings.name === name))
    return `Instance "${name}" was entered on the page: remove it there`;
  const bucket = await new Kvm(stream).open(LEASES, DIRECT);
  const key = `${toToken(site)}.${toToken(name)}`;
  // By the lease it is certain that nobody watches it, and its revision is greater than what was said before.
  const fence = await orNull(bucket.create(key, settings.name));
  if (fence === null) {
    const holder = (await bucket.get(key))?.string() ?? "another";
    return `Edge "${holder}" watches instance "${name}": take it out of the pulse.yaml of each edge first, and restart them`;
  }
  const id = `${name} forgotten ${fence}`;
  await stream.publish(instanceSubject(site, name), toBody({ fence, settings: null }), { msgID: id });
  await bucket.delete(key);
  return null;
}
