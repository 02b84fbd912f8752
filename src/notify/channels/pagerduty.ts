import { customField, headerOf, JSON_HEADERS, type Service } from "./service.ts";
import { PLAIN } from "./text.ts";

const KEY = "routing_key";

/** Events API v2. A sign of life resolves what is not open: the key is proven good, and nobody is woken. */
export const pagerduty: Service = {
  name: "PagerDuty",
  urlPattern: "https://events.pagerduty.com/v2/enqueue",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "routing_key": {{toJson .CustomFields.routing_key}},
  "event_action": "{{if or .Resolved (eq .Reason "canary")}}resolve{{else}}trigger{{end}}",
  "dedup_key": {{toJson .DedupKey}},
  "client": "Pulse",
  {{- if .Link}}
  "client_url": {{toJson .Link}},
  "links": [{"href": {{toJson .Link}}, "text": {{toJson .LinkText}}}],{{end}}
  "payload": {
    "summary": {{toJson .Title}},
    "source": {{or .ResourceName .ResourceID "Pulse" | toJson}},
    "severity": "{{if .Resolved}}info{{else}}{{.Level}}{{end}}",
    "timestamp": {{toJson .Timestamp}},
    "component": {{toJson .Node}},
    "group": {{toJson .Instance}},
    "class": {{toJson .Type}},
    "custom_details": {
      "text": {{toJson .Text}},
      "alerts": [{{range $i, $alert := .Alerts}}{{if $i}}, {{end}}{{toJson $alert.Headline}}{{end}}],
      "count": {{.AlertCount}}
    }
  }
}`,
  instructions: `Add the integration "Events API V2" to a service and enter its key as the custom field ${KEY}.`,
  json: true,
  room: { size: 50_000, style: PLAIN },
  lacks: settings =>
    keyOf(settings) === "" ? `customFields needs ${KEY}: the integration key of the PagerDuty service` : null,
  // Pulse 4 took the key from a header, too, which goes before the custom field.
  prepare: (outgoing, settings) => {
    const headers = Object.fromEntries(Object.entries(outgoing.headers).filter(([name]) => name.toLowerCase() !== KEY));
    const key = headerOf(settings, KEY);
    if (key === "") return { ...outgoing, headers };
    return { ...outgoing, headers, body: JSON.stringify({ ...JSON.parse(outgoing.body), [KEY]: key }) };
  },
  secrets: settings => [keyOf(settings)],
};

function keyOf(settings: Parameters<typeof customField>[0]): string {
  return headerOf(settings, KEY) || customField(settings, KEY);
}
