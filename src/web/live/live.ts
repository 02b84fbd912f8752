import { type Accessor, batch, createContext, createSignal, useContext } from "solid-js";
import { type Instant, SECOND } from "../../kit/units.ts";
import type { PackedPatch } from "../../model/packed-patch.ts";
import type { Picture } from "../../model/picture.ts";
import type { UpdateStatus } from "../../model/update.ts";
import { type Extent, HeldPicture } from "./held-picture.ts";
import { kioskToken } from "./kiosk.ts";
import { Line, type LineState } from "./line.ts";
import { preferences } from "./preferences.ts";
import { readSession, type Session, signOut } from "./session.ts";

/** What the page knows of the server: the picture, the line to it, and who we are to it. */
export interface Live {
  /** The present picture; what reads it runs again with each patch. Entities that did not change stay the same objects. */
  picture: Accessor<Picture>;
  /** Whether any picture has come yet: all of it but, for a moment, the archives of backups. */
  hasPicture: Accessor<boolean>;
  /** Whether all of it has come. */
  isWhole: Accessor<boolean>;
  line: Accessor<LineState>;
  session: Accessor<Session | null>;
  /** Counts how often the server said that its theme has changed. */
  themeChanges: Accessor<number>;
  /** How far an update of Pulse is, as the server has told since the page was opened; null: nothing. */
  update: Accessor<UpdateStatus | null>;
  /** The server's time; runs again each second. */
  now: Accessor<Instant>;
  /** The server was replaced by another version than the one this page came from. */
  outdated: Accessor<boolean>;
  tryNow(): void;
  /** Asks anew who we are, and connects as that. */
  signedInOrOut(): Promise<void>;
  /** Ends the session. */
  signOut(): Promise<void>;
}

const LiveContext = createContext<Live>();
export const LiveProvider = LiveContext.Provider;

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new TypeError("useLive() outside of LiveProvider");
  return live;
}

/** Opens the live stream; once a page. */
export function openLive(): Live {
  let firstVersion: string | null = null;
  /** The server's clock minus ours. */
  let ahead = 0;
  const [changed, change] = createSignal(undefined, { equals: false });
  /** Shows what has come, with every patch or as seldom as the reader wants; the picture itself is always up to date. */
  let isWaiting = false;
  /** Something came while nobody saw the page. */
  let isBehind = false;
  const show = () => {
    const pause = preferences().refreshInterval * SECOND;
    if (pause === 0) return change();
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      change();
    }, pause);
  };
  const isSeen = () => document.visibilityState === "visible";
  const [extent, setExtent] = createSignal<Extent>("none");
  const held = new HeldPicture({
    came: extent =>
      batch(() => {
        setExtent(extent);
        change();
      }),
    patched(patch) {
      ahead = patch.at - Date.now();
      if (isSeen() || isForTitle(patch)) show();
      else isBehind = true;
    },
  });
  const [themeChanges, countThemeChange] = createSignal(0);
  const [update, setUpdate] = createSignal<UpdateStatus | null>(null);
  const [line, setLine] = createSignal<LineState>({ kind: "connecting" });
  const [session, setSession] = createSignal<Session | null>(null);
  const [tick, setTick] = createSignal(Date.now());
  const [outdated, setOutdated] = createSignal(false);
  setInterval(() => {
    if (isSeen()) setTick(Date.now());
  }, SECOND);
  document.addEventListener("visibilitychange", () => {
    if (!isSeen()) return;
    setTick(Date.now());
    if (isBehind) change();
    isBehind = false;
  });

  const who = async () => {
    const read = await readSession();
    if (read) setSession(read);
    return read;
  };
  const stream = new Line(
    {
      state: setLine,
      snapshot: part => held.add(part),
      wall: state => held.replace(state),
      patch: patch => held.patch(patch),
      held: () => held.held(),
      theme: () => countThemeChange(count => count + 1),
      update: setUpdate,
      time(at) {
        // Patches tell it more precisely.
        if (Math.abs(at - Date.now() - ahead) > 2 * SECOND) ahead = at - Date.now();
      },
      version(version) {
        firstVersion ??= version;
        setOutdated(version !== firstVersion);
      },
    },
    async () => {
      const read = await who();
      if (!read) return "away";
      return read.may.includes(kioskToken() === null ? "read" : "wall") ? "yes" : "no";
    },
  );
  const signedInOrOut = async () => {
    await who();
    stream.again();
  };
  void who();
  stream.open();
  return {
    picture: () => {
      changed();
      return held.picture;
    },
    hasPicture: () => extent() !== "none",
    isWhole: () => extent() === "whole",
    line,
    session,
    themeChanges,
    update,
    now: () => tick() + ahead,
    outdated,
    tryNow: () => stream.tryNow(),
    signedInOrOut,
    async signOut() {
      await signOut();
      await signedInOrOut();
    },
  };
}

/** Whether it may change what the title of the tab says, which is all that is seen of a page in the background. */
function isForTitle({ changed, removed }: PackedPatch): boolean {
  return changed.activeAlerts !== undefined || removed.activeAlerts !== undefined;
}
