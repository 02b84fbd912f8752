import { execFile } from "node:child_process";

/**
 * What the process does: makes the file one that stands by itself, without a log beside it, and reads all of it. In words, and not a file of
 * its own: it is the same then in the sources and in the bundle.
 */
const WORK = `
  const { DatabaseSync } = require("node:sqlite");
  let wrong;
  try {
    const sqlite = new DatabaseSync(process.argv[1]);
    sqlite.exec("PRAGMA journal_mode = DELETE");
    const [row] = sqlite.prepare("PRAGMA integrity_check(1)").all();
    sqlite.close();
    wrong = row.integrity_check === "ok" ? null : row.integrity_check;
  } catch (error) {
    wrong = error.message;
  }
  process.stdout.write(JSON.stringify({ wrong }));
`;

/**
 * What is wrong with a database that nobody has open; null: it is sound. In a process of its own: a large one takes seconds, and a thread's
 * 30 MB would stay with this one. Rejects when `signal` aborts.
 */
export function soundCheck(path: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["-e", WORK, path], { signal, env: {} }, (error, answer) => {
      if (signal.aborted) reject(signal.reason);
      else if (error) reject(new Error("The check ended without an answer", { cause: error }));
      else resolve((JSON.parse(answer) as { wrong: string | null }).wrong);
    });
  });
}
