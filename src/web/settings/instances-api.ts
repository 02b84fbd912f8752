import type { AnswerOf, BodyOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import type { FaultKind } from "../../model/fault.ts";
import type { InstanceInput } from "../../model/instance-input.ts";
import { ask, type Refused as Said } from "../live/ask.ts";

export type Configured = AnswerOf<Routes["instances"]>[number];
export type SetupCommandAnswer = AnswerOf<Routes["setupScriptUrl"]>;
export type Tested = AnswerOf<Routes["testConnection"]>;

/** The server said no, or could not be asked. */
export interface Refused extends Said {
  fault?: FaultKind;
  fingerprint?: string | null;
}

export function readInstances(): Promise<Configured[] | Said> {
  return ask("GET", "api/config/nodes");
}

/** Tries settings out; with `id`, what is left empty is taken from that instance. */
export function testInstance(input: InstanceInput, id?: string): Promise<Tested | Refused> {
  return ask("POST", "api/config/nodes/test-connection", { ...input, ...(id === undefined ? {} : { id }) });
}

/** Adds an instance, or changes the one with `id`. */
export function saveInstance(input: InstanceInput, id?: string): Promise<{ id: string } | Refused> {
  return id === undefined
    ? ask("POST", "api/config/nodes", input)
    : ask("PUT", `api/config/nodes/${encodeURIComponent(id)}`, input);
}

export function removeInstance(id: string): Promise<{ id: string } | Refused> {
  return ask("DELETE", `api/config/nodes/${encodeURIComponent(id)}`);
}

/** A one-time code, and the command for the server's shell. */
export function issueSetupCode(purpose: BodyOf<Routes["setupScriptUrl"]>): Promise<SetupCommandAnswer | Refused> {
  return ask("POST", "api/setup-script-url", purpose);
}

/** What is looked at and what it costs. */
export function readDiagnostics(): Promise<AnswerOf<Routes["diagnostics"]> | Said> {
  return ask("GET", "api/diagnostics");
}
