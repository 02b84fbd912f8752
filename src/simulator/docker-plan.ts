import { type Bytes, DAY, GIB, HOUR, type Instant, MIB, MINUTE, type Millis } from "../kit/units.ts";
import { type Dice, diceOf } from "./dice.ts";
import { DOCKER_HOSTS, type Stack, type Stocked, type StockedHost, type Trouble } from "./docker-catalogue.ts";
import { type Behaviour, toBehaviour } from "./personality.ts";

export interface ContainerPlan {
  name: string;
  /** Hex, 64 digits. */
  id: string;
  image: string;
  imageId: string;
  /** When its image was built, when it was made of it, and when it was started before anything happened to it. */
  imageBuilt: Instant;
  made: Instant;
  started: Instant;
  behaviour: Behaviour;
  memory: Bytes;
  /** null: none. */
  limit: Bytes | null;
  ports: readonly { privatePort: number; publicPort: number; protocol: string }[];
  mounts: readonly { type: string; source: string; destination: string; readOnly: boolean }[];
  labels: Readonly<Record<string, string>>;
  network: string;
  address: string;
  checked: boolean;
  trouble: Trouble | null;
  /** How often it ends and is started again, where that is its trouble. */
  period: Millis;
}

export interface DockerHostPlan {
  name: string;
  machineId: string;
  stock: StockedHost;
  booted: Instant;
  memory: Bytes;
  containers: readonly ContainerPlan[];
}

/**
 * Draws hosts as they are at `begun`; the same seed and time give the same plan. More than the catalogue has come in further editions.
 * `containers`: how many each has; null: as the catalogue says.
 */
export function planDockerHosts(
  seed: string,
  count: number,
  begun: Instant,
  containers: number | null = null,
): DockerHostPlan[] {
  return Array.from({ length: count }, (_, index) => {
    const own = DOCKER_HOSTS[index % DOCKER_HOSTS.length] ?? DOCKER_HOSTS[0];
    const stock = containers === null ? own : withContainers(own, containers);
    const edition = Math.floor(index / DOCKER_HOSTS.length);
    return planHost(seed, edition === 0 ? stock.name : `${stock.name}-${edition + 1}`, stock, begun);
  });
}

/** The host with just so many containers: its own in their order, then further ones like them, which publish nothing. */
function withContainers(host: StockedHost, count: number): StockedHost {
  const own = host.stacks.flatMap(stack => stack.containers);
  const editions = (container: Stocked) => Math.ceil((count - own.indexOf(container)) / own.length);
  const several = (container: Stocked) =>
    Array.from({ length: Math.max(0, editions(container)) }, (_, edition): Stocked => {
      const { ports: _ports, ...rest } = container;
      return edition === 0 ? container : { ...rest, name: `${container.name}-${edition + 1}` };
    });
  return { ...host, stacks: host.stacks.map(stack => ({ ...stack, containers: stack.containers.flatMap(several) })) };
}

function planHost(seed: string, name: string, stock: StockedHost, begun: Instant): DockerHostPlan {
  const dice = diceOf(seed, "docker", name);
  const booted = begun - Math.round(dice.between(3, 90) * DAY);
  return {
    name,
    machineId: hexOf(dice, 32),
    stock,
    booted,
    memory: stock.memory * GIB,
    containers: stock.stacks.flatMap((stack, at) =>
      stack.containers.map((one, place) =>
        planContainer(one, stack, { host: stock, booted, begun, address: `172.${18 + at}.0.${place + 2}` }, [
          seed,
          name,
        ]),
      ),
    ),
  };
}

interface Surroundings {
  host: StockedHost;
  booted: Instant;
  begun: Instant;
  address: string;
}

function planContainer(
  stocked: Stocked,
  stack: Stack,
  { host, booted, begun, address }: Surroundings,
  words: readonly string[],
): ContainerPlan {
  const dice = diceOf(...words, "container", stocked.name);
  const imageDice = diceOf("image", stocked.image);
  const started = booted + Math.round(dice.share() * (begun - booted) * 0.9) + MINUTE;
  const memory = stocked.memory * MIB;
  return {
    name: host.swarm ? `${stocked.name}.1.${hexOf(dice, 12)}` : stocked.name,
    id: hexOf(dice, 64),
    image: stocked.image,
    imageId: `sha256:${hexOf(imageDice, 64)}`,
    imageBuilt: begun - Math.round(imageDice.between(4, 500) * DAY),
    made: started - Math.round(dice.share() * 2 * DAY),
    started,
    behaviour: toBehaviour(stocked.personality, dice),
    memory,
    limit: stocked.limited ? memory * (stocked.trouble === "short-of-memory" ? 1 : 2) : null,
    ports: (stocked.ports ?? []).map(toPort),
    mounts: (stocked.volumes ?? []).map(toMount),
    labels: labelsOf(stocked, stack, host),
    network: stack.project === null ? "bridge" : `${stack.project}_default`,
    address,
    checked: stocked.checked === true || stocked.trouble === "unhealthy",
    trouble: stocked.trouble ?? null,
    period: Math.round(dice.between(80, 110)) * 1000,
  };
}

/** When what is stopped from the beginning ended. */
export function endedAt({ trouble, started }: Pick<ContainerPlan, "trouble" | "started">, begun: Instant): Instant {
  return Math.max(started + MINUTE, begun - (trouble === "out-of-memory" ? 40 * MINUTE : 50 * HOUR));
}

function labelsOf(stocked: Stocked, { project }: Stack, host: StockedHost): Record<string, string> {
  const image = { "org.opencontainers.image.title": stocked.image.replace(/:.*$/, "") };
  if (project === null) return image;
  if (host.swarm)
    return { ...image, "com.docker.stack.namespace": project, "com.docker.swarm.service.name": stocked.name };
  return {
    ...image,
    "com.docker.compose.project": project,
    "com.docker.compose.service": stocked.name.replace(`${project}-`, ""),
    "com.docker.compose.project.working_dir": `/opt/${project}`,
  };
}

/** "8080:80", "53:53/udp" */
function toPort(text: string) {
  const [ports = "", protocol = "tcp"] = text.split("/");
  const [publicPort = 0, privatePort = 0] = ports.split(":").map(Number);
  return { privatePort, publicPort, protocol };
}

/** "name:/destination", "/path:/destination:ro" */
function toMount(text: string) {
  const [source = "", destination = "", mode] = text.split(":");
  return { type: source.startsWith("/") ? "bind" : "volume", source, destination, readOnly: mode === "ro" };
}

function hexOf(dice: Dice, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(dice.share() * 16).toString(16)).join("");
}
