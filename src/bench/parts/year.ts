import { Alerts } from "../../alerts/alerts.ts";
import { addGuest, NO_PAST, samplePicture } from "../../alerts/sample-estate.ts";
import { OpenBlock, rolledSteps, type Steps } from "../../history/block.ts";
import { Book } from "../../history/book.ts";
import { History } from "../../history/history.ts";
import { METRICS, type Samples, toUnits } from "../../history/metrics.ts";
import { Tables } from "../../history/tables.ts";
import { blockOf, slotOf, TICK, TIERS, type Tier } from "../../history/tiers.ts";
import { DAY, HOUR, type Instant, MINUTE } from "../../kit/units.ts";
import type { PastFrame } from "../../model/observation.ts";
import { Outbox } from "../../notify/outbox.ts";
import type { Database } from "../../store/database.ts";
import { type Entity, IdleEstate } from "./idle-estate.ts";

const YEAR = 365 * DAY;
const ALERTS_A_DAY = 20;

/**
 * Leaves in `database` what a server leaves that has watched these entities for a year and ended at `end`: all tiers as they are kept, the
 * frames of the blocks that are open, the past that Proxmox told, alerts and what was told of them. The blocks of long ago are packed as the
 * server packs them, and not sample by sample: that would take an hour. From the open block of the coarsest tier on, ticks are recorded.
 */
export function writeYear(database: Database, entities: readonly Entity[], end: Instant): void {
  const coarsest = TIERS[3];
  const length = coarsest.step * coarsest.slots;
  const recorded = Math.floor((end - 3 * DAY) / length) * length;
  writePacked(database, entities, { from: end - YEAR, to: recorded, end });
  const history = new History(database);
  importPast(history, entities, end - YEAR);
  const estate = new IdleEstate(entities);
  for (let at = recorded; at < end - 3 * DAY; at += MINUTE) history.record(at, estate.samples());
  for (let at = end - 3 * DAY; at < end; at += TICK) history.record(at, estate.samples());
  writeAlerts(database, end);
}

/** The packed blocks of the coarser tiers, as far as they are kept. */
function writePacked(
  database: Database,
  entities: readonly Entity[],
  { from, to, end }: { from: Instant; to: Instant; end: Instant },
): void {
  const tables = new Tables(database);
  const book = new Book(tables.series());
  const estate = new IdleEstate(entities);
  for (const { kind, resource } of entities)
    for (const place of METRICS[kind].keys())
      if (!book.resource(resource)?.series[place]) book.add(kind, resource, place);
  database.transaction(() => {
    for (const series of book.unsaved) tables.addSeries(series);
  });
  for (const tier of TIERS.slice(1)) {
    const first = blockOf(tier, slotOf(tier, Math.max(from, end - tier.keep)));
    for (let index = first; index * tier.step * tier.slots < to; index++)
      database.transaction(() => writeBlock(tables, tier, index, () => toSteps(estate.samples(), book)));
  }
}

function writeBlock(tables: Tables, tier: Tier, index: number, next: () => { steps: Steps; end: number }): void {
  const block = new OpenBlock(tier, index);
  for (let at = 0; at < tier.slots; at++) {
    const { steps, end } = next();
    block.put(index * tier.slots + at, steps, end);
  }
  for (let series = 0; series < block.end; series++) {
    const bytes = block.pack(series);
    if (bytes) tables.addBlock(tier, index, series, bytes);
  }
}

function toSteps(samples: readonly Samples[], book: Book): { steps: Steps; end: number } {
  const steps = rolledSteps();
  for (const { resource, values } of samples)
    values.forEach((value, place) => {
      const series = book.resource(resource)?.series[place];
      const units = series && toUnits(value, series.decimals);
      if (!series || units === null || units === undefined) return;
      steps.min.set(series.number, units - 3);
      steps.mean.set(series.number, units);
      steps.max.set(series.number, units + 40);
    });
  return { steps, end: book.end };
}

/** What Proxmox VE 9 remembers: a day by the minute, and 1,440 steps of each coarser resolution. */
function importPast(history: History, entities: readonly Entity[], at: Instant): void {
  const steps = 1440;
  for (const { kind, resource } of entities) {
    if (kind !== "node" && kind !== "guest" && kind !== "storage") continue;
    const frames = [MINUTE, 30 * MINUTE, 6 * HOUR].map((step): PastFrame => {
      const starts = Array.from({ length: steps }, (_, slot) => at - (steps - slot) * step);
      const samples = { starts, means: starts.map((_, slot) => 20 + (slot % 40) / 7) };
      return { step, metrics: Object.fromEntries(METRICS[kind].map(({ name }) => [name, samples])) };
    });
    const seen = { kind: "seen", scope: "past", instance: "home", at, took: 0, interval: 0 } as const;
    history.importPast({ ...seen, of: kind, resource, frames, whole: true });
  }
}

/** Some guests are busy every day; each time one message goes out when it begins and one when it is over. */
function writeAlerts(database: Database, end: Instant): void {
  const alerts = new Alerts(database, { now: end - YEAR, past: NO_PAST });
  const outbox = new Outbox(database);
  const picture = samplePicture();
  const guests = Array.from({ length: ALERTS_A_DAY }, (_, at) => addGuest(picture, 100 + at));
  const addressee = { channel: "chat", name: "Chat", service: "generic", address: "chat.example" };
  for (let day = end - YEAR; day < end; day += DAY)
    for (const minute of [1, 10, 20, 30]) {
      for (const guest of guests) guest.cpu = minute < 20 ? 0.97 : 0.1;
      const now = day + minute * MINUTE;
      const transitions = alerts.evaluate(picture, now);
      database.transaction(() => {
        alerts.write(now);
        const put = outbox.batch(now);
        for (const { kind, alert } of transitions)
          put(
            {
              ...addressee,
              reason: kind === "fired" ? "firing" : "resolved",
              key: alert.id,
              dedup: null,
              alert,
              title: alert.id,
            },
            () => now,
          );
        for (let entry = outbox.next("chat", now); entry; entry = outbox.next("chat", now))
          outbox.finish(entry.id, "delivered", { at: now, code: 200, size: 500 });
        outbox.prune(now);
      }, "lazy");
      alerts.written();
    }
}
