import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../kit/clock.ts";
import { SECOND } from "../../kit/units.ts";
import { shoot } from "../browser.ts";
import { assertFits, eventually, startReader } from "./reader.ts";

const CLUSTER = "cluster1";

test("what changes in the estate is seen on the first page, on a page of its own and in the details", async () => {
  await using reader = await startReader({ speed: 40, nodes: 3, guests: 12 });
  const { page, pulse } = reader;
  const panel = page.getByRole("region", { name: "What changed" });
  await panel.getByText(/^Nothing (changed since Pulse first looked|has changed so far)/).waitFor();
  const state = await pulse.state();
  const [first, ...rest] = [...state.vms, ...state.containers].filter(
    ({ status, template, node }) => status === "running" && !template && node === "pve1",
  );
  assert.ok(first && rest.length >= 3);
  // An instance has told all that is in it after two minutes of its clock.
  await systemClock.sleep(4 * SECOND);
  const cause = pulse.estate.faults.cause.bind(pulse.estate.faults);
  await cause({ kind: "guest-migrated", instance: CLUSTER, vmid: first.vmid, to: "pve2" });
  await panel.getByText(`${first.name} moved from pve1 to pve2`).waitFor();
  const stopped = rest.slice(0, 3);
  for (const { vmid } of stopped) await cause({ kind: "guest-stopped", instance: CLUSTER, vmid });
  await eventually(
    () => panel.getByRole("listitem").allInnerTexts(),
    lines => assert.ok(lines.some(line => line.startsWith("3 guests were stopped"))),
  );
  await panel.getByRole("link", { name: "What changed" }).click();
  await page.getByRole("button", { name: "3 guests were stopped" }).click();
  for (const { name } of stopped) await page.getByRole("button", { name, exact: true }).waitFor();
  await page.getByLabel("Search changes").fill("moved");
  await page.getByRole("button", { name: first.name }).click();
  await page.locator(".drawer").getByText("moved from pve1 to pve2").waitFor();
  await shoot(page, "changes");
  const phone = await reader.open("?page=changes", { width: 360, height: 740, colorScheme: "dark" });
  await phone.getByRole("button", { name: "3 guests were stopped" }).waitFor();
  await assertFits(phone);
  assert.deepEqual(reader.complaints, []);
});
