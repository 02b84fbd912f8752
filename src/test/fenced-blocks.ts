/** A fenced block of a page of the documentation. */
export interface Block {
  /** The first word behind the fence: sh, yaml, json… */
  language: string;
  /** What follows it on that line. */
  info: string;
  text: string;
  /** Where its first line stands. */
  line: number;
  /** The heading it stands under. */
  heading: string;
}

/** The fenced blocks of a page in Markdown, indented ones included. Throws for a fence that is not closed. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let heading = "";
  let open: { indent: number; block: Block; lines: string[] } | null = null;
  for (const [index, line] of page.split("\n").entries()) {
    const [, indent = "", rest] = /^(\s*)```(.*)$/.exec(line) ?? [];
    if (open === null) {
      if (line.startsWith("#")) heading = line.replace(/^#+\s*/, "");
      if (rest === undefined) continue;
      const [language = "", ...info] = rest.trim().split(/\s+/);
      const block = { language, info: info.join(" "), text: "", line: index + 2, heading };
      open = { indent: indent.length, block, lines: [] };
    } else if (rest === undefined) open.lines.push(line.slice(open.indent));
    else {
      blocks.push({ ...open.block, text: `${open.lines.join("\n")}\n` });
      open = null;
    }
  }
  if (open) throw new Error(`The block in line ${open.block.line} is not closed`);
  return blocks;
}
