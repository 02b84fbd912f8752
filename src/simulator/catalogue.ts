import type { Personality } from "./personality.ts";

/** A service such as one finds in cellars and companies. */
export interface Service {
  name: string;
  personality: Personality;
  /** As Proxmox keeps them: `;`-separated. */
  tags: string;
  /** Numbered from the first on: "postgres-1". Others get a number only when they come round again. */
  numbered?: boolean;
}

const web = (name: string, tags: string, numbered = false): Service => ({ name, personality: "web", tags, numbered });
const base = (name: string, tags: string): Service => ({ name, personality: "database", tags, numbered: true });
const batch = (name: string, tags: string, numbered = false): Service => ({
  name,
  personality: "batch",
  tags,
  numbered,
});
const idle = (name: string, tags: string): Service => ({ name, personality: "idle", tags });

/** In the order in which an estate grows; starts over when it is through. */
const CATALOGUE: readonly [Service, ...Service[]] = [
  base("postgres", "db;prod"),
  web("nextcloud", "prod;web"),
  idle("home-assistant", "iot;prod"),
  batch("gitlab-runner", "ci;dev", true),
  idle("pihole", "dns;prod"),
  web("nginx-proxy", "prod;web", true),
  web("gitlab", "dev;web"),
  base("mariadb", "db;prod"),
  idle("unifi-controller", "net"),
  web("grafana", "monitoring;web"),
  base("prometheus", "monitoring;prod"),
  web("vaultwarden", "prod;web"),
  batch("jellyfin", "media"),
  idle("mosquitto", "iot"),
  web("mailcow", "mail;prod"),
  idle("wireguard", "net;prod"),
  web("paperless-ngx", "web"),
  batch("immich", "media;web"),
  base("redis", "cache;prod"),
  idle("debian-12-base", ""),
  web("keycloak", "auth;prod"),
  batch("restic-server", "backup"),
  idle("adguard", "dns"),
  web("wordpress", "prod;web", true),
  idle("zigbee2mqtt", "iot"),
  base("elasticsearch", "db;logs"),
  batch("frigate", "iot;media"),
  web("bookstack", "web"),
  idle("win11-office", "desktop"),
  batch("jenkins-agent", "ci;dev", true),
  web("matrix-synapse", "chat;prod"),
  idle("dc", "ad;prod"),
  base("influxdb", "db;monitoring"),
  web("uptime-kuma", "monitoring"),
  idle("samba-files", "files;prod"),
  web("rancher", "dev;k8s"),
  batch("k3s-worker", "k8s;prod", true),
  base("mongodb", "db;dev"),
  web("traefik", "prod;web"),
  idle("opnsense", "net;prod"),
  batch("photoprism", "media"),
  web("odoo", "erp;prod"),
  idle("ntp", "net"),
  base("clickhouse", "db;logs"),
  web("staging-shop", "dev;web", true),
  idle("freepbx", "voip"),
  batch("borg-backup", "backup"),
  web("n8n", "automation"),
  idle("print-server", ""),
  base("rabbitmq", "prod;queue"),
];

/** The service behind guest number `index`, and what that guest is called. */
export function serviceOf(index: number): { service: Service; name: string } {
  const service = CATALOGUE[index % CATALOGUE.length] ?? CATALOGUE[0];
  const round = Math.floor(index / CATALOGUE.length) + 1;
  return { service, name: service.numbered || round > 1 ? `${service.name}-${round}` : service.name };
}
