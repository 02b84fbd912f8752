/** A piece of HTML that is safe to put into a page. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | readonly Part[];

/** HTML in which every part that is not HTML itself is escaped. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    html: texts.reduce((whole, text, at) => `${whole}${at === 0 ? "" : toText(parts[at - 1] ?? "")}${text}`, ""),
  };
}

/** A sentence in which `code` stands between backticks. */
export function sentence(text: string): Html {
  return { html: toText(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>") };
}

function toText(part: Part): string {
  if (typeof part === "object" && "html" in part) return part.html;
  if (typeof part === "object") return part.map(toText).join("");
  return String(part)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
