import type { Personality } from "./personality.ts";

/** What is wrong with a container, all the time. */
export type Trouble =
  /** Its program ends as soon as it has begun, and is started again. */
  | "restart-loop"
  /** Its health check fails. */
  | "unhealthy"
  /** The kernel stopped it for want of memory, and nothing starts it again. */
  | "out-of-memory"
  /** Needs nearly all the memory that it may have. */
  | "short-of-memory"
  /** Somebody stopped it. */
  | "stopped";

/** A container as one finds it on a host. */
export interface Stocked {
  name: string;
  image: string;
  personality: Personality;
  /** MiB that it uses; it may have twice as much where it is `limited`. */
  memory: number;
  limited?: true;
  /** Published, outside:inside. */
  ports?: readonly string[];
  /** Volumes of its own and paths of the host, name:destination. */
  volumes?: readonly string[];
  /** Has a health check. */
  checked?: true;
  trouble?: Trouble;
}

/** Containers that belong together. null: they do not. */
export interface Stack {
  project: string | null;
  containers: readonly Stocked[];
}

export interface StockedHost {
  name: string;
  os: string;
  kernel: string;
  architecture: string;
  engine: "docker" | "podman";
  engineVersion: string;
  cpus: number;
  /** GiB */
  memory: number;
  /** As the original's agent reports: nothing of images, counters, mounts, and the host itself. */
  older?: true;
  /** Its stacks are those of a swarm. */
  swarm?: true;
  stacks: readonly Stack[];
}

const db = (name: string, image: string, memory = 180): Stocked => ({
  name,
  image,
  memory,
  personality: "database",
  volumes: [`${name}-data:/var/lib/data`],
  checked: true,
});
const web = (name: string, image: string, memory: number, port?: string): Stocked => ({
  name,
  image,
  memory,
  personality: "web",
  ...(port ? { ports: [port] } : {}),
});
const idle = (name: string, image: string, memory: number): Stocked => ({ name, image, memory, personality: "idle" });

/** In the order in which an estate gets them; starts over when it is through. */
export const DOCKER_HOSTS: readonly [StockedHost, ...StockedHost[]] = [
  {
    name: "dock1",
    os: "Debian GNU/Linux 12 (bookworm)",
    kernel: "6.1.0-28-amd64",
    architecture: "x86_64",
    engine: "docker",
    engineVersion: "27.5.1",
    cpus: 8,
    memory: 32,
    stacks: [
      {
        project: "nextcloud",
        containers: [
          { ...web("nextcloud-app", "nextcloud:30-apache", 620, "8080:80"), volumes: ["/srv/nextcloud:/var/www/html"] },
          db("nextcloud-db", "mariadb:11.4", 430),
          { ...idle("nextcloud-redis", "redis:7-alpine", 24), checked: true },
          { ...idle("nextcloud-cron", "nextcloud:30-apache", 60), volumes: ["/srv/nextcloud:/var/www/html"] },
        ],
      },
      {
        project: "monitoring",
        containers: [
          web("grafana", "grafana/grafana:11.4.0", 190, "3000:3000"),
          { ...db("prometheus", "prom/prometheus:v3.0.1", 1400), limited: true, trouble: "short-of-memory" },
          web("loki", "grafana/loki:3.3.2", 420, "3100:3100"),
          idle("node-exporter", "prom/node-exporter:v1.8.2", 18),
        ],
      },
      {
        project: "paperless",
        containers: [
          {
            ...web("paperless-webserver", "ghcr.io/paperless-ngx/paperless-ngx:2.14", 780, "8010:8000"),
            checked: true,
          },
          db("paperless-db", "postgres:17"),
          idle("paperless-broker", "redis:7-alpine", 16),
          { ...idle("paperless-tika", "apache/tika:3.0.0", 340), trouble: "unhealthy" },
        ],
      },
    ],
  },
  {
    name: "media",
    os: "Ubuntu 24.04.1 LTS",
    kernel: "6.8.0-51-generic",
    architecture: "x86_64",
    engine: "docker",
    engineVersion: "28.0.4",
    cpus: 4,
    memory: 16,
    stacks: [
      {
        project: "immich",
        containers: [
          { ...web("immich-server", "ghcr.io/immich-app/immich-server:v1.123.0", 510, "2283:2283"), checked: true },
          {
            name: "immich-machine-learning",
            image: "ghcr.io/immich-app/immich-machine-learning:v1.123.0",
            personality: "batch",
            memory: 1024,
            limited: true,
            trouble: "out-of-memory",
          },
          db("immich-postgres", "tensorchord/pgvecto-rs:pg14-v0.2.0", 260),
          idle("immich-redis", "redis:6.2-alpine", 14),
        ],
      },
      {
        project: "jellyfin",
        containers: [
          {
            name: "jellyfin",
            image: "jellyfin/jellyfin:10.10.3",
            personality: "batch",
            memory: 900,
            ports: ["8096:8096"],
            volumes: ["/srv/media:/media", "jellyfin-config:/config"],
          },
        ],
      },
      { project: null, containers: [{ ...idle("duplicati", "linuxserver/duplicati:2.1.0", 130), trouble: "stopped" }] },
    ],
  },
  {
    name: "edge",
    os: "Alpine Linux v3.21",
    kernel: "6.12.8-0-rpi",
    architecture: "aarch64",
    engine: "podman",
    engineVersion: "5.3.1",
    cpus: 4,
    memory: 4,
    stacks: [
      {
        project: null,
        containers: [
          { ...web("traefik", "traefik:v3.2", 90, "443:443"), volumes: ["/etc/traefik:/etc/traefik:ro"] },
          { ...idle("pihole", "pihole/pihole:2024.07.0", 110), ports: ["53:53/udp", "8053:80"], checked: true },
          { ...idle("ddclient", "linuxserver/ddclient:4.0.0", 12), trouble: "restart-loop" },
          web("uptime-kuma", "louislam/uptime-kuma:1", 140, "3001:3001"),
        ],
      },
    ],
  },
  {
    name: "swarm1",
    os: "Ubuntu 22.04.5 LTS",
    kernel: "5.15.0-130-generic",
    architecture: "x86_64",
    engine: "docker",
    engineVersion: "26.1.4",
    cpus: 16,
    memory: 64,
    swarm: true,
    stacks: [
      {
        project: "shop",
        containers: [
          { ...web("shop_web", "registry.example.com/shop/web:2025.11", 340), limited: true },
          { ...web("shop_api", "registry.example.com/shop/api:2025.11", 610), limited: true, checked: true },
          { name: "shop_worker", image: "registry.example.com/shop/worker:2025.11", personality: "batch", memory: 480 },
          db("shop_db", "postgres:16", 2100),
        ],
      },
    ],
  },
  {
    name: "old-nas",
    os: "Debian GNU/Linux 11 (bullseye)",
    kernel: "5.10.0-33-amd64",
    architecture: "x86_64",
    engine: "docker",
    engineVersion: "20.10.24",
    cpus: 2,
    memory: 8,
    older: true,
    stacks: [
      {
        project: "syncthing",
        containers: [{ ...web("syncthing", "syncthing/syncthing:1.27", 210, "8384:8384"), checked: true }],
      },
      { project: null, containers: [idle("samba", "dperson/samba:latest", 45)] },
    ],
  },
];
