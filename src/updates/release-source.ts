import { readFileSync } from "node:fs";
import { KIB, MIB } from "../kit/units.ts";
import { type Release, ReleaseIndex } from "../model/release.ts";
import { fetchSmall, toReleaseUrl } from "./fetching.ts";
import { readPaper } from "./papers.ts";
import { isSigned } from "./signature.ts";
import { UpdateFault } from "./update-fault.ts";
import { toVersion } from "./version.ts";

const LARGEST_INDEX = 8 * MIB;

/** What there is to be had, and the bytes that prove it. */
export interface SignedIndex {
  url: URL;
  content: Buffer;
  signature: string;
  releases: readonly Release[];
}

/** The key that releases are checked with, as PEM. Throws UpdateFault ("no-key"). */
export function readKey(path: string | null): string {
  if (path === null)
    throw new UpdateFault("no-key", "No key is known to check releases with: PULSE_UPDATE_KEY names its file");
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UpdateFault("no-key", `The key to check releases with, "${path}", cannot be read (${code})`, {
      cause: error,
    });
  }
}

/** Gets the index of releases and its signature, and believes it only as a whole. Throws UpdateFault. */
export async function fetchIndex(url: URL, key: string, signal?: AbortSignal): Promise<SignedIndex> {
  const content = await fetchSmall(url, LARGEST_INDEX, signal);
  const beside = new URL(url);
  beside.pathname += ".sig";
  const signature = (await fetchSmall(beside, 4 * KIB, signal)).toString("utf8");
  if (!isSigned(content, signature, key))
    throw new UpdateFault(
      "bad-signature",
      `The index of releases at "${url.origin}${url.pathname}" is not signed with our key`,
    );
  const index = readPaper(ReleaseIndex, content.toString("utf8"));
  if (!index) throw new UpdateFault("bad-index", `What is at "${url.origin}${url.pathname}" is no index of releases`);
  // What cannot be put in an order, or come from anywhere, is not there.
  const releases = index.releases.filter(({ version }) => toVersion(version) !== null);
  const usable = releases.map(release => ({
    ...release,
    assets: release.assets.filter(asset => toReleaseUrl(asset.url, url.href) !== null),
  }));
  return { url, content, signature, releases: usable };
}
