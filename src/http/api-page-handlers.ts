import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../model/caller.ts";
import type { Theme } from "../model/user-settings.ts";
import { type ApiDocument, toApiPage } from "./api-page/api-page.ts";
import { API_STYLE } from "./api-page/api-style.ts";
import { acceptsGzip } from "./gzip.ts";
import type { Handlers } from "./handlers.ts";

/** Kept small: few read it, and nearly all of them take gzip. */
interface Text {
  zipped: Buffer;
  etag: string;
}

/** The handlers of the API's page, in the colours that `themeOf` says; it is made when somebody first asks for it. */
export function apiPageHandlers(
  document: () => ApiDocument,
  themeOf: (caller: Caller) => Theme,
): Pick<Handlers, "apiPage" | "apiPageStyle"> {
  const pages = new Map<Theme, Text>();
  const pageIn = (theme: Theme): Text => {
    const made = pages.get(theme) ?? toText(toApiPage(document(), theme));
    pages.set(theme, made);
    return made;
  };
  const style = once(() => toText(API_STYLE));
  return {
    apiPage: ({ request, caller }, reply) => {
      const [path = "", query] = request.url.split("?");
      // The page names its style by an address beside its own.
      if (path.endsWith("/")) return reply.redirect(`../docs${query === undefined ? "" : `?${query}`}`, 302);
      return send(pageIn(themeOf(caller)), "text/html; charset=utf-8", request, reply);
    },
    apiPageStyle: ({ request }, reply) => send(style(), "text/css; charset=utf-8", request, reply),
  };
}

function send({ zipped, etag }: Text, type: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ ETag: etag, "Cache-Control": "no-cache", Vary: "Accept-Encoding, Cookie" });
  if (request.headers["if-none-match"] === etag) return reply.status(304).send();
  if (!acceptsGzip(request.headers["accept-encoding"])) return reply.type(type).send(gunzipSync(zipped));
  return reply.type(type).header("Content-Encoding", "gzip").send(zipped);
}

function toText(text: string): Text {
  const plain = Buffer.from(text);
  return { zipped: gzipSync(plain), etag: `"${createHash("sha256").update(plain).digest("hex").slice(0, 16)}"` };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
