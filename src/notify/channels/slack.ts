import { isUnmeant, JSON_HEADERS, type Service } from "./service.ts";
import type { Style } from "./text.ts";

/** Slack's own markup: three characters are escaped, all others are taken as they are. */
const MRKDWN: Style = {
  escape: text => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  bold: text => `*${text}*`,
  link: (label, url) => `<${url.replaceAll(/[<>|]/g, encodeURIComponent)}|${label}>`,
  newline: "\n",
};

export const slack: Service = {
  name: "Slack",
  urlPattern: "https://hooks.slack.com/services/T/B/SECRET",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "text": {{toJson .MarkedTitle}},
  "blocks": [
    {"type": "header", "text": {"type": "plain_text", "emoji": false, "text": {{clip 150 .Title | toJson}}}},
    {"type": "section", "text": {"type": "mrkdwn", "verbatim": true, "text": {{toJson .Text}}}}
  ]
}`,
  instructions: "Make an app at api.slack.com/apps, switch its incoming webhooks on and add one to the channel.",
  json: true,
  // The text of a section has 3000 characters.
  room: { size: 2900, style: MRKDWN },
  // In a template of the user's own texts are as they are: nobody is pinged because a guest is called "<!channel>".
  prepare: (outgoing, settings) =>
    isUnmeant(settings, "<!") && isUnmeant(settings, "<@")
      ? { ...outgoing, body: outgoing.body.replaceAll(/<(?=[!@])/g, "&lt;") }
      : outgoing,
};
