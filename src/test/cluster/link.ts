import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A line to a TCP server on this machine that can be cut: what then connects, or is connected, is broken off. */
export interface Link extends AsyncDisposable {
  /** Of this end, as the server's own with another port. */
  readonly url: string;
  cut(): void;
  mend(): void;
}

/** `url`: of the server, with its port. */
export async function openLink(url: string): Promise<Link> {
  const target = new URL(url);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer(near => {
    if (isCut) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const end = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    url: `${target.protocol}//127.0.0.1:${(server.address() as { port: number }).port}`,
    cut: end,
    mend: () => {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      end();
      await new Promise(closed => server.close(closed));
    },
  };
}
