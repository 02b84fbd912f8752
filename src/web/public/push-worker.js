// Shows what Pulse sends by web push, and opens Pulse when it is clicked on.
// Payload: { title, body, tag, url, level, timestamp }; `url` null: Pulse does not know by what address people reach it.

self.addEventListener("push", event => {
  const { title = "Pulse", body = "", tag, url, level, timestamp } = event.data?.json() ?? {};
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      tag,
      timestamp,
      icon: "./pulse.svg",
      renotify: tag !== undefined,
      requireInteraction: level === "critical",
      data: { url: url ?? "./?page=alerts" },
    }),
  );
});

self.addEventListener("notificationclick", event => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data.url, self.registration.scope).href));
});

/** In the page of Pulse that is open, or in a new one; what lies elsewhere always in a new one. */
async function open(url) {
  const { scope } = self.registration;
  const windows = await self.clients.matchAll({ type: "window" });
  const page = url.startsWith(scope) ? windows.find(client => client.url.startsWith(scope)) : undefined;
  if (!page) return self.clients.openWindow(url);
  await page.navigate(url).catch(() => undefined);
  return page.focus();
}
