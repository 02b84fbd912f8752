import { headerOf, JSON_HEADERS, type Service } from "./service.ts";
import { MARKDOWN } from "./text.ts";

export const gotify: Service = {
  name: "Gotify",
  urlPattern: "https://gotify.example.com/message?token=TOKEN",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "title": {{toJson .Title}},
  "message": {{toJson .Text}},
  "priority": {{if .Resolved}}2{{else if eq .Level "critical"}}10{{else if eq .Level "warning"}}5{{else}}2{{end}},
  "extras": {
    {{- if .Link}}
    "client::notification": {"click": {"url": {{toJson .Link}}}},{{end}}
    "client::display": {"contentType": "text/markdown"}
  }
}`,
  instructions: "Make an application in Gotify and put its token into the address, or into the header X-Gotify-Key.",
  json: true,
  // Two spaces at the end of a line keep the line.
  room: { size: 20_000, style: { ...MARKDOWN, newline: "  \n" } },
  lacks: settings =>
    /[?&]token=[^&#]/.test(settings.url) || headerOf(settings, "X-Gotify-Key") || headerOf(settings, "Authorization")
      ? null
      : "url needs token=…: the token of the Gotify application",
};
