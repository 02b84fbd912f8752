import type { Message } from "./channel.ts";
import { say } from "./phrases.ts";
import { toLink, toNotes, toTitle, toWords, type Words } from "./wording.ts";

/** How a receiver marks text up. */
export interface Style {
  escape: (text: string) => string;
  bold: (escaped: string) => string;
  /** null: the receiver gets the link by other means, or shows the bare address. */
  link: ((label: string, url: string) => string) | null;
  newline: string;
}

export const PLAIN: Style = { escape: text => text, bold: text => text, link: null, newline: "\n" };

/** Discord, Mattermost, Gotify, Teams. A backslash keeps what is a mark there from being one. */
export const MARKDOWN: Style = {
  escape: text => text.replaceAll(/[\\`*_~|[\]<>#]/g, "\\$&").replaceAll("@", "@\u200b"),
  bold: text => `**${text}**`,
  link: (label, url) => `[${label}](${url})`,
  newline: "\n",
};

export const HTML: Style = {
  escape: escapeHtml,
  bold: text => `<b>${text}</b>`,
  link: (label, url) => `<a href="${escapeHtml(url)}">${label}</a>`,
  newline: "\n",
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

/** How much a receiver takes. */
export interface Room {
  /** Of the whole text, as `sizeOf` measures it. */
  size: number;
  sizeOf?: (text: string) => number;
  style: Style;
  /** The receiver has no place for a title: it stands above the text where it is not the text's first line anyway. */
  titled?: boolean;
}

/** No receiver takes more lines than that. */
const MOST_LINES = 1000;

/** UTF-8 bytes, for those that count so. */
export const bytesOf = (text: string) => Buffer.byteLength(text);

/**
 * All alerts of a message in as much detail as there is room for: all with their details, or all in a line each, or as many lines as fit
 * "and N more".
 */
export function toText(message: Message, { size, sizeOf = text => text.length, style, titled }: Room): string {
  const words = message.alerts.slice(0, MOST_LINES).map(alert => toWords(alert, message));
  const beyond = message.alerts.length - words.length;
  const link = toLink(message);
  const foot = link !== null && style.link !== null ? [style.link(say(message.language, "Show in Pulse"), link)] : [];
  const title = toTitle(message);
  const [first] = words;
  const above = titled && title !== `${first?.state}: ${first?.what}` ? [style.bold(style.escape(title))] : [];
  const head = [...above, ...toNotes(message).map(style.escape)];
  const joined = (lines: readonly string[]) => [...head, ...lines, ...foot].join(style.newline);
  const fits = (lines: readonly string[]) => sizeOf(joined(lines)) <= size;

  const full = words.flatMap((one, index) => [...(index > 0 ? [""] : []), ...detailed(one, style)]);
  if (beyond === 0 && fits(full)) return joined(full);
  const short = words.map(one => headline(one, style));
  if (beyond === 0 && fits(short)) return joined(short);
  const cut = (shown: number) => [
    ...short.slice(0, shown),
    style.escape(say(message.language, "… and {count} more", { count: short.length - shown + beyond })),
  ];
  let [shown, tooMany] = [0, short.length + 1];
  while (tooMany - shown > 1) {
    const middle = (shown + tooMany) >> 1;
    if (fits(cut(middle))) shown = middle;
    else tooMany = middle;
  }
  return joined(cut(shown));
}

function headline({ state, what }: Words, style: Style): string {
  return `${style.bold(style.escape(state))}: ${style.escape(what)}`;
}

function detailed(words: Words, style: Style): string[] {
  const head = headline(words, style);
  return words.details.length === 0 ? [head] : [head, style.escape(words.details.join(" · "))];
}
