import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type LaunchOptions, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Beside what Playwright sets itself, which is no sandbox (containers have none), no first run, and nobody to call home to. */
const FLAGS = ["--disable-gpu", "--disable-quic", "--font-render-hinting=none"];

/** Only the fonts that come with the browser, in `folder`: a page looks the same on every machine. */
function toFontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir>${join(folder, "cache").replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</cachedir>
</fontconfig>
`;
}

/** Starts a headless Chromium: the system's where there is one that starts, else the one that npm brought. Throws where neither does. */
export async function openBrowser(): Promise<Browser> {
  const failures: unknown[] = [];
  for (const executablePath of await installedBrowsers()) {
    try {
      return await launch({ executablePath });
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (process.platform === "linux" && process.arch === "x64") return launch(await bundledBrowser());
  throw new AggregateError(
    failures,
    `Cannot start a browser: please install Chromium or Chrome so that one of ${NAMES.join(", ")} starts`,
  );
}

/** Saves what `page` shows as `test-results/<name>.png`, and answers it. */
export async function shoot(page: Page, name: string): Promise<Buffer> {
  return page.screenshot({ path: join("test-results", `${name}.png`), animations: "disabled" });
}

function launch(options: LaunchOptions): Promise<Browser> {
  return chromium.launch({ ...options, args: FLAGS });
}

async function installedBrowsers(): Promise<string[]> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(folder => folder !== "");
  const candidates = NAMES.flatMap(name => folders.map(folder => join(folder, name)));
  const all = process.platform === "darwin" ? [...candidates, ...MAC] : candidates;
  const there = await Promise.all(all.map(exists));
  return all.filter((_, at) => there[at]);
}

/**
 * The Chromium of @sparticuz/chromium, unpacked once into node_modules/.cache. It is made for AWS Lambda: elsewhere it needs to be told
 * where its libraries and fonts are, and without a UTF-8 locale or fonts it shows pages without their text.
 */
async function bundledBrowser(): Promise<LaunchOptions> {
  const packed = join(import.meta.dirname, "../../node_modules/@sparticuz/chromium");
  const { version } = JSON.parse(await readFile(join(packed, "package.json"), "utf8")) as { version: string };
  const cache = join(import.meta.dirname, "../../node_modules/.cache");
  const folder = join(cache, `chromium-${version}`);
  if (!(await exists(folder))) await unpack(join(packed, "bin"), cache, folder);
  return {
    executablePath: join(folder, "chromium"),
    env: {
      ...process.env,
      LANG: "en_US.UTF-8",
      LD_LIBRARY_PATH: [join(folder, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
      FONTCONFIG_PATH: join(folder, "fonts"),
    },
  };
}

/** Unpacks beside `folder` and moves the whole into place, so that several processes may do it at once and one that dies leaves no half. */
async function unpack(packed: string, cache: string, folder: string): Promise<void> {
  const { inflate } = await import("@sparticuz/chromium");
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  await inTemporaryFolder(staging, () =>
    Promise.all(
      ["chromium.br", "fonts.tar.br", "al2023.tar.br", "swiftshader.tar.br"].map(name => inflate(join(packed, name))),
    ),
  );
  await writeFile(join(staging, "fonts/fonts.conf"), toFontsConf(folder));
  try {
    await rename(staging, folder);
  } catch (cause) {
    // Another process was quicker: its browser is as good.
    await rm(staging, { recursive: true, force: true });
    if (!(await exists(folder))) throw cause;
  }
}

/** `inflate` unpacks into the folder for temporary files, which it asks for before it first waits. */
async function inTemporaryFolder<T>(folder: string, start: () => Promise<T>): Promise<T> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return start();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
