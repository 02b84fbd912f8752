import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { pipeline } from "node:stream";

/** A reverse proxy, as nginx is one, that shows a server below a path of its own. */
export interface SubPathProxy extends AsyncDisposable {
  /** Where the server's start page is, without the last slash. */
  readonly url: string;
  /** The paths of the WebSockets that were asked for, as the server got them. */
  readonly streams: string[];
  /** Cuts all WebSockets, as a network does. */
  cut(): void;
}

/** Passes on what is asked for below `prefix`, without it. */
export async function openSubPathProxy(target: string, prefix: string): Promise<SubPathProxy> {
  const streams: string[] = [];
  const open = new Set<Socket>();
  const toTarget = ({ method, url = "/", headers }: IncomingMessage) =>
    request(new URL(url.slice(prefix.length), target), { method, headers });
  const server = createServer((asked, answer) => {
    if (!asked.url?.startsWith(`${prefix}/`)) return void answer.writeHead(404).end("Nothing of mine");
    const passed = toTarget(asked);
    passed.on("response", got => {
      // Who asked may have gone.
      if (answer.destroyed) return void got.destroy();
      answer.writeHead(got.statusCode ?? 502, got.headers);
      pipeline(got, answer, () => {});
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  server.on("upgrade", (asked, socket: Socket) => {
    const passed = toTarget(asked);
    streams.push(passed.path);
    passed.on("response", () => socket.destroy());
    passed.on("error", () => socket.destroy());
    passed.on("upgrade", ({ rawHeaders }, behind: Socket, head) => {
      const lines = rawHeaders.map((text, at) => (at % 2 === 0 ? `\r\n${text}: ` : text));
      socket.write(`HTTP/1.1 101 Switching Protocols${lines.join("")}\r\n\r\n`);
      socket.write(head);
      open.add(socket);
      pipeline(behind, socket, behind, () => open.delete(socket));
    });
    passed.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    streams,
    cut: () => {
      for (const socket of open) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      for (const socket of open) socket.destroy();
    },
  };
}
