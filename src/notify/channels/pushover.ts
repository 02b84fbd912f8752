import { customField, JSON_HEADERS, type Service, withCut } from "./service.ts";
import { PLAIN } from "./text.ts";

const TOKEN = ["token", "app_token"] as const;
const USER = ["user", "user_token"] as const;

export const pushover: Service = {
  name: "Pushover",
  urlPattern: "https://api.pushover.net/1/messages.json",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "token": {{or .CustomFields.token .CustomFields.app_token | toJson}},
  "user": {{or .CustomFields.user .CustomFields.user_token | toJson}},
  "title": {{clip 250 .Title | toJson}},
  "message": {{toJson .Text}},
  "priority": {{if .Resolved}}-1{{else if eq .Level "critical"}}1{{else if eq .Level "warning"}}0{{else}}-1{{end}},
  "timestamp": {{.UnixTime}}
  {{- if .Link}},
  "url": {{toJson .Link}},
  "url_title": {{toJson .LinkText}}{{end}}
}`,
  instructions:
    "Enter the custom fields token (of an application made at pushover.net) and user (your user or group key).",
  json: true,
  // 1024 characters of at most four bytes.
  room: { size: 1000, style: PLAIN },
  prepare: outgoing => withCut(outgoing, { title: 250, message: 1024, url_title: 100 }),
  lacks: settings => {
    if (customField(settings, ...TOKEN) === "") return "customFields needs token: that of the Pushover application";
    return customField(settings, ...USER) === "" ? "customFields needs user: the Pushover user or group key" : null;
  },
  secrets: settings => [customField(settings, ...TOKEN), customField(settings, ...USER)],
};
