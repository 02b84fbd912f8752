import type { AnswerOf, BodyOf, QueryOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import { SECOND } from "../kit/units.ts";
import { may } from "./door.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";
import { baseOf } from "./own-address.ts";

type Registration = BodyOf<Routes["autoRegister"]>;

/** Who issues codes and takes registrations; answered where the rooms are introduced to each other. */
export interface RegistrationDesk {
  /** `site`: of several Pulses, whose edges are to watch it; "": the only one. */
  issue(
    type: Registration["type"],
    host: string,
    site: string,
  ): Promise<{ code: string; host: string; expires: number } | Refusal>;
  script(options: {
    type: Registration["type"];
    host: string;
    pulseUrl: string;
    backupPerms: boolean;
  }): string | Refusal;
  /** `trusted`: the caller may add instances without a code. `from`: its address. */
  register(
    registration: Registration,
    trusted: boolean,
    from: string,
  ): Promise<{ id: string; message: string } | Refusal>;
}

/** The handlers of registration. */
export function registrationHandlers(
  desk: RegistrationDesk,
): Pick<Handlers, "setupScriptUrl" | "setupScript" | "autoRegister"> {
  return {
    setupScriptUrl: async ({
      body: { type, host, site = "", backupPerms = false },
      request,
      origin,
    }): Promise<AnswerOf<Routes["setupScriptUrl"]>> => {
      const issued = await desk.issue(type, host, site);
      if ("refused" in issued) throw toFailure(issued);
      const base = baseOf(request, origin);
      const query = new URLSearchParams({ type, host: issued.host, pulse_url: base });
      if (backupPerms) query.set("backup_perms", "true");
      const url = `${base}/api/setup-script?${query}`;
      return {
        url,
        command: `curl -sSL "${url}" | bash`,
        setupCode: issued.code,
        expires: Math.floor(issued.expires / SECOND),
      };
    },
    setupScript: ({ query, request, origin }, reply) => {
      const { type, host, pulse_url, backup_perms } = query as QueryOf<Routes["setupScript"]>;
      const pulseUrl = pulse_url ? toBase(pulse_url) : baseOf(request, origin);
      const script = desk.script({ type, host, pulseUrl, backupPerms: backup_perms === "true" });
      if (typeof script !== "string") throw toFailure(script);
      return reply
        .type("text/plain; charset=utf-8")
        .header("Content-Disposition", `inline; filename=pulse-setup-${type}.sh`)
        .header("Cache-Control", "no-store")
        .send(script);
    },
    autoRegister: async ({ body, caller, address }) => {
      const outcome = await desk.register(body, may(caller, "admin"), address);
      if ("refused" in outcome) throw toFailure(outcome);
      return { status: "success", message: outcome.message, nodeId: outcome.id };
    },
  };
}

function toBase(text: string): string {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.search)
    throw new Failure(400, `pulse_url: "${text}" is no address such as http://pulse.example.com:7655`);
  return url.href.replace(/\/+$/, "");
}
