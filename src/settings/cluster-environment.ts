import { hostname } from "node:os";
import { resolve } from "node:path";
import type { ClusterSettings, EdgeSettings } from "../model/cluster.ts";
import { INSTANCE_NAME } from "../model/ids.ts";
import { BadSettings } from "./bad-settings.ts";
import type { Environment } from "./environment.ts";

/** What the environment says of the NATS servers. Throws BadSettings naming each variable that cannot be used. */
export function readCluster(environment: Environment): ClusterSettings {
  const problems: string[] = [];
  const settings = toCluster(environment, problems);
  if (problems.length > 0) throw new BadSettings(problems);
  return settings;
}

/** The same for an edge. */
export function readEdge(environment: Environment): EdgeSettings {
  const problems: string[] = [];
  const settings = { ...toCluster(environment, problems), site: environment.PULSE_SITE?.trim() ?? "" };
  if (settings.site === "") problems.push("PULSE_SITE: missing; the name of the site that this edge stands at");
  else checkName("PULSE_SITE", settings.site, problems);
  if (problems.length > 0) throw new BadSettings(problems);
  return settings;
}

function toCluster(environment: Environment, problems: string[]): ClusterSettings {
  const text = (name: string) => environment[name]?.trim() || null;
  const servers = (text("PULSE_NATS_URL") ?? "").split(",").flatMap(part => part.trim() || []);
  if (servers.length === 0) problems.push("PULSE_NATS_URL: missing; nats://host:4222, several with commas between");
  for (const server of servers)
    if (!/^(nats|tls):\/\/[^/@]+$/.test(server))
      problems.push(`PULSE_NATS_URL: "${server}" is no address such as nats://host:4222 or tls://host:4222`);
  const name = text("PULSE_NAME") ?? hostname();
  checkName("PULSE_NAME", name, problems);
  const caFile = text("PULSE_NATS_CA");
  return { servers, signIn: toSignIn(environment, problems), caFile: caFile && resolve(caFile), name };
}

function toSignIn(environment: Environment, problems: string[]): ClusterSettings["signIn"] {
  const file = environment.PULSE_NATS_CREDENTIALS?.trim() || null;
  const user = environment.PULSE_NATS_USER?.trim() || null;
  const password = environment.PULSE_NATS_PASSWORD || null;
  if (file !== null && user !== null) problems.push("PULSE_NATS_CREDENTIALS: give a file or PULSE_NATS_USER, not both");
  if (user !== null && password === null) problems.push("PULSE_NATS_PASSWORD: missing, while PULSE_NATS_USER is set");
  if (user === null && password !== null) problems.push("PULSE_NATS_USER: missing, while PULSE_NATS_PASSWORD is set");
  if (file !== null) return { credentialsFile: resolve(file) };
  return user !== null && password !== null ? { user, password } : null;
}

function checkName(variable: string, name: string, problems: string[]): void {
  if (!INSTANCE_NAME.test(name))
    problems.push(`${variable}: "${name}" must be letters, digits, ".", "_" and "-", at most 63`);
}
