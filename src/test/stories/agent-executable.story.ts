import assert from "node:assert/strict";
import { test } from "node:test";
import { startAgent } from "../agent-process.ts";
import { openStandInEngine } from "../stand-in-engine.ts";
import { eventually, startReader } from "./reader.ts";

// The built agent, as it is given to hosts: scripts/test.ts has it built before, on Linux, which it is for.
const story = process.platform === "linux" ? test : test.skip;

story("a host is on the page as soon as the agent on it runs, and its containers with what they use", async () => {
  await using reader = await startReader({ configured: [], speed: 1 });
  const { page, pulse } = reader;
  const made = await fetch(`${pulse.url}/api/security/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "dock1", scopes: ["agent"] }),
  });
  const { token } = (await made.json()) as { token: string };
  const labels = { "com.docker.compose.project": "site" };
  await using engine = await openStandInEngine({ containers: [{ name: "web", busy: 0.5, labels }, { name: "db" }] });
  await using agent = startAgent({
    socket: engine.socket,
    args: ["--url", pulse.url, "--hostname", "dock1"],
    env: { PULSE_TOKEN: token },
  });
  await page.goto(`${pulse.url}/?page=docker`);
  const namesIn = (table: string) => page.getByRole("table", { name: table }).locator(".row:not(.group) .name");
  await eventually(
    () => namesIn("Hosts").allInnerTexts(),
    names => assert.deepEqual(names, ["dock1"], agent.log()),
  );
  await eventually(
    () => namesIn("Containers").allInnerTexts(),
    names => assert.deepEqual(names.toSorted(), ["db", "web"]),
  );
  await page.getByRole("table", { name: "Containers" }).getByText("site").waitFor();
  assert.deepEqual(reader.complaints, []);
});
