import { createHash } from "node:crypto";
import type { Message } from "./channel.ts";
import { customField, headerOf, JSON_HEADERS, type Service } from "./service.ts";
import { HTML } from "./text.ts";

const SEND = "/send/m.room.message";

/** A message into a room, by the client API. Sent again under the same transaction id, it is taken once. */
export const matrix: Service = {
  name: "Matrix",
  urlPattern: "https://matrix.example.com/_matrix/client/v3/rooms/!ROOM:example.com/send/m.room.message",
  method: "PUT",
  headers: JSON_HEADERS,
  template: `{
  "msgtype": "m.text",
  "body": {{toJson .PlainText}},
  "format": "org.matrix.custom.html",
  "formatted_body": {{toJson .Text}}
}`,
  instructions:
    "The address names the room; the user has to be in it. Enter that user's access token as the custom field access_token.",
  json: true,
  // An event has 65536 bytes, and holds the text twice.
  room: {
    size: 20_000,
    sizeOf: text => Buffer.byteLength(JSON.stringify(text)),
    style: { ...HTML, newline: "<br>" },
    titled: true,
  },
  lacks: settings => {
    if (!/\/_matrix\/client\/[^?#]*\/send\/m\.room\.message\/?$/.test(settings.url))
      return `url has to end in /rooms/…${SEND}`;
    const token = customField(settings, "access_token") || headerOf(settings, "Authorization");
    return token === "" ? "customFields needs access_token: that of the Matrix user who sends" : null;
  },
  prepare: (outgoing, settings, message) => {
    const url = new URL(outgoing.url);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${transactionOf(message)}`;
    const token = customField(settings, "access_token");
    const authorization =
      token === "" || headerOf(settings, "Authorization") ? {} : { Authorization: `Bearer ${token}` };
    return { ...outgoing, url, method: "PUT", headers: { ...outgoing.headers, ...authorization } };
  },
};

function transactionOf({ dedupKey, reason, queued, alerts }: Message): string {
  const key = JSON.stringify([dedupKey, reason, queued, alerts.map(({ id, level }) => [id, level])]);
  return `pulse-${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}
