import { JSON_HEADERS, type Service } from "./service.ts";
import { MARKDOWN } from "./text.ts";

export const mattermost: Service = {
  name: "Mattermost",
  urlPattern: "https://mattermost.example.com/hooks/ID",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "username": "Pulse",
  "attachments": [{
    "fallback": {{toJson .Title}},
    "color": "{{if .Resolved}}#2e7d32{{else if eq .Level "critical"}}#c62828{{else if eq .Level "warning"}}#ff9800{{else}}#1565c0{{end}}",
    "title": {{toJson .Title}},
    {{- if .Link}}
    "title_link": {{toJson .Link}},{{end}}
    "text": {{toJson .Text}}
  }]
}`,
  instructions: "In Mattermost: Integrations, Incoming Webhooks, Add.",
  json: true,
  // A post has 16383 characters.
  room: { size: 14_000, style: MARKDOWN },
  // Nobody is pinged because a guest is called "@channel", unless a template of the user's own says so.
  prepare: (outgoing, { template }) =>
    template.includes("@")
      ? outgoing
      : { ...outgoing, body: outgoing.body.replaceAll(/@(?=(?:all|channel|here)\b)/gi, "@\u200b") },
};
