import { type Accessor, batch, createContext, createSignal, useContext } from "solid-js";
import { type Instant, SECOND } from "../../kit/units.ts";
import { COLLECTIONS, type Picture } from "../../model/picture.ts";
import type { UpdateStatus } from "../../model/update.ts";
import { whenNotKnown } from "./ask.ts";
import { type Extent, HeldPicture } from "./held-picture.ts";
import { allowPicture, forgetPicture, keepNowAndThen, keptPicture } from "./kept-picture.ts";
import { kioskToken } from "./kiosk.ts";
import { Line, type LineState } from "./line.ts";
import { preferences } from "./preferences.ts";
import { signOut } from "./session.ts";
import { ShownPicture } from "./shown-picture.ts";
import { letOthers, letReader } from "./slices.ts";
import { createWho, type Who } from "./who.ts";
import { registerWhenIdle, renewWorker } from "./worker.ts";

/** What the page knows of the server: the picture, the line to it, and who we are to it. */
export interface Live extends Omit<Who, "ask" | "leave"> {
  /**
   * The present picture, always the same object; what reads a collection of it runs again when that has changed. Entities that did not change
   * stay the same objects.
   */
  picture: Accessor<Picture>;
  /** Whether any picture has come yet: all of it but, for a moment, the archives of backups. */
  hasPicture: Accessor<boolean>;
  /** Whether all of it has come. */
  isWhole: Accessor<boolean>;
  line: Accessor<LineState>;
  /** Counts how often the server said that its theme has changed. */
  themeChanges: Accessor<number>;
  /** Counts how often the server said that something in the estate changed. */
  changes: Accessor<number>;
  /** How far an update of Pulse is, as the server has told since the page was opened; null: nothing. */
  update: Accessor<UpdateStatus | null>;
  /** The server's time; runs again each second. */
  now: Accessor<Instant>;
  /** The server was replaced by another version than the one this page came from. */
  outdated: Accessor<boolean>;
  /** What is shown was kept on this device from an earlier time: the server has not been reached yet. */
  isKept: Accessor<boolean>;
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
  const isSeen = () => document.visibilityState === "visible";
  const [extent, setExtent] = createSignal<Extent>("none");
  const [isKept, setKept] = createSignal(false);
  const who = createWho();
  const { session, ended } = who;
  const held = new HeldPicture({
    came(extent, more) {
      batch(() => {
        shown.showNow(more ?? COLLECTIONS);
        setKept(false);
      });
      // What is not well is found in one task, and the page that shows it is made in another.
      void letReader().then(() => setExtent(extent));
    },
    patched(patch) {
      ahead = patch.at - Date.now();
      shown.show(patch);
    },
  });
  const shown = new ShownPicture(() => held.picture, {
    pause: () => preferences().refreshInterval * SECOND,
    isSeen,
    now: () => performance.now(),
    after: (wait, then) => void setTimeout(then, wait),
  });
  const [themeChanges, countThemeChange] = createSignal(0);
  const [changes, countChange] = createSignal(0);
  const [update, setUpdate] = createSignal<UpdateStatus | null>(null);
  const [line, setLine] = createSignal<LineState>({ kind: "connecting" });
  const [tick, setTick] = createSignal(Date.now());
  const [outdated, setOutdated] = createSignal(false);
  setInterval(() => {
    if (isSeen()) setTick(Date.now());
  }, SECOND);
  document.addEventListener("visibilitychange", () => {
    if (!isSeen()) return;
    shown.catchUp();
    // In a task of its own: the whole page counts by it.
    void letOthers().then(() => setTick(Date.now()));
  });

  const stream = new Line(
    {
      state(next) {
        setLine(next);
        if (next.kind === "signed-out") void forgetPicture();
        // It was opened without network, or somebody signed in elsewhere in this browser: only now can the server say.
        if (next.kind === "live" && (session() === null || ended() !== null) && kioskToken() === null) void who.ask();
        if (next.kind === "away" && held.extent === "none") void showKept();
      },
      snapshot(part) {
        allowPicture();
        held.add(part);
        if (held.extent === "whole") registerWhenIdle();
      },
      wall: state => held.replace(state),
      patch: patch => held.patch(patch),
      held: () => held.held(),
      theme: () => countThemeChange(count => count + 1),
      update: setUpdate,
      changes: () => countChange(count => count + 1),
      time(at) {
        // Patches tell it more precisely.
        if (Math.abs(at - Date.now() - ahead) > 2 * SECOND) ahead = at - Date.now();
      },
      version(version) {
        firstVersion ??= version;
        setOutdated(version !== firstVersion);
        if (outdated()) renewWorker();
      },
    },
    async () => {
      const read = await who.ask();
      if (!read) return "away";
      return read.may.includes(kioskToken() === null ? "read" : "wall") ? "yes" : "no";
    },
  );
  /** Nothing has come yet and nothing comes: better what was kept, and how old it is, than nothing. */
  const showKept = async () => {
    const state = kioskToken() === null ? await keptPicture() : null;
    if (!state || held.extent !== "none") return;
    held.replace(state);
    setKept(true);
  };
  if (kioskToken() === null) keepNowAndThen(() => line().kind === "live" && extent() === "whole");
  const signedInOrOut = async () => {
    // NOTE: in this order, or a page that waits behind the sign-in is closed before it goes on.
    stream.again();
    await who.ask();
  };
  whenNotKnown(() => {
    if (session()?.name == null) return false;
    if (ended() === null && line().kind !== "signed-out") void signedInOrOut();
    return true;
  });
  void who.ask();
  stream.open();
  return {
    picture: () => shown.picture,
    hasPicture: () => extent() !== "none",
    isWhole: () => extent() === "whole",
    line,
    ...who,
    themeChanges,
    changes,
    update,
    now: () => tick() + ahead,
    outdated,
    isKept,
    tryNow: () => stream.tryNow(),
    signedInOrOut,
    async signOut() {
      await forgetPicture();
      who.leave();
      await signOut();
      await signedInOrOut();
    },
  };
}
