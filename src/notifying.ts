import type { Refusal } from "./http/instance-handlers.ts";
import type { NotificationDesk, SilenceDesk } from "./http/notification-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import type { Alert } from "./model/alert.ts";
import type { AlertConfig } from "./model/alert-config.ts";
import type { GivenChannels } from "./model/channel.ts";
import { openNotificationDesk, openSilenceDesk } from "./notification-desk.ts";
import { ChannelBook } from "./notify/channel-book.ts";
import { type Dispatch, dispatcher } from "./notify/dispatch.ts";
import { toGeneral } from "./notify/given-channels.ts";
import { Notify } from "./notify/notify.ts";
import { type Sealing, SettingStore } from "./notify/setting-store.ts";
import { SilenceBook } from "./notify/silence-book.ts";
import type { VapidKeys } from "./notify/vapid-keys.ts";
import { WayOut } from "./notify/way-out.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { CONFIG_FILE } from "./settings/config-file.ts";
import type { Seal } from "./settings/seal.ts";
import type { Database } from "./store/database.ts";

/** Who keeps the alerts, and the rules by which they are told. */
export interface AlertKeeper {
  readonly config: AlertConfig;
  firing(id: string): Alert | null;
  active(): Iterable<Alert>;
}

export interface NotifyingOptions {
  database: Database;
  seal: Seal;
  alerts: () => AlertKeeper;
  /** The channels that pulse.yaml names; null: none. */
  given: GivenChannels | null;
  /** Why the schedule cannot be changed so; null: it is done. */
  changeSchedule: (change: object) => Refusal | null;
  /** By which push services know this server and those that serve with it; left out: by a pair of its own. */
  vapid?: VapidKeys;
  /** Makes of what sends a message one that sends what no other process has sent; left out: there is none. */
  once?: (dispatch: Dispatch) => Dispatch;
  clock: Clock;
  log: Log;
}

/** Who is told of alerts, and what people may say about it. */
export interface Notifying extends AsyncDisposable {
  notify: Notify;
  channels: ChannelBook;
  desk: NotificationDesk;
  silences: SilenceDesk;
}

/** Introduces notifications to alerts and settings; nothing is sent before `notify.start`. Throws BadSettings when the channels that are kept cannot be read. */
export function openNotifying(options: NotifyingOptions): Notifying {
  const { database, seal, alerts, changeSchedule, clock, log, once = dispatch => dispatch } = options;
  const now = () => clock.now();
  const store = new SettingStore(database, toSealing(seal));
  const given = options.given && { ...options.given, by: CONFIG_FILE, since: now() };
  const wayOut: WayOut = new WayOut(toGeneral(store.general, given).allowedPrivateNetworks, now);
  const book = new ChannelBook(store, webhook => wayOut.check(webhook), given, options.vapid);
  const silences = new SilenceBook(database);
  const notify = new Notify({
    ...{ database, book, silences, clock, log },
    firing: { find: id => alerts().firing(id), all: () => alerts().active() },
    config: () => alerts().config,
    dispatch: once(dispatcher(book, () => wayOut.post, now)),
    others: options.once !== undefined,
  });
  return {
    notify,
    channels: book,
    desk: openNotificationDesk({
      ...{ book, notify, wayOut, clock },
      schedule: { get: () => alerts().config.schedule, change: changeSchedule },
    }),
    silences: openSilenceDesk(silences, notify, clock),
    async [Symbol.asyncDispose]() {
      await notify[Symbol.asyncDispose]();
      await wayOut[Symbol.asyncDispose]();
    },
  };
}

function toSealing(seal: Seal): Sealing {
  return {
    close: (secret, context) => seal.close(secret, context),
    open(sealed, context) {
      const secret = seal.open(sealed, context);
      if (secret !== null) return secret;
      throw new BadSettings([
        `What is kept of "${context}" cannot be read with pulse.key: is it the key of this data folder?`,
      ]);
    },
  };
}
