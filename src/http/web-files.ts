import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { START_PAGES } from "../model/user-settings.ts";

/** What the UI calls its pages in its address, but for the first. */
const PAGES: ReadonlySet<string> = new Set([...START_PAGES.filter(page => page !== ""), "settings", "wall"]);

/** Where dashboards that show Pulse look for its mark: the original has it there. */
const OLDER_LOGOS = ["/logo.svg", "/favicon.ico"];

const NOT_BUILT = "The web UI is not built; run: npm run build";

/**
 * Serves the built web UI from `folder`, and the documentation in its `docs`: files that hold nothing of this Pulse, so anybody may have
 * them. A browser that opens any other path (an old bookmark, the link in a notification) is led to the page of that name, else to the start
 * page, by a relative address, so that it works below any path of a reverse proxy. Paths below `/api` are never led there.
 */
export async function serveWeb(server: FastifyInstance, folder: string | null): Promise<void> {
  const built = folder !== null && existsSync(join(folder, "index.html"));
  if (built) {
    await server.register(fastifyStatic, {
      root: folder,
      preCompressed: true,
      cacheControl: false,
      index: ["index.html"],
      setHeaders: (reply, path) => {
        reply.header("Cache-Control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
    // With a slash at the end or without is the same to the router; its links are relative to the one with.
    server.get("/docs", (request, reply) =>
      pathOf(request).endsWith("/") ? reply.sendFile("docs/index.html") : reply.redirect("./docs/", 302),
    );
    for (const name of OLDER_LOGOS) server.get(name, (_, reply) => reply.sendFile("pulse.svg"));
  }
  server.setNotFoundHandler((request, reply) => {
    if (!wantsPage(request))
      return reply.status(404).send({ error: `There is no "${request.method} ${pathOf(request)}"` });
    return built ? reply.redirect(startFrom(pathOf(request)), 302) : reply.status(503).send({ error: NOT_BUILT });
  });
}

/** The way from `path` back to the start page, "./" from "/a", "../" from "/a/b"; to the page of that name where there is one. */
function startFrom(path: string): string {
  const last = path.split("/").at(-1) ?? "";
  const page = PAGES.has(last) ? `?page=${last}` : "";
  return `${"../".repeat(path.split("/").length - 2) || "./"}${page}`;
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
