import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AGENT_ROUTES } from "../contract/agent-routes.ts";
import { type AgentArch, type AgentFile, AgentFiles, BrokenAgentFile } from "./agent-files.ts";
import { Failure } from "./failure.ts";
import { acceptsGzip } from "./gzip.ts";
import type { Handlers } from "./handlers.ts";
import { baseOf } from "./own-address.ts";

/** What the agent needs to come onto a host; answered where the rooms are introduced to each other. */
export interface AgentSupply {
  /** Where the build laid the agent; null: nowhere. */
  folder: string | null;
  /** The script that installs it, from `base`, which holds nothing that a shell would take amiss. */
  script(base: string): string;
}

/** By the names that build tools and `uname -m` have for it. */
const ARCHITECTURES: Readonly<Record<string, AgentArch>> = {
  amd64: "amd64",
  x86_64: "amd64",
  "linux-amd64": "amd64",
  arm64: "arm64",
  aarch64: "arm64",
  "linux-arm64": "arm64",
};

/** The handlers by which a Docker host gets its agent. */
export function agentHandlers({ folder, script }: AgentSupply): Pick<Handlers, keyof typeof AGENT_ROUTES> {
  const files = new AgentFiles(folder);
  return {
    installDockerAgent: ({ request, origin }, reply) =>
      reply
        .type("text/x-shellscript; charset=utf-8")
        .headers({ "Cache-Control": "no-store", "Content-Disposition": "inline; filename=install-docker-agent.sh" })
        .send(script(baseOf(request, origin))),
    downloadDockerAgent: async ({ query, request }, reply) => {
      const arch = archOf(query);
      return sendFile(await openFile(files, arch, acceptsGzip(request.headers["accept-encoding"])), request, reply);
    },
    dockerAgentChecksum: async ({ query }, reply) => {
      const { handle, name, sha256 } = await openFile(files, archOf(query), false);
      await handle.close();
      return reply.type("text/plain; charset=utf-8").header("Cache-Control", "no-cache").send(`${sha256}  ${name}\n`);
    },
  };
}

function archOf(query: unknown): AgentArch {
  const { arch = "amd64" } = query as { arch?: string };
  const known = Object.entries(ARCHITECTURES).find(([name]) => name === arch.toLowerCase())?.[1];
  if (!known) throw new Failure(400, `arch: there is no agent for "${arch}"; it is amd64 or arm64`);
  return known;
}

async function openFile(files: AgentFiles, arch: AgentArch, gzip: boolean): Promise<AgentFile> {
  const file = await files.open(arch, gzip).catch(error => {
    throw error instanceof BrokenAgentFile ? new Failure(404, `${error.message}; run: npm run build:agent`) : error;
  });
  if (!file)
    throw new Failure(404, `The agent for linux-${arch} is not built on this server; run: npm run build:agent`);
  return file;
}

async function sendFile(file: AgentFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { handle, name, sha256, size, gzip } = file;
  const etag = `"${sha256}${gzip ? "-gzip" : ""}"`;
  reply.headers({ ETag: etag, "X-Checksum-Sha256": sha256, "Cache-Control": "no-cache", Vary: "Accept-Encoding" });
  const known = request.headers["if-none-match"]?.split(",").map(tag => tag.trim()) ?? [];
  const isKnown = known.includes(etag) || known.includes("*");
  if (isKnown || request.method === "HEAD") await handle.close();
  if (isKnown) return reply.status(304).send();
  reply
    .type("application/octet-stream")
    .headers({ "Content-Disposition": `attachment; filename=${name}`, "Content-Length": size })
    .headers(gzip ? { "Content-Encoding": "gzip" } : {});
  return reply.send(request.method === "HEAD" ? Readable.from([]) : handle.createReadStream({ start: 0 }));
}
