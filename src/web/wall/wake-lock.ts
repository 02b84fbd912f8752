/** Keeps the screen on as long as the page is in sight. Browsers do that for safe origins alone, and may refuse: then the device decides. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  const hold = () => {
    if (document.visibilityState !== "visible") return;
    // NOTE: a lock is lost whenever the page goes out of sight.
    navigator.wakeLock?.request("screen").then(
      got => {
        lock = got;
      },
      () => {},
    );
  };
  hold();
  document.addEventListener("visibilitychange", hold);
  return () => {
    document.removeEventListener("visibilitychange", hold);
    void lock?.release();
  };
}
