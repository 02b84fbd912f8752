import { JSON_HEADERS, type Service } from "./service.ts";
import { refusalOfTeams, TEAMS_ROOM } from "./teams.ts";

/** The cards of workflows (Power Automate). */
export const teamsAdaptive: Service = {
  name: "Microsoft Teams (Adaptive Card)",
  urlPattern: "https://….logic.azure.com/workflows/…/triggers/manual/paths/invoke?…",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "type": "message",
  "attachments": [{
    "contentType": "application/vnd.microsoft.card.adaptive",
    "contentUrl": null,
    "content": {
      "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
      "type": "AdaptiveCard",
      "version": "1.4",
      "msteams": {"width": "Full"},
      "body": [
        {
          "type": "TextBlock", "size": "Large", "weight": "Bolder", "wrap": true,
          "color": "{{if .Resolved}}Good{{else if eq .Level "critical"}}Attention{{else if eq .Level "warning"}}Warning{{else}}Default{{end}}",
          "text": {{toJson .MarkedTitle}}
        },
        {"type": "TextBlock", "wrap": true, "text": {{toJson .Text}}}
      ]
      {{- if .Link}},
      "actions": [{"type": "Action.OpenUrl", "title": {{toJson .LinkText}}, "url": {{toJson .Link}}}]{{end}}
    }
  }]
}`,
  instructions:
    'In Teams, make a workflow of the kind "Post to a channel when a webhook request is received" and copy its URL.',
  json: true,
  room: TEAMS_ROOM,
  refusal: refusalOfTeams,
};
