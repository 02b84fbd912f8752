import type { Fed } from "./cluster/entries.ts";
import type { HandRooms } from "./hand.ts";
import { keepPast } from "./keep-history.ts";
import type { Log } from "./kit/log.ts";
import { LateLooks } from "./late-looks.ts";
import type { WatchedInstance } from "./model/instance-settings.ts";
import type { PastSeen } from "./model/observation.ts";

/** The rooms that what edges see goes to. */
export type FedRooms = Pick<HandRooms, "inventory" | "history" | "log" | "ingest" | "publish" | "judge">;

/** What a core makes of the stream in its rooms. `instances`: those that edges watch, kept up to date. */
export function feedOf(rooms: () => FedRooms, instances: WatchedInstance[]): Fed {
  const late = new LateLooks();
  // NOTE: kept by ticks alone, as all else is: a core that has read less when NATS is lost has kept the same then.
  let remembered: PastSeen[] = [];
  const settingsOf = (name: string) => instances.find(one => one.name === name);
  const forget = (name: string) => {
    const at = instances.findIndex(one => one.name === name);
    if (at >= 0) instances.splice(at, 1);
  };
  return {
    admit(instance, at) {
      forget(instance.name);
      instances.push(instance);
      rooms().publish(rooms().inventory.admit(instance, at));
    },
    dismiss(name, at) {
      forget(name);
      rooms().publish(rooms().inventory.dismiss(name, at));
    },
    doubt(at) {
      late.drop();
      remembered = [];
      const { picture } = rooms().inventory;
      if (picture.roll) picture.roll = { ...picture.roll, at: 0 };
      rooms().publish(rooms().inventory.doubt(at));
    },
    renew(instance, at) {
      rooms().publish(rooms().inventory.dismiss(instance.name, at));
      rooms().publish(rooms().inventory.admit(instance, at));
    },
    ingest(seen) {
      if (seen.kind === "seen" && seen.scope === "past") return void remembered.push(seen);
      const watched = settingsOf(seen.instance);
      if (watched) late.end(seen, watched);
      rooms().ingest(seen);
    },
    ingestLate(seen, { judged, isPresent }) {
      const watched = settingsOf(seen.instance);
      if (watched) late.add(seen, watched, { judged, history: rooms().history });
      if (isPresent) rooms().ingest(seen);
    },
    tick(at, keep) {
      const { inventory, history, log, publish, judge } = rooms();
      publish(inventory.age(at));
      const came = remembered;
      remembered = [];
      if (!keep) return late.drop(at);
      for (const seen of came) sparing(() => keepPast(history, seen, log), log);
      sparing(() => late.keep(history, at, log), log);
      judge(at, keep);
    },
  };
}

/** NOTE: whatever it is, the present is judged: no core may stop by what somebody tells of the past. */
function sparing(work: () => void, log: Log): void {
  try {
    work();
  } catch (error) {
    log("error", "What came late, or servers remember, was skipped", { reason: (error as Error).message });
  }
}
