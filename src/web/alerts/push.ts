import type { PushSubscription as Subscription } from "../../model/channel.ts";
import { registerWorker } from "../live/worker.ts";
import { t } from "../words/words.ts";

/** Browsers offer web push to safe origins alone: HTTPS, or localhost. */
export function isPushPossible(): boolean {
  return isSecureContext && "serviceWorker" in navigator && "PushManager" in window;
}

/** Whether this browser is told already. */
export async function presentPush(): Promise<boolean> {
  if (!isPushPossible()) return false;
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) != null;
}

/** Asks the reader, and subscribes. Throws an Error with a sentence when they or the browser say no. */
export async function startPush(publicKey: string): Promise<Subscription> {
  if ((await Notification.requestPermission()) !== "granted")
    throw new Error(t("This browser does not let Pulse tell you: allow notifications for this page in its settings"));
  await registerWorker();
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
    .catch((cause: unknown) => {
      throw new Error(t("This browser could not reach its push service"), { cause });
    });
  const { endpoint, keys } = subscription.toJSON();
  return {
    endpoint: endpoint ?? "",
    keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" },
    name: browserName(navigator.userAgent),
  };
}

/** The server forgets it when the push service says that it is over. */
export async function endPush(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription();
  await subscription?.unsubscribe();
}

function browserName(agent: string): string {
  const name = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1] ?? t("A browser");
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  return system ? t("{name} on {system}", { name: { Edg: "Edge", OPR: "Opera" }[name] ?? name, system }) : name;
}
