import { JSON_HEADERS, type Service } from "./service.ts";
import { PLAIN } from "./text.ts";

/** Whatever takes JSON: all alerts as the API has them, and the text for those who only want to show one. */
export const generic: Service = {
  name: "Generic",
  urlPattern: "https://example.com/webhook",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "alerts": {{toJson .Alerts}},
  "count": {{.AlertCount}},
  "more": {{.More}},
  "grouped": true,
  "source": "pulse-monitoring",
  "timestamp": {{.UnixTime}},
  "reason": {{toJson .Reason}},
  "title": {{toJson .Title}},
  "text": {{toJson .Text}},
  "link": {{toJson .Link}},
  "dedupKey": {{toJson .DedupKey}},
  "duplicatePossible": {{.DuplicatePossible}}
}`,
  instructions:
    "Enter the address that takes the JSON, and what it wants for headers. With a template of your own the payload may be any.",
  json: true,
  room: { size: 100_000, style: PLAIN },
};
