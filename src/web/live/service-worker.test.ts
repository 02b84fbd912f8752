import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

// The worker's own code, in a world that holds no more than it asks for.
const SOURCE = readFileSync(join(import.meta.dirname, "../public/service-worker.js"), "utf8");
const SCOPE = "https://pulse.example/sub/";

interface Shown {
  title: string;
  data: { url: string };
  requireInteraction: boolean;
  renotify: boolean;
}

function worker(windows: { url: string; controlled?: boolean }[] = []) {
  const listeners = new Map<string, (event: object) => void>();
  const done: string[] = [];
  const shown: Shown[] = [];
  const clients = windows.map(({ url, controlled = true }) => ({
    url,
    focus: async () => void done.push(`focus ${url}`),
    navigate: async (to: string) => {
      if (!controlled) throw new TypeError("not controlled");
      done.push(`navigate ${to}`);
    },
  }));
  const self = {
    registration: {
      scope: SCOPE,
      showNotification: async (title: string, options: Omit<Shown, "title">) => void shown.push({ title, ...options }),
    },
    clients: { matchAll: async () => clients, openWindow: async (url: string) => void done.push(`open ${url}`) },
    addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
    skipWaiting: () => {},
  };
  runInNewContext(SOURCE, { self, URL, caches: {}, setTimeout });
  /** Resolves when the worker says that it is finished; what it answers with, where it answers. */
  const fire = async (type: string, event: object): Promise<unknown> => {
    let until: unknown = null;
    let answer: unknown;
    listeners.get(type)?.({
      ...event,
      waitUntil: (promise: unknown) => {
        until = promise;
      },
      respondWith: (promise: unknown) => {
        answer = promise;
      },
    });
    await until;
    return answer;
  };
  return { fire, done, shown };
}

const PUSHED: readonly [name: string, payload: object | null, expected: string][] = [
  [
    "what is about one resource leads to it",
    { title: "a", shows: "home:guest:101", url: "https://x/alerts" },
    "./?page=alerts&show=home%3Aguest%3A101",
  ],
  [
    "what is about several leads to the alerts, by the address that is set",
    { title: "a", shows: null, url: "https://x/alerts" },
    "https://x/alerts",
  ],
  ["without an address to those of this page", { title: "a", shows: null, url: null }, "./?page=alerts"],
  ["a server before this one tells no resource", { title: "a", url: null }, "./?page=alerts"],
  ["nothing at all is shown all the same", null, "./?page=alerts"],
];
for (const [name, payload, expected] of PUSHED)
  test(`pushed: ${name}`, async () => {
    const { fire, shown } = worker();
    await fire("push", { data: payload && { json: () => payload } });
    assert.deepEqual([shown.length, shown[0]?.data.url], [1, expected]);
  });

test("pushed: what is critical stays until somebody looks, and what is new on the same subject is told anew", async () => {
  const { fire, shown } = worker();
  await fire("push", { data: { json: () => ({ title: "a", level: "critical", tag: "t" }) } });
  await fire("push", { data: { json: () => ({ title: "b", level: "warning" }) } });
  assert.deepEqual(
    shown.map(({ requireInteraction, renotify }) => [requireInteraction, renotify]),
    [
      [true, true],
      [false, false],
    ],
  );
});

const OWN = `${SCOPE}?page=alerts&show=a`;
const CLICKED: readonly [
  name: string,
  windows: { url: string; controlled?: boolean }[],
  url: string,
  expected: string[],
][] = [
  [
    "the open page goes there",
    [{ url: `${SCOPE}?page=mail` }],
    "./?page=alerts&show=a",
    [`focus ${SCOPE}?page=mail`, `navigate ${OWN}`],
  ],
  ["without one a new one opens", [{ url: "https://pulse.example/other/" }], "./?page=alerts&show=a", [`open ${OWN}`]],
  [
    "a page that another worker looks after stays where it is",
    [{ url: SCOPE, controlled: false }],
    "./?page=alerts&show=a",
    [`focus ${SCOPE}`, `open ${OWN}`],
  ],
  ["what lies elsewhere opens beside it", [{ url: SCOPE }], "https://x/alerts", ["open https://x/alerts"]],
];
for (const [name, windows, url, expected] of CLICKED)
  test(`clicked: ${name}`, async () => {
    const { fire, done } = worker(windows);
    let closed = false;
    await fire("notificationclick", {
      notification: {
        data: { url },
        close: () => {
          closed = true;
        },
      },
    });
    assert.deepEqual([done, closed], [expected, true]);
  });

const LEFT_ALONE: readonly [what: string, request: { url: string; method?: string; mode?: string }][] = [
  ["what the API answers", { url: `${SCOPE}api/state` }],
  ["a page of the API", { url: `${SCOPE}api/docs`, mode: "navigate" }],
  ["what is sent", { url: SCOPE, method: "POST", mode: "navigate" }],
  ["another Pulse beside this one", { url: "https://pulse.example/other/assets/a.js" }],
  ["what it does not know", { url: `${SCOPE}install-docker-agent.sh` }],
];
for (const [what, { url, method = "GET", mode = "cors" }] of LEFT_ALONE)
  test(`the worker leaves ${what} alone`, async () => {
    const { fire } = worker();
    assert.equal(await fire("fetch", { request: { url, method, mode } }), undefined);
  });
