/** One call to a node, without a second try. Rejects with LookFailed. */
export type Ask = (path: string, node: string, signal: AbortSignal) => Promise<unknown>;
