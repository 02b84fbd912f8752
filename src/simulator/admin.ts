import { createServer, type IncomingMessage } from "node:http";
import type { Estate } from "./estate.ts";
import { readFault, UnknownFault } from "./fault.ts";
import { listen, readText } from "./wire.ts";

/** The address by which people and other processes cause faults. */
export interface Admin extends AsyncDisposable {
  url: string;
}

/**
 * Plain HTTP on loopback, without sign-in:
 * `GET /` the instances and the faults in force · `POST /fault` causes one, answers its id · `DELETE /fault` clears all,
 * `DELETE /fault/{id}` one · `GET /requests` what was asked so far · `DELETE /requests` starts counting anew.
 */
export async function openAdmin(
  estate: Omit<Estate, "adminUrl" | keyof AsyncDisposable>,
  port: number,
): Promise<Admin> {
  const server = createServer(async (request, response) => {
    const { status, body } = await handle(estate, request);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  const url = `http://127.0.0.1:${await listen(server, port, "127.0.0.1")}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Result {
  status: number;
  body: unknown;
}

async function handle(
  estate: Omit<Estate, "adminUrl" | keyof AsyncDisposable>,
  request: IncomingMessage,
): Promise<Result> {
  const { faults, requests, instances } = estate;
  const [, thing = "", id] = (request.url ?? "/").split("/");
  const text = (await readText(request)) ?? "";
  switch (`${request.method} /${thing}`) {
    case "GET /":
      return { status: 200, body: { instances, faults: faults.list() } };
    case "POST /fault":
      return causeFault(estate, text);
    case "DELETE /fault":
      await faults.clear(id);
      return { status: 200, body: { faults: faults.list() } };
    case "GET /requests":
      return { status: 200, body: requests.read() };
    case "DELETE /requests":
      requests.reset();
      return { status: 200, body: requests.read() };
    default:
      return { status: 404, body: { error: `Nothing at "${request.method} ${request.url}"` } };
  }
}

async function causeFault({ faults }: Pick<Estate, "faults">, text: string): Promise<Result> {
  try {
    return { status: 201, body: { id: await faults.cause(readFault(JSON.parse(text))) } };
  } catch (error) {
    if (error instanceof UnknownFault || error instanceof SyntaxError)
      return { status: 400, body: { error: error.message } };
    throw error;
  }
}
