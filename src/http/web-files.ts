import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const NOT_BUILT = "The web UI is not built; run: npm run build";

/**
 * Serves the built web UI from `folder`: files by their name, and the page itself for every other path that a browser opens, so that a
 * link into the UI works. Paths below `/api` never fall back to it.
 */
export async function serveWeb(server: FastifyInstance, folder: string | null): Promise<void> {
  const built = folder !== null && existsSync(join(folder, "index.html"));
  if (built)
    await server.register(fastifyStatic, {
      root: folder,
      preCompressed: true,
      cacheControl: false,
      index: "index.html",
      setHeaders: (reply, path) => {
        reply.header("Cache-Control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  server.setNotFoundHandler((request, reply) => {
    if (!wantsPage(request))
      return reply.status(404).send({ error: `There is no "${request.method} ${pathOf(request)}"` });
    return built ? sendPage(reply) : reply.status(503).send({ error: NOT_BUILT });
  });
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.sendFile("index.html");
}

/** A browser that opens a page, not a script that asks for a file or for data. */
function wantsPage(request: FastifyRequest): boolean {
  const path = pathOf(request);
  const isPage = !path.startsWith("/api/") && path !== "/api" && path !== "/ws" && !/\.\w+$/.test(path);
  return isPage && (request.method === "GET" || request.method === "HEAD") && accepts(request, "text/html");
}

function accepts(request: FastifyRequest, type: string): boolean {
  return (request.headers.accept ?? "").includes(type);
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0] ?? "/";
}
