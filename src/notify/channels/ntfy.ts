import type { Bytes } from "../../kit/units.ts";
import { headerOf, type Outgoing, type Service } from "./service.ts";
import { bytesOf, PLAIN } from "./text.ts";
import { toLink, toTitle, worstOf } from "./wording.ts";

export const ntfy: Service = {
  name: "ntfy",
  urlPattern: "https://ntfy.sh/TOPIC",
  method: "POST",
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  template: "{{.Text}}",
  instructions:
    "The address ends in the topic. Title, Priority, Tags and Click go along as headers; for a topic that is guarded add the header Authorization.",
  json: false,
  room: { size: 4000, sizeOf: bytesOf, style: PLAIN },
  prepare: (outgoing, settings, message) => {
    const link = toLink(message);
    const level = message.reason === "resolved" ? "info" : worstOf(message);
    const offered = {
      Title: toHeader(toTitle(message)),
      Priority: PRIORITIES[level],
      Tags: TAGS[level],
      ...(link === null ? {} : { Click: toHeader(link) }),
    };
    const missing = Object.entries(offered).filter(([name]) => headerOf(settings, name) === "");
    const headers = { ...Object.fromEntries(missing), ...outgoing.headers };
    return { ...outgoing, headers, body: withinBytes(outgoing, LONGEST) } satisfies Outgoing;
  },
};

/** What is longer becomes a file, where the server takes files; else it is refused. */
const LONGEST: Bytes = 4096;

/** A text that a template of the user's own made may be longer. NOTE: without a topic in the address it is JSON, which cannot be cut. */
function withinBytes({ url, body }: Outgoing, most: Bytes): string {
  if (bytesOf(body) <= most || url.pathname === "/") return body;
  const whole = Buffer.from(body).subarray(0, most - bytesOf("…"));
  return `${whole.toString("utf8").replace(/\ufffd+$/, "")}…`;
}

const PRIORITIES = { critical: "urgent", warning: "high", info: "default" } as const;
/** Names of emoji that ntfy puts before the title. */
const TAGS = { critical: "rotating_light", warning: "warning", info: "white_check_mark" } as const;

/** Headers are ASCII: other texts are encoded as in mails (RFC 2047), which ntfy reads. */
function toHeader(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text.toWellFormed()).toString("base64")}?=`;
}
