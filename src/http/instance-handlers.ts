import type { AnswerOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import type { FaultKind } from "../model/fault.ts";
import type { InstanceInput } from "../model/instance-input.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { nameOf, type SystemDesk } from "./system-handlers.ts";

type Configured = AnswerOf<Routes["instances"]>[number];
type Tested = AnswerOf<Routes["testInstance"]>;

/** Why an instance is not saved. */
export interface Refusal {
  refused: "bad-input" | "unauthorized" | "unknown" | "locked" | "duplicate" | "too-many" | "not-now";
  message: string;
}

/** Who keeps the instances: asked by the routes, answered where the rooms are introduced to each other. */
export interface InstanceDesk {
  list(): Configured[];
  /** How the server was started, without secrets. */
  system(): Pick<
    AnswerOf<Routes["configuration"]>["system"],
    "bindHost" | "mockMode" | "demoMode" | "passwordAuth" | "apiToken"
  >;
  add(input: InstanceInput): Promise<{ id: string } | Refusal>;
  update(id: string, input: InstanceInput): Promise<{ id: string } | Refusal>;
  remove(id: string): Promise<{ id: string } | Refusal>;
  /** `id`: what is left out of `input` is taken from that instance. */
  test(
    id: string | null,
    input: InstanceInput,
  ): Promise<Tested | Refusal | { fault: FaultKind; message: string; fingerprint: string | null }>;
}

const STATUS: { readonly [K in Refusal["refused"]]: number } = {
  "bad-input": 400,
  unauthorized: 401,
  unknown: 404,
  locked: 403,
  duplicate: 409,
  "too-many": 429,
  "not-now": 503,
};

type InstanceRoutes =
  | "instances"
  | "configuration"
  | "addInstance"
  | "updateInstance"
  | "removeInstance"
  | "testConnection"
  | "testConfig"
  | "testInstance";

/** The handlers of the instances' management. */
export function instanceHandlers(desk: InstanceDesk, system: SystemDesk): Pick<Handlers, InstanceRoutes> {
  const tried = async (id: string | null, input: InstanceInput): Promise<Tested> => {
    const outcome = await desk.test(id, input);
    if ("refused" in outcome) throw toFailure(outcome);
    if (!("fault" in outcome)) return outcome;
    const { message, fault, fingerprint } = outcome;
    throw new Failure(400, message, { status: "error", message, fault, fingerprint });
  };
  return {
    instances: () => desk.list(),
    configuration: ({ caller }) => {
      const { autoUpdateEnabled, updateChannel } = system.settings();
      return {
        nodes: desk.list(),
        system: { ...desk.system(), ...system.settings() },
        settings: system.userSettings(nameOf(caller)),
        ...{ autoUpdateEnabled, updateChannel, csrfProtection: true },
      };
    },
    addInstance: async ({ body }, reply) => {
      const saved = toSaved(await desk.add(body));
      reply.status(201);
      return saved;
    },
    updateInstance: async ({ params, body }) => toSaved(await desk.update(params.id ?? "", body)),
    removeInstance: async ({ params }) => toSaved(await desk.remove(params.id ?? "")),
    testConnection: ({ body }) => tried(body.id || null, body),
    testConfig: ({ body }) => tried(body.id || null, body),
    testInstance: ({ params }) => tried(params.id ?? "", {}),
  };
}

function toSaved(outcome: { id: string } | Refusal): AnswerOf<Routes["addInstance"]> {
  if ("refused" in outcome) throw toFailure(outcome);
  return { status: "success", id: outcome.id };
}

/** What the caller is told of a refusal. */
export function toFailure({ refused, message }: Refusal): Failure {
  return new Failure(STATUS[refused], message, { status: "error", message });
}
