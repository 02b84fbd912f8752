import { JSON_HEADERS, type Service } from "./service.ts";
import { MARKDOWN } from "./text.ts";

/** A single line break is a space there. 28 KB are the most that Teams takes of a message. */
export const TEAMS_ROOM = { size: 12_000, style: { ...MARKDOWN, link: null, newline: "\n\n" } } as const;

/** The old connectors answer 200 with a sentence when Teams behind them refused. */
export function refusalOfTeams(answer: string): "busy" | "refused" | null {
  const status = /returned HTTP error (\d{3})/.exec(answer)?.[1];
  if (status === undefined) return null;
  return status === "429" ? "busy" : "refused";
}

/** The cards of the old connectors. */
export const teams: Service = {
  name: "Microsoft Teams (MessageCard)",
  urlPattern: "https://TENANT.webhook.office.com/webhookb2/…",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "@type": "MessageCard",
  "@context": "https://schema.org/extensions",
  "themeColor": "{{if .Resolved}}2E7D32{{else if eq .Level "critical"}}C62828{{else if eq .Level "warning"}}FF9800{{else}}1565C0{{end}}",
  "summary": {{toJson .Title}},
  "title": {{toJson .Title}},
  "text": {{toJson .Text}}
  {{- if .Link}},
  "potentialAction": [
    {"@type": "OpenUri", "name": {{toJson .LinkText}}, "targets": [{"os": "default", "uri": {{toJson .Link}}}]}
  ]{{end}}
}`,
  instructions:
    "The address of an incoming-webhook connector. Microsoft replaces these by workflows: for one, choose the Adaptive Card.",
  json: true,
  room: TEAMS_ROOM,
  refusal: refusalOfTeams,
};
