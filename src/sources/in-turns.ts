import { setImmediate as otherWork } from "node:timers/promises";

/** What the last of `steps` answers; between them others have their turns. */
export async function inTurns<T>(steps: Generator<unknown, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await otherWork();
  }
}
