/** What people type for an address; without its scheme it is meant to be HTTPS. null: nothing was typed. */
export function toUrl(typed: string): string | null {
  const text = typed.trim();
  if (text === "") return null;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
}
