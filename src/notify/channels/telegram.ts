import { fieldsIn, JSON_HEADERS, type Service, withCut } from "./service.ts";
import { HTML } from "./text.ts";

export const telegram: Service = {
  name: "Telegram",
  urlPattern: "https://api.telegram.org/botTOKEN/sendMessage?chat_id=CHAT_ID",
  method: "POST",
  headers: JSON_HEADERS,
  template: `{
  "chat_id": {{toJson .ChatID}},
  "text": {{toJson .Text}},
  "parse_mode": "HTML",
  "link_preview_options": {"is_disabled": true}
}`,
  instructions:
    "Make a bot with @BotFather and put its token into the address. The chat's id goes behind chat_id=; a group's is negative.",
  json: true,
  // A message has 4096 characters, counted without the markup.
  room: { size: 4000, style: HTML, titled: true },
  lacks: settings =>
    /[?&]chat_id=[^&#]/.test(settings.url) ? null : "url needs chat_id=…: the chat that Telegram is to send to",
  // A text that a template of the user's own has marked up in a way that Telegram does not take, as by a name with "_", goes without.
  instead: (outgoing, answer) => {
    if (!/can't parse entities|message is too long/i.test(answer)) return null;
    const { parse_mode, ...plain } = fieldsIn(outgoing.body);
    return withCut({ ...outgoing, body: JSON.stringify(plain) }, { text: 4096 });
  },
  prepare: outgoing => {
    if (!outgoing.body.includes('"chat_id"')) return outgoing;
    const url = new URL(outgoing.url);
    url.searchParams.delete("chat_id");
    return { ...outgoing, url };
  },
};
