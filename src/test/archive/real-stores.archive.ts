import { test } from "node:test";
import { until } from "../cluster/processes.ts";
import { passesArchiveExam } from "./archive-exam.ts";
import { passesLateExam } from "./late-exam.ts";

// Started by scripts/test-archive.ts, which says in ARCHIVE_STORES what runs where.

for (const store of (process.env.ARCHIVE_STORES ?? "").split(" ").filter(one => one !== "")) {
  const [name = "", url = ""] = store.split("=");
  test(`${name} has exactly what the history has, also after a crash while it was sent`, async () => {
    await until(async () => (await fetch(`${url}/api/v1/labels`)).ok, `there: ${name}`);
    await passesArchiveExam({ url, writeUrl: null, user: null, password: null });
  });
  test(`${name} has what came late where it left a gap`, () => passesLateExam(url));
}
