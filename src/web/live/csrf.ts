/** What every request that changes something carries, so that the server knows that this page made it. */
export function csrfHeader(): Record<string, string> {
  const token = /(?:^|;\s*)pulse_csrf=([^;]*)/.exec(document.cookie)?.[1];
  return token ? { "x-csrf-token": token } : {};
}
