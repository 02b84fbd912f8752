import type { Instant } from "../kit/units.ts";
import type { Channel, ChannelBook } from "./channel-book.ts";
import { sendApprise } from "./channels/apprise.ts";
import type { Message, Post, Sent, Tools } from "./channels/channel.ts";
import { sendEmail } from "./channels/email.ts";
import { sendPush } from "./channels/push.ts";
import { sendWebhook } from "./channels/webhook.ts";

/** Sends a message by a channel. Throws ChannelFailure. */
export type Dispatch = (channel: Channel, message: Message) => Promise<Sent>;

/** `post`: the way out, asked for each message anew, as which networks are open may change. */
export function dispatcher(book: ChannelBook, post: () => Post, now: () => Instant): Dispatch {
  return async (channel, message) => {
    const tools: Tools = { post: post(), now };
    switch (channel.kind) {
      case "email":
        return await sendEmail(channel.settings, message, tools);
      case "webhook":
        return await sendWebhook(channel.settings, message, tools);
      case "apprise":
        return await sendApprise(channel.settings, message, tools);
      case "push":
        return await sendPush({ subscription: channel.settings, vapid: book.vapid }, message, tools);
    }
  };
}
