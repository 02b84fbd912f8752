import type { Millis } from "../../kit/units.ts";

/** So long may a slice be: half a frame, and with a step that takes longer than thought still no task that anybody feels. */
const SLICE: Millis = 8;

/** Takes steps, a few milliseconds of them at a time; in between the page answers who types and clicks, and draws. */
export async function inSlices(
  steps: Iterable<unknown>,
  {
    slice = SLICE,
    now = () => performance.now(),
    breathe = letOthers,
  }: { slice?: Millis; now?: () => Millis; breathe?: () => Promise<void> } = {},
): Promise<void> {
  let from = now();
  for (const _ of steps) {
    if (now() - from < slice) continue;
    await breathe();
    from = now();
  }
}

/** Waits until what is due besides has had its turn. A timer would wait longer, and for seconds in a tab that nobody sees. */
export function letOthers(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** The same for who draws first, which goes on before the parts of the picture that come meanwhile: where the browser knows how. */
export function letReader(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  return scheduler?.yield?.() ?? letOthers();
}
