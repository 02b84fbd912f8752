import { randomUUID } from "node:crypto";
import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import { Compile } from "typebox/compile";
import { MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { SealedSecret } from "../model/entered-instance.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";
import { Probe } from "../model/probe.ts";
import { triedSubject, trySubject } from "./names.ts";
import type { SiteInstances } from "./site-instances.ts";

/** What an edge is asked to try out. `kept`: one of its own by name; `deadline`: for one call. */
export type Trial = { deadline: Millis } & (
  | { kept: string }
  | { settings: InstanceSettings; sealed: readonly SealedSecret[] }
);

/** What an edge answers. "sealed": the secret is not sealed for its key. */
type Answer = { probe: Probe } | { refused: "sealed" | "unknown" | "busy" };

/** What a trial comes to. "nobody": no edge of the site answered; "unreached": nor does NATS. */
export type Tried = Answer | { refused: "nobody" | "unreached" };

/** An edge tries so many at once. */
const MOST = 4;
const LONGEST: Millis = MINUTE;
/** What a trial takes besides its calls. */
const SLACK: Millis = 10 * SECOND;
/** A trial makes so many calls, one after the other. */
const CALLS = 3;

export interface Answering {
  site: string;
  self: string;
  instances: SiteInstances;
  /** Never rejects for what the upstream does. */
  probe: (settings: InstanceSettings, deadline: Millis) => Promise<Probe>;
}

/** An edge answers cores that ask it to try something out, until the line is closed. */
export function answerTrials(connection: NatsConnection, answering: Answering): Subscription {
  let running = 0;
  const answer = async (message: Msg): Promise<Answer> => {
    if (running >= MOST) return { refused: "busy" };
    running += 1;
    try {
      return await tryOut(message.json<Trial>(), answering);
    } finally {
      running -= 1;
    }
  };
  const callback = async (error: Error | null, message: Msg) => {
    if (error) return;
    // What cannot be read is not answered: whoever sent that is no core.
    const said = await answer(message).catch(() => null);
    if (said && !connection.isClosed()) message.respond(JSON.stringify(said));
  };
  return connection.subscribe(trySubject(answering.site, answering.self), {
    callback: (error, message) => void callback(error, message),
  });
}

async function tryOut(trial: Trial, { instances, probe }: Answering): Promise<Answer> {
  const deadline = Math.min(trial.deadline, LONGEST);
  if ("kept" in trial) {
    const kept = instances.all().find(({ name }) => name === trial.kept);
    return kept
      ? { probe: await probe(kept, deadline) }
      : { refused: instances.cannotOpen.includes(trial.kept) ? "sealed" : "unknown" };
  }
  const settings = instances.open(trial.settings, trial.sealed);
  return settings ? { probe: await probe(settings, deadline) } : { refused: "sealed" };
}

const check = Compile(Probe);

/** Asks the edges of a site one after the other, until one has tried it. */
export async function askToTry(
  connection: NatsConnection,
  { site, edges }: { site: string; edges: readonly string[] },
  trial: Trial,
): Promise<Tried> {
  let last: Tried = { refused: "nobody" };
  for (const edge of edges) {
    const said = await ask(connection, { site, edge }, trial);
    if (said && "probe" in said) return said;
    last = said ?? last;
  }
  return last;
}

/** null: it does not answer, or not as it should. */
async function ask(
  connection: NatsConnection,
  { site, edge }: { site: string; edge: string },
  trial: Trial,
): Promise<Answer | null> {
  const timeout = CALLS * trial.deadline + SLACK;
  try {
    const reply = triedSubject(site, randomUUID());
    const options = { timeout, noMux: true, reply };
    const said = (await connection.request(trySubject(site, edge), JSON.stringify(trial), options)).json<Answer>();
    if ("refused" in said) return ["sealed", "unknown", "busy"].includes(said.refused) ? said : null;
    return check.Check(said.probe) ? { probe: said.probe } : null;
  } catch {
    return null;
  }
}
