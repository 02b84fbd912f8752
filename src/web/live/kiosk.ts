/**
 * The token of a screen on the wall, which its link has behind the "#": browsers send that part of an address nowhere. It is shown to the
 * server as a header, and as a protocol of the WebSocket. null: a reader like any other.
 */
export function kioskToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get("kiosk") || null;
}

/** What shows the server that token. */
export function kioskHeader(): Record<string, string> {
  const token = kioskToken();
  return token === null ? {} : { "x-api-token": token };
}

/** The link for a screen on the wall, below the address of this page. */
export function kioskLink(token: string): string {
  return new URL(`./?page=wall#kiosk=${encodeURIComponent(token)}`, document.baseURI).href;
}
