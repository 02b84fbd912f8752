import type { Arch, Asset, Release } from "../model/release.ts";
import type { UpdateChannel } from "../model/update.ts";

/** A version as Semantic Versioning 2.0.0 has it; what follows a `+` says nothing about its order. */
export interface Version {
  numbers: readonly [major: number, minor: number, patch: number];
  /** What follows the `-`, parted at the dots; empty: it is released. */
  before: readonly string[];
}

const PATTERN = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** One `v` before it is passed over; null: no version. */
export function toVersion(text: string): Version | null {
  const [, major, minor, patch, before] = PATTERN.exec(text) ?? [];
  if (major === undefined) return null;
  return { numbers: [Number(major), Number(minor), Number(patch)], before: before?.split(".") ?? [] };
}

/** Below 0: `one` comes before `other`. What is no version comes before all. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [toVersion(one), toVersion(other)];
  if (!a || !b) return Number(a !== null) - Number(b !== null);
  for (const [place, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length;
  for (const [place, part] of a.before.entries()) {
    const difference = compareParts(part, b.before[place]);
    if (difference !== 0) return difference;
  }
  return a.before.length - b.before.length;
}

/** §11: numbers by their value and before words, words by their characters, what is missing before all. */
function compareParts(one: string, other: string | undefined): number {
  if (other === undefined) return 1;
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOtherNumber) return Number(one) - Number(other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return one === other ? 0 : one < other ? -1 : 1;
}

export function isNewer(version: string, than: string): boolean {
  return toVersion(version) !== null && compareVersions(version, than) > 0;
}

/** Whether another major version takes the place: more may have changed than an update should. */
export function isOtherMajor(version: string, than: string): boolean {
  return toVersion(version)?.numbers[0] !== toVersion(than)?.numbers[0];
}

/** A release that this Pulse could go over to. */
export interface Offer {
  release: Release;
  asset: Asset;
}

/**
 * What is newer than `current` in a channel, for this kind of processor, the newest first: by version, not by the order of the list or
 * by date. No draft, and in `stable` nothing whose version says that it is tried out, whatever the index calls it.
 */
export function offersOf(
  releases: readonly Release[],
  { current, channel, arch }: { current: string; channel: UpdateChannel; arch: Arch },
): Offer[] {
  const offers = releases.flatMap(release => {
    const asset = release.assets.find(one => one.arch === arch);
    const isTriedOut = release.channel === "rc" || (toVersion(release.version)?.before.length ?? 0) > 0;
    const isOffered = !release.draft && (channel === "rc" || !isTriedOut) && isNewer(release.version, current);
    return asset && isOffered ? [{ release, asset }] : [];
  });
  return offers.sort((a, b) => compareVersions(b.release.version, a.release.version));
}

/** The newest of the major version that runs; where there is none, the newest of all. */
export function bestOf(offers: readonly Offer[], current: string): Offer | null {
  return offers.find(({ release }) => !isOtherMajor(release.version, current)) ?? offers[0] ?? null;
}
