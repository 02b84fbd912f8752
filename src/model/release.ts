import { type Static, Type } from "typebox";

/** Kinds of processors that releases are made for, as their archives are named. */
export const ARCHES = ["amd64", "arm64"] as const;
export type Arch = (typeof ARCHES)[number];

/** `stable`: for everybody; `rc`: to be tried out. */
const ReleaseChannel = Type.Enum(["stable", "rc"]);

const Asset = Type.Object({
  arch: Type.Enum([...ARCHES]),
  url: Type.String({ minLength: 1, maxLength: 2048, description: "Of the archive; relative to the index" }),
  sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  size: Type.Integer({ minimum: 1, description: "Bytes" }),
});
export type Asset = Static<typeof Asset>;

export const Release = Type.Object({
  version: Type.String({ maxLength: 64, description: 'As in package.json, without a "v"' }),
  channel: ReleaseChannel,
  published: Type.String({ maxLength: 40, description: "RFC 3339" }),
  notes: Type.String({ maxLength: 65_536, description: "Markdown" }),
  draft: Type.Optional(Type.Boolean({ description: "Not offered to anybody" })),
  assets: Type.Array(Asset, { maxItems: 20 }),
});
export type Release = Static<typeof Release>;

/** `releases.json`: what there is to be had. Beside it lies `releases.json.sig`, its Ed25519 signature as base64. */
export const ReleaseIndex = Type.Object({
  format: Type.Literal(1),
  releases: Type.Array(Release, { maxItems: 1000 }),
});
export type ReleaseIndex = Static<typeof ReleaseIndex>;

/** What the archive of a version and the one folder in it are called. */
export const releaseName = (version: string, arch: Arch): string => `pulse-${version}-linux-${arch}`;
