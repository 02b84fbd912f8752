/** The id of a heading, as GitHub makes it; `taken` gets it, and the second of the same name is told apart. */
export function toAnchor(heading: string, taken: Set<string>): string {
  const plain = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
  let anchor = plain;
  for (let at = 1; taken.has(anchor); at += 1) anchor = `${plain}-${at}`;
  taken.add(anchor);
  return anchor;
}
