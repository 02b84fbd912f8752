import type { Clock, FakeClock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { Instant } from "../kit/units.ts";
import type { Alert, Transition, TransitionKind } from "../model/alert.ts";
import type { Schedule } from "../model/alert-config.ts";
import type { Webhook } from "../model/channel.ts";
import { Database } from "../store/database.ts";
import { ChannelBook } from "./channel-book.ts";
import type { Message, Sent } from "./channels/channel.ts";
import type { Dispatch } from "./dispatch.ts";
import { Notify } from "./notify.ts";
import { type Sealing, SettingStore } from "./setting-store.ts";
import { SilenceBook } from "./silence-book.ts";

/** What tests of this room begin with. A Monday, noon UTC. */
export const NOON = Date.UTC(2026, 5, 1, 12);

const SCHEDULE: Schedule = {
  quietHours: {
    ...{ enabled: false, start: "22:00", end: "08:00", timezone: "UTC", days: null },
    suppress: { performance: true, storage: true, offline: false },
  },
  cooldown: 5,
  groupingWindow: 30,
  maxAlertsHour: 0,
  notifyOnResolve: true,
  escalation: { enabled: false, levels: null },
  grouping: { enabled: true, window: 30, byNode: true, byGuest: false },
  reminders: { enabled: false, every: 60, level: "critical" },
};

export function alertOf(id: string, change: Partial<Alert> = {}): Alert {
  return {
    ...{ id, type: "cpu", level: "warning", resourceId: `home:guest:${id}`, resourceName: id, resourceType: "guest" },
    ...{
      node: "pve1",
      instance: "home",
      message: `CPU of ${id} is at 95 %`,
      value: 95,
      threshold: 80,
      unit: "percent",
    },
    ...{ startTime: new Date(NOON).toISOString(), lastSeen: new Date(NOON).toISOString(), acknowledged: false },
    ...{ cause: null, covers: [], coversCount: 0, tags: [], metadata: {} },
    ...change,
  } as Alert;
}

let number = 0;

function transitionOf(kind: TransitionKind, alert: Alert, at: Instant): Transition {
  return { number: ++number, kind, at, alert, reason: null, user: null };
}

/** Seals nothing; for tests, which have no secrets. */
const openSeal: Sealing = {
  close: secret => Buffer.from(secret),
  open: sealed => Buffer.from(sealed).toString(),
};

/** What one channel got. */
export interface Got {
  channel: string;
  message: Message;
}

/** How a room differs from what most tests want. */
interface RoomOptions<C extends Clock> {
  clock: C;
  /** In the place of what keeps in `got` what is sent; `take`: that. */
  dispatch?: (book: ChannelBook, take: Dispatch) => Dispatch;
  others?: boolean;
}

/** The room on a real database, with receivers that answer as the test says, and alerts that fire as it says. */
export class Room<C extends Clock = FakeClock> implements AsyncDisposable {
  readonly clock: C;
  readonly database: Database;
  readonly book: ChannelBook;
  readonly silences: SilenceBook;
  readonly logged: string[] = [];
  readonly got: Got[] = [];
  readonly firing = new Map<string, Alert>();
  readonly #dispatch: Dispatch;
  readonly #others: boolean;
  enabled = true;
  schedule: Schedule = structuredClone(SCHEDULE);
  /** What a receiver does; taken unless it throws or never answers. */
  receive: (got: Got) => Promise<void> | void = () => {};
  notify: Notify;

  constructor(folder: string, { clock, dispatch, others = false }: RoomOptions<C>) {
    this.clock = clock;
    this.database = Database.open(folder, "a");
    this.book = new ChannelBook(new SettingStore(this.database, openSeal), () => {});
    this.book.changeGeneral({ ...this.book.general, canary: { enabled: false, hour: 9 } });
    this.silences = new SilenceBook(this.database);
    const take: Dispatch = async (channel, message) => await this.#take(channel.id, message);
    this.#dispatch = dispatch?.(this.book, take) ?? take;
    this.#others = others;
    this.notify = this.#open();
  }

  async #take(channel: string, message: Message): Promise<Sent> {
    await this.receive({ channel, message });
    this.got.push({ channel, message });
    return { statusCode: 200, response: "ok", payload: "{}" };
  }

  #open(): Notify {
    const log: Log = (_, text) => void this.logged.push(text);
    const { database, book, silences, clock, firing } = this;
    const config = () => ({ enabled: this.enabled, schedule: this.schedule });
    const known = { find: (id: string) => firing.get(id) ?? null, all: () => firing.values() };
    const others = this.#others;
    return new Notify({
      database,
      book,
      silences,
      firing: known,
      config,
      others,
      dispatch: this.#dispatch,
      clock,
      log,
    });
  }

  /** As after a new start of the process: what was under way is forgotten. */
  restart(): void {
    this.notify = this.#open();
    this.notify.start();
  }

  webhook(id: string, change: Partial<Webhook> = {}): void {
    this.book.addWebhook({ id, name: id, url: `http://${id}.test/hook`, ...change }, this.clock.now());
  }

  /** Something happens to alerts, as a look would find it. */
  happen(kind: TransitionKind, ...alerts: Alert[]): void {
    const at = this.clock.now();
    for (const alert of alerts)
      if (kind === "resolved" || kind === "withdrawn" || kind === "cleared") this.firing.delete(alert.id);
      else this.firing.set(alert.id, alert);
    this.database.transaction(() =>
      this.notify.enqueue(
        alerts.map(alert => transitionOf(kind, alert, at)),
        at,
      ),
    );
  }

  /** What came since the last time it was asked: `channel: reason alert alert`. */
  take(): string[] {
    return this.got
      .splice(0)
      .map(
        ({ channel, message: { reason, alerts } }) =>
          `${channel}: ${[reason, ...alerts.map(({ id }) => id)].join(" ")}`,
      );
  }

  /** The log as `channel reason status`, the oldest first. */
  log(): string[] {
    return this.notify
      .log({ limit: 100, before: null, channel: null, status: null, alert: null })
      .map(({ channel, reason, status }) => `${channel} ${reason} ${status}`)
      .reverse();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.notify[Symbol.asyncDispose]();
    this.database[Symbol.dispose]();
  }
}
