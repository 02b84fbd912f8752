import type { FastifyRequest } from "fastify";
import { Failure } from "./failure.ts";

/**
 * Where the caller reaches this server: the page's own address, or the one it was asked at. It goes into a command that somebody pastes
 * into a root shell, so nothing but a name or address and a port will do: `$`, quotes and backticks are lawful in a URL's host.
 */
export function baseOf({ headers }: FastifyRequest, origin: string): string {
  const base = headers.origin ?? origin;
  if (!/^https?:\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.test(base))
    throw new Failure(400, `${headers.origin ? "Origin" : "Host"}: "${base}" is no address such as http://pulse:7655`);
  return base;
}
