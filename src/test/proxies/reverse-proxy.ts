import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** Where a proxy is to listen, where Pulse is, and a folder of its own with `cert.pem`, `key.pem` and `both.pem`. */
export interface Place {
  folder: string;
  port: number;
  /** Pulse's address and port. */
  target: string;
}

/** A program that passes on what Pulse answers, and how it is started with a block of the documentation. */
export interface ReverseProxy {
  /** As the heading in docs/reverse-proxy.md. */
  name: string;
  program: string;
  /** Debian's package; null: it has none. */
  debian: string | null;
  /** The block as it is written, made a whole configuration for that place; answers the command's arguments. */
  write(block: string, place: Place): string[];
}

/** The addresses, names and files of the documentation, in the place of those of the test. */
function placed(block: string, { folder, port, target }: Place): string {
  return block
    .replaceAll("127.0.0.1:7655", target)
    .replaceAll(/(pulse|www)\.example\.com/g, "localhost")
    .replaceAll("/etc/ssl/pulse/fullchain.pem", join(folder, "cert.pem"))
    .replaceAll("/etc/ssl/pulse/privkey.pem", join(folder, "key.pem"))
    .replaceAll("/etc/haproxy/pulse.pem", join(folder, "both.pem"))
    .replaceAll("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replaceAll("bind :443", `bind 127.0.0.1:${port}`)
    .replaceAll("<VirtualHost *:443>", `<VirtualHost 127.0.0.1:${port}>`);
}

function file({ folder }: Place, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const PROXIES: readonly ReverseProxy[] = [
  {
    name: "nginx",
    program: "nginx",
    debian: "nginx-light",
    write(block, place) {
      const { folder, port } = place;
      const text = placed(block, place);
      // Of a path there are locations only: they go into a server that is there already.
      const servers = text.includes("server {")
        ? text
        : `map $http_upgrade $connection_upgrade { default upgrade; '' close; }
server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;\n${text}}`;
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        name => `${name}_temp_path ${folder}/${name};`,
      );
      const http = `daemon off; pid ${folder}/nginx.pid; error_log stderr; events {}\nhttp { access_log off; ${paths.join(" ")}\n${servers}}\n`;
      return ["-c", file(place, "nginx.conf", http), "-p", folder, "-e", "stderr"];
    },
  },
  {
    name: "Caddy",
    program: "caddy",
    debian: "caddy",
    write(block, place) {
      const { folder, port } = place;
      const head = `{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system ${folder}/caddy\n}\n`;
      // Its own certificate would come from the internet.
      const text = placed(block, place).replace(
        "localhost {",
        `localhost:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem`,
      );
      return ["run", "--adapter", "caddyfile", "--config", file(place, "Caddyfile", head + text)];
    },
  },
  {
    name: "Traefik",
    program: "traefik",
    debian: null,
    write(block, place) {
      const { folder, port } = place;
      const dynamic = `${placed(block, place)}tls:\n  stores:\n    default:\n      defaultCertificate:\n        certFile: ${folder}/cert.pem\n        keyFile: ${folder}/key.pem\n`;
      return [
        `--providers.file.filename=${file(place, "dynamic.yml", dynamic)}`,
        `--entryPoints.websecure.address=127.0.0.1:${port}`,
        "--global.checkNewVersion=false",
        "--global.sendAnonymousUsage=false",
      ];
    },
  },
  {
    name: "HAProxy",
    program: "haproxy",
    debian: "haproxy",
    write(block, place) {
      const head = "defaults\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n\n";
      return ["-db", "-f", file(place, "haproxy.cfg", head + placed(block, place))];
    },
  },
  {
    name: "Apache",
    program: "apache2",
    debian: "apache2-bin",
    write(block, place) {
      const { folder, port } = place;
      const modules = ["mpm_event", "authz_core", "alias", "ssl", "headers", "proxy", "proxy_http"].map(
        name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`,
      );
      mkdirSync(join(folder, "run"), { recursive: true });
      const head = `ServerRoot ${folder}\nServerName localhost\nDefaultRuntimeDir ${folder}/run\nPidFile ${folder}/run/pid\nListen 127.0.0.1:${port}\nErrorLog ${folder}/apache.log\n${modules.join("")}`;
      return ["-DFOREGROUND", "-f", file(place, "apache.conf", head + placed(block, place))];
    },
  },
];

/** Starts a proxy; resolves when something listens at its port. Rejects with what it printed when it ends before. */
export async function start(proxy: ReverseProxy, block: string, place: Place): Promise<ChildProcess> {
  const child = spawn(proxy.program, proxy.write(block, place), { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", chunk => (printed += String(chunk)));
  let ended: string | null = null;
  child.once("error", error => (ended = String(error)));
  child.once("exit", code => (ended ??= `ended with ${code}`));
  for (const deadline = Date.now() + 20_000; !(await isTaken(place.port)); ) {
    if (ended !== null || Date.now() > deadline)
      throw new Error(`${proxy.name} ${ended ?? "does not listen"}:\n${printed}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return child;
}

/** Whether somebody listens there: to find out by listening ourselves disturbs no proxy. */
function isTaken(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once("error", () => resolve(true));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}

/** A port that nobody listens at now. */
export function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
