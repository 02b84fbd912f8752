import type { Alert } from "../../model/alert.ts";
import type { Message } from "./channel.ts";
import { say } from "./phrases.ts";
import { escapeHtml as e } from "./text.ts";
import { toLink, toNotes, toTime, toTitle, toWords } from "./wording.ts";

/** More are in the text part, and in Pulse; a page with all of them would be cut by the receiver. */
const MOST_CARDS = 100;

const COLOURS = { critical: "#c62828", warning: "#b26a00", resolved: "#2e7d32", other: "#1565c0" } as const;
const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/** Mail clients in the dark turn colours around by themselves unless they are told that the page knows better. */
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #14171a !important; }
  .card { background: #1f2429 !important; border-top-color: #3a4149 !important; border-right-color: #3a4149 !important; border-bottom-color: #3a4149 !important; }
  .text { color: #e8eaed !important; }
  .faint { color: #a8b0b8 !important; }
}
@media (max-width: 480px) { .outer { padding: 8px !important; } }`;

/** The page of a mail. Tables and inline styles, because many mail clients know nothing else. */
export function toEmailPage(message: Message): string {
  const { language } = message;
  const title = toTitle(message);
  const link = toLink(message);
  const cards = message.alerts.slice(0, MOST_CARDS).map(alert => toCard(alert, message));
  const more = message.alerts.length - cards.length;
  const notes = [...toNotes(message), ...(more > 0 ? [say(language, "… and {count} more", { count: more })] : [])];
  const button =
    link === null
      ? ""
      : `<p style="margin:16px 0 0"><a href="${e(link)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:${COLOURS.other};color:#ffffff;text-decoration:none;font-size:16px">${e(say(language, "Show in Pulse"))}</a></p>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${e(title)}</title>
<style>${STYLE}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style="background:#f4f5f7"><tr><td class="outer" align="center" style="padding:20px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;text-align:left;${FONT}"><tr><td>
<h1 class="text" style="margin:0 0 12px;font-size:20px;line-height:1.3;color:#1b1f23">${e(title)}</h1>
${notes.map(note => `<p class="faint" style="margin:0 0 12px;font-size:15px;color:#57606a">${e(note)}</p>\n`).join("")}${cards.join("\n")}
${button}
<p class="faint" style="margin:16px 0 0;font-size:13px;color:#57606a">${e(say(language, "Sent by Pulse, {time}", { time: toTime(message.at, message) }))}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function toCard(alert: Alert, message: Message): string {
  const { what, state, details } = toWords(alert, message);
  const colour = message.reason === "resolved" ? COLOURS.resolved : COLOURS[alert.level];
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="card" style="margin:0 0 10px;background:#ffffff;border:1px solid #d7dbe0;border-left:5px solid ${colour};border-radius:6px"><tr><td style="padding:12px 14px;word-break:break-word">
<div class="text" style="font-size:16px;line-height:1.4;color:#1b1f23"><b>${e(state)}</b>: ${e(what)}</div>
<div class="faint" style="margin-top:4px;font-size:14px;line-height:1.4;color:#57606a">${details.map(e).join("<br>")}</div>
</td></tr></table>`;
}
