import { fieldsIn, isUnmeant, JSON_HEADERS, type Service, withCut } from "./service.ts";
import { MARKDOWN } from "./text.ts";

export const discord: Service = {
  name: "Discord",
  urlPattern: "https://discord.com/api/webhooks/ID/TOKEN",
  method: "POST",
  headers: JSON_HEADERS,
  // allowed_mentions: nobody is pinged because a guest is called "@everyone".
  template: `{
  "username": "Pulse",
  "allowed_mentions": {"parse": []},
  "embeds": [{
    "title": {{clip 250 .MarkedTitle | toJson}},
    "description": {{toJson .Text}},
    {{- if .Link}}
    "url": {{toJson .Link}},{{end}}
    "color": {{if .Resolved}}3046706{{else if eq .Level "critical"}}12986408{{else if eq .Level "warning"}}16750592{{else}}1402304{{end}},
    "timestamp": {{toJson .Timestamp}}
  }]
}`,
  instructions: "In the channel's settings: Integrations, Webhooks, New Webhook, Copy Webhook URL.",
  json: true,
  // An embed's description has 4096 characters.
  room: { size: 4000, style: MARKDOWN },
  prepare: (outgoing, settings) => {
    const short = withCut(outgoing, { content: 2000 });
    const fields = Object.keys(fieldsIn(short.body));
    if (!isUnmeant(settings, "@") || fields.length === 0 || fields.includes("allowed_mentions")) return short;
    return { ...short, body: short.body.replace("{", '{"allowed_mentions": {"parse": []}, ') };
  },
};
