/** Keeps the screen on as long as the page is in sight. Browsers do that for safe origins alone, and may refuse: then the device decides. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let isOver = false;
  const hold = () => {
    if (document.visibilityState !== "visible") return;
    // NOTE: a lock is lost whenever the page goes out of sight.
    navigator.wakeLock?.request("screen").then(
      got => {
        lock = got;
        // It was left before the browser had answered.
        if (isOver) void got.release();
      },
      () => {},
    );
  };
  hold();
  document.addEventListener("visibilitychange", hold);
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", hold);
    void lock?.release();
  };
}
