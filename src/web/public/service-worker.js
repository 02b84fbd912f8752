// The one worker of the page: it opens Pulse without network, shows what is sent by web push, and leads to what that is about.
// The build puts its name and its files here.
const BUILD = "";
const FILES = [];

/** Where this worker is registered: several Pulses may live below paths of one address. */
const { scope } = self.registration;
const MINE = `pulse-files ${scope} `;
const CACHE = MINE + BUILD;
/** A page that does not come within that is taken from what is kept, ms. */
const PATIENCE = 5000;

// ---- Without network.
// Pages come from the network as long as there is one, so they are never older than the server. Files below assets/ have names that no
// other build gives to anything else: they are taken from wherever they are. What the API answers is never kept here.

self.addEventListener("install", event => {
  self.skipWaiting();
  event.waitUntil(keepFiles());
});

self.addEventListener("activate", event => event.waitUntil(dropOld()));

self.addEventListener("fetch", event => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  const path = request.url.slice(scope.length).split(/[?#]/)[0];
  if (request.mode === "navigate") {
    if (path === "") event.respondWith(answerPage(request));
  } else if (path.startsWith("assets/") || FILES.includes(path)) event.respondWith(answerFile(request, path));
});

/** All or nothing, and of one build: between page and files the server may have been replaced. */
async function keepFiles() {
  const page = await fetch(scope, { cache: "reload" });
  const html = await page.clone().text();
  const named = html.match(/assets\/[\w.-]+/g) ?? [];
  // Who signs people in before Pulse may have answered in its place.
  if (!page.ok || page.redirected || named.length === 0) throw new Error("The page cannot be had");
  if (named.some(file => !FILES.includes(file))) throw new Error("The page is of another build");
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map(file => new URL(file, scope).href));
  await cache.put(scope, page);
}

/** Keeps those of the build before, too: a page of it may be open. */
async function dropOld() {
  const old = (await caches.keys()).filter(name => name.startsWith(MINE) && name !== CACHE);
  await Promise.all(old.slice(0, -1).map(name => caches.delete(name)));
}

async function answerPage(request) {
  const kept = async () => (await caches.open(CACHE)).match(scope);
  const late = new Promise(resolve => setTimeout(() => resolve(null), PATIENCE));
  const asked = fetch(request).catch(() => null);
  const answer = await Promise.race([asked, late]);
  // A proxy says 502 to 504 while there is no Pulse behind it.
  if (answer && !(answer.status >= 502 && answer.status <= 504)) return answer;
  return (await kept()) ?? answer ?? (await asked) ?? Response.error();
}

async function answerFile(request, path) {
  const cache = await caches.open(CACHE);
  const own = await cache.match(new URL(path, scope).href);
  if (own) return own;
  const before = await caches.match(request.url);
  return before ?? fetch(request);
}

// ---- Web push.
// Payload: { title, body, tag, url, shows, level, timestamp }; `shows`: the resource that it is about; null: several, or none with details.
// `url` null: Pulse does not know by what address people reach it.

self.addEventListener("push", event => {
  const { title = "Pulse", body = "", tag, url, shows, level, timestamp } = event.data?.json() ?? {};
  const about = shows ? `./?page=alerts&show=${encodeURIComponent(shows)}` : null;
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      tag,
      timestamp,
      icon: "./icons/icon-192.png",
      badge: "./icons/badge-96.png",
      renotify: tag !== undefined,
      requireInteraction: level === "critical",
      data: { url: about ?? url ?? "./?page=alerts" },
    }),
  );
});

self.addEventListener("notificationclick", event => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data.url, scope).href));
});

/** In the page of Pulse that is open, or in a new one; what lies elsewhere always in a new one. */
async function open(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = url.startsWith(scope) ? windows.find(client => client.url.startsWith(scope)) : undefined;
  if (!page) return self.clients.openWindow(url);
  await page.focus().catch(() => undefined);
  // One that this worker does not look after cannot be led anywhere.
  return page.navigate(url).catch(() => self.clients.openWindow(url));
}
