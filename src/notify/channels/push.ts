import { createHash } from "node:crypto";
import webPush from "web-push";
import { DAY, HOUR, type Instant, SECOND } from "../../kit/units.ts";
import type { ResourceType } from "../../model/alert.ts";
import type { PushSubscription } from "../../model/channel.ts";
import type { PushNotice } from "../../model/notification.ts";
import { faultOf } from "./answer.ts";
import { ChannelFailure, type Message, type Send } from "./channel.ts";
import { excerpt, secretsInUrl } from "./redaction.ts";
import { bytesOf, PLAIN, toText } from "./text.ts";
import { toLink, toTitle, worstOf } from "./wording.ts";

/** A push has 4096 bytes, encrypted; some services take less. */
const LONGEST_TEXT = 2000;
/** A phone that is off for longer is not told any more. */
const KEPT_FOR = DAY;
/** So long a signature says that it is us; push services take a day at the most. */
const VOUCHED_FOR = 12 * HOUR;
const ENCODING = "aes128gcm";

export interface PushTarget {
  subscription: PushSubscription;
  /** By which push services know us (VAPID), base64url. */
  vapid: { publicKey: string; privateKey: string };
}

/** Tells a browser. What is under way to it about the same is replaced. `gone`: it wants no more. */
export const sendPush: Send<PushTarget> = async (target, message, { post, now }) => {
  const { endpoint } = target.subscription;
  const payload = JSON.stringify(payloadOf(message));
  const { headers, body } = encrypt(target, message, payload, now());
  const answer = await post({ url: endpoint, method: "POST", headers, body });
  const url = new URL(endpoint);
  const response = excerpt(answer.body, secretsInUrl(url));
  const { status, retryAfter } = answer;
  const fault = status === 404 || status === 410 ? "gone" : faultOf(status);
  if (fault === null) return { statusCode: status, response, payload };
  const said = response === "" ? "" : `: ${response}`;
  const what = fault === "gone" ? "has ended the subscription" : `answered ${status}`;
  throw new ChannelFailure(fault, `"${url.host}" ${what}${said}`, { statusCode: status, retryAfter });
};

function payloadOf(message: Message): PushNotice {
  return {
    title: toTitle(message),
    body: toText(message, { size: LONGEST_TEXT, sizeOf: bytesOf, style: PLAIN }),
    tag: topicOf(message),
    url: toLink(message),
    shows: shownBy(message),
    reason: message.reason,
    level: worstOf(message),
    timestamp: message.at,
  };
}

/** Those of which the page shows no details by their id. */
const WITHOUT_DETAILS: ReadonlySet<ResourceType> = new Set<ResourceType>([
  "instance",
  "datastore",
  "pmg",
  "backup-job",
  "replication-job",
  "pulse",
  "core",
  "edge",
]);

function shownBy({ alerts }: Message): string | null {
  const [first] = alerts;
  const isOne = first && alerts.every(({ resourceId }) => resourceId === first.resourceId);
  return isOne && !WITHOUT_DETAILS.has(first.resourceType) ? first.resourceId : null;
}

function encrypt({ subscription, vapid }: PushTarget, message: Message, payload: string, now: Instant) {
  const { endpoint, keys } = subscription;
  const until = Math.floor((now + VOUCHED_FOR) / SECOND);
  try {
    const { cipherText } = webPush.encrypt(keys.p256dh, keys.auth, payload, ENCODING);
    const subject = subjectOf(message);
    const { origin } = new URL(endpoint);
    const vouched = webPush.getVapidHeaders(origin, subject, vapid.publicKey, vapid.privateKey, ENCODING, until);
    const headers = {
      Authorization: vouched.Authorization,
      "Content-Encoding": ENCODING,
      "Content-Type": "application/octet-stream",
      TTL: String(KEPT_FOR / SECOND),
      Topic: topicOf(message),
      Urgency: message.reason === "resolved" ? "low" : URGENCIES[worstOf(message)],
    };
    return { headers, body: cipherText };
  } catch (error) {
    throw new ChannelFailure("refused", "The browser's subscription has keys that nothing can be encrypted with", {
      cause: error,
    });
  }
}

const URGENCIES = { info: "low", warning: "normal", critical: "high" } as const;

/** Whom a push service may turn to. */
function subjectOf({ publicUrl }: Message): string {
  return publicUrl?.startsWith("https://") ? publicUrl : "mailto:pulse@pulse.invalid";
}

/** At most 32 characters of base64url (RFC 8030). */
function topicOf({ dedupKey }: Message): string {
  return createHash("sha256").update(dedupKey).digest("base64url").slice(0, 32);
}
