import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { TestContext } from "node:test";

/** A request as it arrived. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** For tests: a receiver on this machine that remembers what it was sent. With a certificate it speaks TLS. */
export async function openReceiver(
  context: Pick<TestContext, "after">,
  answer: (response: ServerResponse, seen: Seen) => void,
  certificate?: { key: string; cert: string },
) {
  const seen: Seen[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks) };
    seen.push(one);
    answer(response, one);
  };
  const server = certificate ? createTlsServer(certificate, take) : createServer(take);
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { port: address.port, seen };
}
