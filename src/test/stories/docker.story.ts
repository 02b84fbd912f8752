import assert from "node:assert/strict";
import { test } from "node:test";
import { sizedEstate } from "../../simulator/presets.ts";
import { shoot } from "../browser.ts";
import { assertFits, eventually, letDockerReport, type Reader, startReader } from "./reader.ts";

/** A reader of a Pulse to which simulated Docker hosts report, with a token of their own. */
async function startWithDocker(): Promise<Reader> {
  const reader = await startReader({ estate: { ...sizedEstate({ nodes: 1, guests: 5 }), dockerHosts: 5 } });
  const { pulse } = reader;
  await letDockerReport(pulse);
  // Rates are known with the second report.
  await pulse.until(
    ({ dockerHosts }) =>
      dockerHosts.length === 5 &&
      dockerHosts.some(({ containers }) => containers.some(({ networkIn }) => (networkIn ?? 0) > 0)),
  );
  return reader;
}

test("the Docker page shows what is wrong first, hosts, and containers below their host; they are found, listed otherwise, and explained", async () => {
  await using reader = await startWithDocker();
  const { page, pulse } = reader;
  await page.getByRole("link", { name: "Docker" }).click();
  await page.getByText("Was stopped by the kernel for want of memory").waitFor();
  const hosts = page.getByRole("table", { name: "Hosts" });
  await eventually(
    () => hosts.locator(".row .name").allInnerTexts(),
    names => assert.deepEqual(names.toSorted(), ["dock1", "edge", "media", "old-nas", "swarm1"]),
  );
  const containers = page.getByRole("table", { name: "Containers" });
  const names = () => containers.locator(".row:not(.group) .name").allInnerTexts();
  const groups = () => containers.locator(".row.group .name").allInnerTexts();
  await eventually(groups, found => assert.ok(found.includes("dock1") && found.includes("edge"), found.join()));
  await shoot(page, "docker");

  const search = page.getByRole("searchbox", { name: "Search containers" });
  for (const [text, found] of [
    ["host:edge state:running", ["pihole", "traefik", "uptime-kuma"]],
    ["health:unhealthy", ["paperless-tika"]],
    ["image:postgres*", ["paperless-db"]],
    ["project:immich state:exited", ["immich-machine-learning"]],
  ] as const) {
    await search.fill(text);
    await eventually(names, seen =>
      assert.deepEqual(seen.filter(name => name !== "ddclient" && !name.startsWith("shop_db")).toSorted(), found),
    );
  }
  await search.fill("host:nowhere:");
  await search.fill("");
  await page.getByRole("button", { name: /^With issues \d+$/ }).click();
  await eventually(names, found => assert.ok(found.includes("prometheus") && !found.includes("grafana")));
  assert.match(page.url(), /q=issue/);
  await page.getByRole("button", { name: /^With issues \d+$/ }).click();
  await page.getByLabel("Group by").selectOption("project");
  await eventually(groups, found => assert.ok(found.includes("paperless") && !found.includes("dock1")));
  await shoot(page, "docker-by-project");
  await page.getByLabel("Group by").selectOption("none");
  await eventually(groups, found => assert.deepEqual(found, []));

  await search.fill("nextcloud-db");
  await containers.getByText("nextcloud-db", { exact: true }).click();
  const details = page.getByRole("complementary");
  for (const text of ["Mounts", "/var/lib/data", "mariadb:11.4", "started again: unless-stopped"])
    await details.getByText(text).first().waitFor();
  await details.getByText("com.docker.compose.project", { exact: true }).waitFor({ state: "hidden" });
  await details.getByText("Labels").click();
  await details.getByText("com.docker.compose.project", { exact: true }).waitFor();
  await details.getByText("Disk I/O").last().scrollIntoViewIfNeeded();
  await shoot(page, "docker-container");
  await details.getByRole("button", { name: "dock1" }).click();
  await details.getByText("Docker 27.5.1").waitFor();
  await shoot(page, "docker-host");
  await page.keyboard.press("Escape");

  await pulse.estate.faults.cause({ kind: "container-crashed", host: "dock1", container: "grafana", exitCode: 2 });
  await search.fill("grafana");
  await containers.getByText("exited (2)").waitFor();
  assert.deepEqual(reader.complaints, []);
});

test("the Docker page is at home on a phone and in the dark", async () => {
  await using reader = await startWithDocker();
  for (const [name, search] of [
    ["docker", "?page=docker"],
    ["docker-container", `?page=docker&show=${encodeURIComponent(await idOf(reader, "pihole"))}`],
    ["docker-settings", "?page=settings&section=docker"],
  ] as const) {
    const phone = await reader.open(search, { width: 360, height: 740, colorScheme: "dark" });
    await phone.getByText("dock1", { exact: true }).first().waitFor();
    await shoot(phone, `${name}-360-dark`);
    await assertFits(phone);
    if (name === "docker") {
      await phone.getByRole("table", { name: "Containers" }).locator(".row").nth(2).scrollIntoViewIfNeeded();
      await phone.evaluate("scrollBy(0, 500)");
      await shoot(phone, "docker-list-360-dark");
    }
    const dark = await reader.open(search, { width: 1100, height: 800, colorScheme: "dark" });
    await dark.getByText("dock1", { exact: true }).first().waitFor();
    await assertFits(dark);
    await shoot(dark, `${name}-dark`);
  }
  assert.deepEqual(reader.complaints, []);
});

async function idOf({ pulse }: Reader, name: string): Promise<string> {
  const { dockerHosts } = await pulse.state();
  return dockerHosts.flatMap(({ containers }) => containers).find(one => one.name === name)?.id ?? "";
}

test("the settings give a command for another host, show what the agents say, and remove a host", async () => {
  await using reader = await startWithDocker();
  const { page, pulse } = reader;
  await page.goto(`${pulse.url}/?page=settings&section=docker`);
  const line = page.locator(".instance", { hasText: "old-nas" });
  await line.getByText(/agent v4\.22\.0 · every 10s · Docker 20\.10\.24 · reported/).waitFor();
  await page.getByRole("button", { name: "Add a Docker host" }).click();
  const command = await page.locator(".secret").innerText();
  const [, token] =
    /^curl -fsSL '(?:http:.*)\/install-docker-agent\.sh' \| sh -s -- --url 'http:.*' --token ([0-9a-f]{48})$/.exec(
      command,
    ) ?? [];
  assert.ok(token, command);
  const report = (headers: Record<string, string>, path = "agents/docker/report") =>
    fetch(`${pulse.url}/api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": "10.0.0.9", ...headers },
      body: JSON.stringify({ agent: {}, host: { hostname: "new-host" }, containers: [] }),
    });
  assert.equal((await report({})).status, 401);
  assert.equal((await report({ "x-api-token": token })).status, 200);
  assert.equal((await report({ "x-api-token": token }, "security/tokens")).status, 403);
  await page.locator(".instance", { hasText: "new-host" }).waitFor();
  await shoot(page, "docker-settings");

  await pulse.estate.faults.cause({ kind: "docker-silent", host: "old-nas" });
  await line.getByText(/No report from the agent on "old-nas"/).waitFor();
  await line.getByRole("button", { name: "Remove" }).click();
  await line.getByText("It comes back when its agent reports anew.").waitFor();
  await line.getByRole("button", { name: "Remove" }).click();
  await line.waitFor({ state: "detached" });
  assert.ok(!(await pulse.state()).dockerHosts.some(({ displayName }) => displayName === "old-nas"));
  await pulse.estate.faults.clear();
  await line.waitFor();
  assert.deepEqual(reader.complaints, []);
});
