import { Worker } from "node:worker_threads";

/**
 * What the thread does: makes the file one that stands by itself, without a log beside it, and reads all of it. In words, and not a file of
 * its own: it is the same then in the sources and in the bundle.
 */
const WORK = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { DatabaseSync } = require("node:sqlite");
  let answer;
  try {
    const sqlite = new DatabaseSync(workerData);
    sqlite.exec("PRAGMA journal_mode = DELETE");
    const [row] = sqlite.prepare("PRAGMA integrity_check(1)").all();
    sqlite.close();
    answer = row.integrity_check === "ok" ? null : row.integrity_check;
  } catch (error) {
    answer = error.message;
  }
  parentPort.postMessage(answer);
`;

/**
 * What is wrong with a database that nobody has open; null: it is sound. In a thread of its own: a large one takes seconds. Rejects when
 * `signal` aborts.
 */
export function soundCheck(path: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(WORK, { eval: true, workerData: path });
    const stop = () => void worker.terminate();
    signal.addEventListener("abort", stop, { once: true });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => {
      signal.removeEventListener("abort", stop);
      reject(signal.reason ?? new Error("The check ended without an answer"));
    });
  });
}
