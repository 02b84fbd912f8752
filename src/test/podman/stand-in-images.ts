import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { natsServer } from "../cluster/nats-servers.ts";

const run = promisify(execFile);

/** Packages of Debian that the image's base (distroless/cc) is made of, and that matter to Pulse. */
const BASE_PACKAGES = ["libc6", "libgcc-s1", "libstdc++6"];
/** What the first stage of the Containerfile runs; in the place of npm stands one that hands out a release made before. */
const BUILDER_PROGRAMS = ["dash", "tar", "gzip", "mkdir", "chmod", "cp"];
const NPM = "#!/bin/sh\nmkdir -p /release && cp /made/pulse-*.tar.gz /release/\n";
const USERS = "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n";

export type Podman = (...args: string[]) => Promise<string>;

/** Images in the place of those that a registry would give, made of this machine's Debian: under which names, for the Containerfile and compose. */
export async function standInImages(
  podman: Podman,
  folder: string,
  release: string,
): Promise<{ base: string; builder: string; nats: string }> {
  const base = join(folder, "base");
  for (const file of await filesOf(BASE_PACKAGES)) copyTo(base, file);
  mkdirSync(join(base, "etc"), { recursive: true });
  mkdirSync(join(base, "tmp"), { recursive: true });
  writeFileSync(join(base, "etc/passwd"), USERS);

  const builder = join(folder, "builder");
  for (const name of BUILDER_PROGRAMS) {
    const program = (await run("sh", ["-c", `command -v ${name}`])).stdout.trim();
    copyTo(builder, program, `/bin/${name}`);
    for (const library of await librariesOf(program)) copyTo(builder, library);
  }
  symlinkSync("dash", join(builder, "bin/sh"));
  writeFileSync(join(builder, "bin/npm"), NPM);
  chmodSync(join(builder, "bin/npm"), 0o755);
  copyTo(builder, release, `/made/${release.split("/").at(-1)}`);

  const nats = join(folder, "nats");
  copyTo(nats, natsServer(), "/usr/local/bin/nats-server");
  mkdirSync(join(nats, "tmp"));
  return {
    base: await toImage("base", ["ENV PATH=/usr/local/bin"]),
    builder: await toImage("builder", ["ENV PATH=/bin"]),
    // As the official image, which puts the program before arguments that begin with a dash.
    nats: await toImage("nats", ['ENTRYPOINT ["/usr/local/bin/nats-server"]']),
  };

  async function toImage(name: string, changes: readonly string[]): Promise<string> {
    const [tar, tag] = [join(folder, `${name}.tar`), `localhost/pulse-test-${name}:1`];
    await run("tar", ["-C", join(folder, name), "-cf", tar, "."]);
    await podman("import", ...changes.flatMap(change => ["--change", change]), tar, tag);
    return tag;
  }
}

/** The libraries of packages, and the loader; what is for reading is left out. */
async function filesOf(packages: readonly string[]): Promise<string[]> {
  const { stdout } = await run("dpkg-query", ["--listfiles", ...packages]);
  const files = stdout.split("\n").filter(path => /^\/(usr\/)?lib(64)?\//.test(path));
  return files.filter(path => statSync(path, { throwIfNoEntry: false })?.isFile());
}

async function librariesOf(program: string): Promise<string[]> {
  return [...(await run("ldd", [program])).stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

/** A file by the contents that it leads to, below `root`. */
function copyTo(root: string, file: string, to = file): void {
  mkdirSync(join(root, dirname(to)), { recursive: true });
  copyFileSync(realpathSync(file), join(root, to));
}
