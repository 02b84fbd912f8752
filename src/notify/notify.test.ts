import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { ChannelFailure } from "./channels/channel.ts";
import { alertOf, NOON, Room } from "./fixture.ts";

class FakeRoom extends Room {
  async advance(minutes: number): Promise<void> {
    await this.clock.advance(minutes * MINUTE);
  }
}

async function openRoom(context: TestContext, webhooks: readonly string[] = ["a"]): Promise<FakeRoom> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-notify-"));
  const room = new FakeRoom(folder, { clock: new FakeClock(NOON) });
  context.after(async () => {
    await room[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const id of webhooks) room.webhook(id);
  room.notify.start();
  return room;
}

const [cpu, memory] = [alertOf("cpu"), alertOf("memory")];

test("alerts of a node are told together, half a minute after the first, all of them", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.clock.advance(20 * SECOND);
  room.happen("fired", memory);
  assert.deepEqual(room.take(), []);
  await room.clock.advance(11 * SECOND);
  assert.deepEqual(room.take(), ["a: firing cpu memory"]);
});

test("alerts of another node are told apart", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu, alertOf("other", { node: "pve2" }));
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: firing other"]);
});

test("without grouping each is told by itself, at once", async context => {
  const room = await openRoom(context);
  room.schedule.grouping.enabled = false;
  room.happen("fired", cpu, memory);
  await room.clock.advance(2 * SECOND);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: firing memory"]);
});

test("a critical alert makes the group go sooner, the worst in it first", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  room.happen("fired", alertOf("down", { level: "critical", type: "offline" }));
  await room.clock.advance(16 * SECOND);
  assert.deepEqual(room.take(), ["a: firing down cpu"]);
});

test("one alert of a group that is over takes nothing from the others", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu, memory);
  room.happen("resolved", cpu);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing memory"]);
});

test("what is over before it was told is told never, neither its beginning nor its end", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  room.happen("resolved", cpu);
  await room.advance(10);
  assert.deepEqual(room.take(), []);
  assert.deepEqual(room.log(), ["a firing cancelled"]);
});

test("the end is told to who was told the beginning, and to nobody else", async context => {
  const room = await openRoom(context, ["a", "b"]);
  room.receive = ({ channel }) => {
    if (channel === "b") throw new ChannelFailure("unreachable", "no answer");
  };
  room.happen("fired", cpu);
  await room.advance(1);
  room.receive = () => {};
  room.happen("resolved", cpu);
  await room.advance(10);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: resolved cpu"]);
});

test("who is being told of the beginning while it ends hears of the end", async context => {
  const room = await openRoom(context);
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  room.receive = () => promise;
  room.happen("fired", cpu);
  await room.clock.advance(31 * SECOND);
  room.happen("resolved", cpu);
  answer();
  room.receive = () => {};
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: resolved cpu"]);
});

test("what is over together is told in one message, with the key under which it was known", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu, memory);
  await room.advance(1);
  room.happen("resolved", cpu);
  await room.clock.advance(10 * SECOND);
  room.happen("resolved", memory);
  await room.advance(1);
  const keys = room.got.map(({ message }) => message.dedupKey);
  assert.deepEqual(room.take(), ["a: firing cpu memory", "a: resolved cpu memory"]);
  assert.equal(keys[0], keys[1]);
});

test("while some of it still fires, the end of the rest does not come under the key that closes all", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu, memory);
  await room.advance(1);
  room.happen("resolved", cpu);
  await room.advance(1);
  room.happen("resolved", memory);
  await room.advance(1);
  const [all, part, rest] = room.got.map(({ message }) => message.dedupKey);
  assert.notEqual(part, all);
  assert.equal(rest, all);
});

test("a service that closes by the key gets a message for each key", async context => {
  const room = await openRoom(context, []);
  room.webhook("pager", { service: "pagerduty" });
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("fired", memory);
  await room.advance(1);
  room.happen("resolved", cpu, memory);
  await room.advance(1);
  const keys = room.got.map(({ message }) => message.dedupKey);
  assert.deepEqual(room.take().slice(2), ["pager: resolved cpu", "pager: resolved memory"]);
  assert.deepEqual(keys.slice(2), keys.slice(0, 2));
});

test("what becomes worse is told again, under the same key", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("worsened", { ...cpu, level: "critical" });
  await room.advance(1);
  const keys = room.got.map(({ message }) => message.dedupKey);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: firing cpu"]);
  assert.equal(keys[0], keys[1]);
});

test("what fires again is told after the cooldown, which is counted from the delivery", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("resolved", cpu);
  await room.advance(1);
  room.happen("fired", cpu);
  await room.advance(3);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: resolved cpu"]);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
});

test("what comes and goes within the cooldown is not told", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("resolved", cpu);
  await room.advance(1);
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("resolved", cpu);
  await room.advance(10);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: resolved cpu"]);
});

test("what was never taken cools nothing down", async context => {
  const room = await openRoom(context);
  room.receive = () => {
    throw new ChannelFailure("unreachable", "no answer");
  };
  room.happen("fired", cpu);
  await room.advance(0.6);
  room.happen("resolved", cpu);
  room.receive = () => {};
  room.happen("fired", cpu);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
});

test("what is over and fires again before anybody was told of the end is no news", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("resolved", cpu);
  room.happen("fired", cpu);
  await room.advance(30);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
  room.happen("resolved", cpu);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: resolved cpu"]);
});

test("an acknowledgement takes back what waits; the end is told to who knows", async context => {
  const room = await openRoom(context, ["a", "b"]);
  room.receive = ({ channel }) => {
    if (channel === "b") throw new ChannelFailure("unreachable", "no answer");
  };
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("acknowledged", { ...cpu, acknowledged: true, ackUser: "anna" });
  room.receive = () => {};
  await room.advance(10);
  room.happen("resolved", { ...cpu, acknowledged: true });
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: resolved cpu"]);
});

test("a rule that is switched off while it waits is not told, and its end is told to nobody", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu, memory);
  room.happen("withdrawn", cpu);
  await room.advance(1);
  room.happen("withdrawn", memory);
  await room.advance(10);
  assert.deepEqual(room.take(), ["a: firing memory"]);
});

test("alerts that are switched off as a whole while they wait are not told", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  room.enabled = false;
  await room.advance(1);
  assert.deepEqual(room.take(), []);
});

test("what another alert has come to carry while it waited is told by that one", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  const node = alertOf("node", {
    level: "critical",
    type: "offline",
    covers: [{ resourceId: "x", name: "cpu" }],
    coversCount: 1,
  });
  room.firing.set("cpu", { ...cpu, cause: "node" });
  room.happen("fired", node);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing node"]);
  room.happen("resolved", { ...cpu, cause: "node" }, node);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: resolved node"]);
});

test("what was told before another carried it is over with it, in one message", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.advance(1);
  room.firing.set("cpu", { ...cpu, cause: "node" });
  const node = alertOf("node", { level: "critical" });
  room.happen("fired", node);
  await room.advance(1);
  room.happen("resolved", { ...cpu, cause: "node" }, node);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: firing node", "a: resolved node cpu"]);
});

test("a guest that is watched only is never told", async context => {
  const room = await openRoom(context);
  room.happen(
    "fired",
    alertOf("x", { tags: ["pulse-monitor-only"] }),
    alertOf("y", { metadata: { monitorOnly: true } }),
  );
  await room.advance(1);
  assert.deepEqual(room.take(), []);
});

test("a channel hears only of what is bad enough for it, and of the end only if it wants to", async context => {
  const room = await openRoom(context, []);
  room.webhook("bad", { minLevel: "critical" });
  room.webhook("brief", { sendResolved: false });
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("worsened", { ...cpu, level: "critical" });
  await room.advance(1);
  room.happen("resolved", { ...cpu, level: "critical" });
  await room.advance(1);
  assert.deepEqual(room.take(), ["brief: firing cpu", "bad: firing cpu", "brief: firing cpu", "bad: resolved cpu"]);
});

test("a channel that is switched off or taken away while something waits for it gets nothing", async context => {
  const room = await openRoom(context, ["a", "b"]);
  room.happen("fired", cpu);
  room.book.changeWebhook("a", { enabled: false });
  room.book.removeWebhook("b");
  await room.advance(1);
  assert.deepEqual(room.take(), []);
  assert.deepEqual(room.log(), ["a firing cancelled", "b firing cancelled"]);
});

test("quiet hours hold back, and tell afterwards what still is so", async context => {
  const room = await openRoom(context);
  Object.assign(room.schedule.quietHours, { enabled: true, start: "11:00", end: "14:00" });
  room.happen("fired", cpu, memory, alertOf("down", { type: "offline", level: "critical" }));
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing down"]);
  assert.deepEqual(room.notify.whyNotTold(cpu, room.clock.now()), ["Quiet hours until 14:00"]);
  room.happen("resolved", memory);
  await room.advance(118);
  assert.deepEqual(room.take(), []);
  await room.advance(2);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
});

test("quiet hours hold back the end, too, and tell it afterwards", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu, memory);
  await room.advance(1);
  Object.assign(room.schedule.quietHours, { enabled: true, start: "11:00", end: "14:00" });
  room.happen("resolved", cpu);
  await room.advance(2);
  room.happen("resolved", memory);
  await room.advance(60);
  assert.deepEqual(room.take(), ["a: firing cpu memory"]);
  await room.advance(60);
  assert.deepEqual(room.take(), ["a: resolved cpu memory"]);
});

test("a silence holds back while it lasts; ended early, it is told at once", async context => {
  const room = await openRoom(context);
  const now = room.clock.now();
  const input = { kind: "silence", matcher: { resource: "cpu" }, endsAt: now + HOUR, comment: "new disk" } as const;
  const silence = room.silences.add(input, "anna", now);
  room.happen("fired", cpu);
  await room.advance(10);
  assert.deepEqual(room.take(), []);
  assert.deepEqual(room.notify.whyNotTold(cpu, room.clock.now()), ["Silenced by anna until 13:00: new disk"]);
  room.silences.end(silence.id, room.clock.now());
  room.notify.reconsider();
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
});

test("a maintenance window ends by itself, and what still is so is told then", async context => {
  const room = await openRoom(context);
  const now = room.clock.now();
  room.silences.add({ kind: "maintenance", matcher: { node: "pve1" }, endsAt: now + HOUR, comment: "" }, "", now);
  room.happen("fired", cpu, memory);
  await room.advance(59);
  room.happen("resolved", cpu);
  assert.deepEqual(room.take(), []);
  await room.advance(2);
  assert.deepEqual(room.take(), ["a: firing memory"]);
});

test("more than so many an hour are gathered into one", async context => {
  const room = await openRoom(context);
  room.schedule.maxAlertsHour = 2;
  for (let at = 0; at < 6; at++) {
    room.happen("fired", alertOf(`x${at}`, { node: `pve${at}` }));
    await room.advance(1);
  }
  assert.deepEqual(room.take(), ["a: firing x0", "a: firing x1"]);
  await room.advance(60);
  assert.deepEqual(room.take(), ["a: firing x2 x3 x4 x5"]);
});

test("a receiver that is down is tried eight times in six hours, then it is a dead letter, which can be sent again", async context => {
  const room = await openRoom(context);
  const tries: number[] = [];
  room.receive = () => {
    tries.push(room.clock.now());
    throw new ChannelFailure("failed", "a.test answered 503", { statusCode: 503 });
  };
  room.happen("fired", cpu);
  await room.advance(7 * 60);
  assert.equal(tries.length, 8);
  const took = (tries.at(-1) ?? 0) - (tries[0] ?? 0);
  assert.ok(took > 5.5 * HOUR && took < 6.5 * HOUR);
  const [letter] = room.notify.log({ limit: 1, before: null, channel: "a", status: "failed", alert: null });
  assert.equal(letter?.error, "a.test answered 503");
  assert.deepEqual(room.notify.whyNotTold(cpu, room.clock.now()), ['Its channel "a" failed: a.test answered 503']);
  assert.deepEqual(room.logged, ['Channel "a" fails']);
  assert.equal(room.notify.health()[0]?.error, "a.test answered 503");
  room.receive = () => {};
  assert.equal(room.notify.retry(letter?.id ?? 0), true);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
  assert.deepEqual(room.logged, ['Channel "a" fails', 'Channel "a" works again']);
  assert.equal(room.notify.retry(letter?.id ?? 0), false);
});

test("what never can be taken is not tried again", async context => {
  const room = await openRoom(context);
  let tries = 0;
  room.receive = () => {
    tries++;
    throw new ChannelFailure("refused", "a.test answered 404", { statusCode: 404 });
  };
  room.happen("fired", cpu);
  await room.advance(60);
  assert.equal(tries, 1);
  assert.deepEqual(room.log(), ["a firing failed"]);
});

test("a receiver that says when is asked then, once, and nothing else of its channel before", async context => {
  const room = await openRoom(context, ["a", "b"]);
  const tries: [string, number][] = [];
  room.receive = ({ channel }) => {
    tries.push([channel, (room.clock.now() - NOON) / SECOND]);
    if (channel === "a" && tries.length < 3)
      throw new ChannelFailure("busy", "a.test answered 429", { statusCode: 429, retryAfter: 7 * MINUTE });
  };
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("fired", alertOf("late", { node: "pve2" }));
  await room.advance(10);
  assert.deepEqual(
    tries.filter(([channel]) => channel === "a").map(([, at]) => at),
    [30, 450, 450],
  );
  assert.equal(room.take().filter(line => line.startsWith("b")).length, 2);
});

test("a receiver that says 'at once' is not asked over and over", async context => {
  const room = await openRoom(context);
  let tries = 0;
  room.receive = () => {
    tries++;
    throw new ChannelFailure("busy", "a.test answered 429", { statusCode: 429, retryAfter: 0 });
  };
  room.happen("fired", cpu);
  await room.advance(60);
  assert.equal(tries, 5, "as often as one that fails, in an hour");
});

test("a receiver that never answers delays no other, and is given up", async context => {
  const room = await openRoom(context, ["a", "b"]);
  room.receive = async ({ channel }) => {
    if (channel === "a") await new Promise(() => {});
  };
  room.happen("fired", cpu);
  await room.clock.advance(31 * SECOND);
  assert.deepEqual(room.take(), ["b: firing cpu"]);
  await room.clock.advance(95 * SECOND);
  assert.equal(room.notify.health().find(({ channel }) => channel === "a")?.error, "No answer within 90 s");
  room.receive = () => {};
  await room.advance(2);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
});

test("what had left and was not answered is sent again, marked, and its end is told", async context => {
  const room = await openRoom(context);
  room.receive = () => {
    throw new ChannelFailure("unreachable", "no answer in time", { perhaps: true });
  };
  room.happen("fired", cpu);
  await room.advance(1);
  room.receive = () => {};
  await room.advance(2);
  assert.deepEqual(
    room.got.map(({ message }) => message.duplicatePossible),
    [true],
  );
  room.happen("fired", memory);
  room.receive = () => {
    throw new ChannelFailure("unreachable", "no answer in time", { perhaps: true });
  };
  await room.advance(1);
  room.receive = () => {};
  room.happen("resolved", memory);
  await room.advance(2);
  assert.deepEqual(room.take(), ["a: firing cpu", "a: resolved memory"]);
});

test("once a channel works again, what waits for its next try goes at once", async context => {
  const room = await openRoom(context);
  room.receive = () => {
    throw new ChannelFailure("unreachable", "no answer");
  };
  room.happen("fired", cpu);
  await room.advance(20);
  room.receive = () => {};
  room.happen("fired", alertOf("other", { node: "pve2" }));
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing other", "a: firing cpu"]);
});

test("a restart with fifty alerts that fire sends nothing, and their end is one message", async context => {
  const room = await openRoom(context);
  const alerts = Array.from({ length: 50 }, (_, at) => alertOf(`x${at}`));
  room.happen("fired", ...alerts);
  await room.advance(1);
  assert.equal(room.take().length, 1);
  await room.notify[Symbol.asyncDispose]();
  room.restart();
  await room.advance(30);
  assert.deepEqual(room.take(), []);
  room.happen("resolved", ...alerts);
  await room.advance(1);
  assert.deepEqual(
    room.got.map(({ message }) => message.alerts.length),
    [50],
  );
});

test("what was being sent when the process ended is sent again, and marked", async context => {
  const room = await openRoom(context);
  room.receive = () => new Promise(() => {});
  room.happen("fired", cpu);
  await room.clock.advance(31 * SECOND);
  assert.deepEqual(room.log(), ["a firing sending"]);
  room.receive = () => {};
  room.restart();
  await room.advance(1);
  assert.equal(room.got[0]?.message.duplicatePossible, true);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
});

test("what was being sent when the process ended, and is over since, comes to its end", async context => {
  const room = await openRoom(context);
  room.receive = () => new Promise(() => {});
  room.happen("fired", cpu);
  await room.clock.advance(31 * SECOND);
  room.receive = () => {};
  room.firing.delete("cpu");
  room.restart();
  room.happen("resolved", cpu);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: resolved cpu"]);
});

const LEVELS = [
  { after: 10, notify: "webhook" },
  { after: 30, notify: "channels", channels: ["boss"] },
] as const;

test("escalation goes to its own channels, once a level, counted from the firing, and the end goes there, too", async context => {
  const room = await openRoom(context, []);
  room.webhook("a");
  room.webhook("boss", { minLevel: "critical" });
  room.schedule.escalation = { enabled: true, levels: LEVELS.map(level => ({ ...level, channels: ["boss"] })) };
  room.happen("fired", cpu);
  await room.advance(9);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
  await room.advance(2);
  assert.deepEqual(room.take(), ["a: escalation cpu"]);
  await room.notify[Symbol.asyncDispose]();
  room.restart();
  await room.advance(30);
  assert.deepEqual(room.take(), ["boss: escalation cpu"]);
  room.happen("resolved", cpu);
  await room.advance(1);
  assert.deepEqual(room.take().sort(), ["a: resolved cpu", "boss: resolved cpu"]);
});

test("what is acknowledged does not escalate; taken back, it does", async context => {
  const room = await openRoom(context);
  room.schedule.escalation = { enabled: true, levels: [{ after: 10, notify: "all" }] };
  room.happen("fired", cpu);
  await room.advance(1);
  room.happen("acknowledged", { ...cpu, acknowledged: true });
  await room.advance(60);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
  room.happen("unacknowledged", cpu);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: escalation cpu"]);
});

test("what is silenced escalates when that is over, all levels in one message", async context => {
  const room = await openRoom(context);
  room.schedule.escalation = { enabled: true, levels: [10, 20].map(after => ({ after, notify: "all" })) };
  const now = room.clock.now();
  room.happen("fired", cpu);
  await room.advance(1);
  room.silences.add({ kind: "silence", matcher: { type: "cpu" }, endsAt: now + HOUR, comment: "" }, "", now);
  await room.advance(58);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
  await room.advance(2);
  assert.deepEqual(room.take(), ["a: escalation cpu"]);
});

for (const levels of [null, []])
  test(`escalation with ${levels === null ? "no list" : "an empty list"} of levels tells nothing`, async context => {
    const room = await openRoom(context);
    room.schedule.escalation = { enabled: true, levels };
    room.happen("fired", cpu);
    await room.advance(120);
    assert.deepEqual(room.take(), ["a: firing cpu"]);
  });

test("who was told is reminded while it fires and nobody has acknowledged it", async context => {
  const room = await openRoom(context);
  room.schedule.reminders = { enabled: true, every: 60, level: "critical" };
  const down = alertOf("down", { level: "critical" });
  room.happen("fired", cpu, down);
  await room.advance(63);
  assert.deepEqual(room.take(), ["a: firing down cpu", "a: reminder down"]);
  await room.advance(60);
  assert.deepEqual(room.take(), ["a: reminder down"]);
  room.happen("acknowledged", { ...down, acknowledged: true });
  await room.advance(120);
  assert.deepEqual(room.take(), []);
});

test("a channel that heard nothing for a day gets a sign of life; what it refuses is wrong with it", async context => {
  const room = await openRoom(context, ["a", "b"]);
  room.book.changeGeneral({ ...room.book.general, canary: { enabled: true, hour: 9 } });
  room.receive = ({ channel }) => {
    if (channel === "b") throw new ChannelFailure("refused", "b.test answered 401");
  };
  await room.advance(11);
  room.clock.set(room.clock.now() + 8 * HOUR);
  await room.advance(11);
  assert.deepEqual(room.take(), []);
  room.clock.set(room.clock.now() + 13 * HOUR);
  await room.advance(11);
  room.clock.set(room.clock.now() + DAY);
  await room.advance(11);
  assert.deepEqual(room.take(), ["a: canary"]);
  assert.equal(room.notify.health()[1]?.error, "b.test answered 401");
  assert.deepEqual(room.logged, ['Channel "b" fails']);
});

test("the log forgets what is older than 90 days, and nothing that waits", async context => {
  const room = await openRoom(context, ["a", "b"]);
  room.happen("fired", cpu);
  await room.advance(1);
  const now = room.clock.now();
  room.silences.add({ kind: "silence", matcher: { type: "*" }, endsAt: now + 100 * DAY, comment: "" }, "", now);
  room.happen("fired", memory);
  room.clock.set(now + 91 * DAY);
  await room.advance(61);
  assert.deepEqual(room.log(), ["a firing waiting", "b firing waiting"]);
});

test("what waits for a channel is bounded: beyond it the newest takes all", async context => {
  const room = await openRoom(context);
  room.schedule.grouping.enabled = false;
  room.happen("fired", ...Array.from({ length: 1000 }, (_, at) => alertOf(`x${at}`)));
  assert.equal(room.notify.health()[0]?.waiting, 200);
  await room.advance(3);
  const told = room.got.flatMap(({ message }) => message.alerts.map(({ id }) => id));
  assert.equal(new Set(told).size, 1000);
  assert.equal(told.length, 1000);
});

test("a database that refuses to write loses nothing: nothing is sent that was not marked, and what was sent is kept later", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  const refuse = () =>
    room.database.run(
      "CREATE TEMP TRIGGER refuse BEFORE UPDATE ON notification BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
  const allow = () => room.database.run("DROP TRIGGER refuse");
  refuse();
  await room.advance(1);
  assert.deepEqual(room.take(), []);
  allow();
  room.receive = refuse;
  await room.clock.advance(10 * SECOND);
  assert.deepEqual([room.take(), room.log()], [["a: firing cpu"], ["a firing sending"]]);
  allow();
  await room.clock.advance(10 * SECOND);
  assert.deepEqual([room.take(), room.log()], [[], ["a firing delivered"]]);
  assert.deepEqual(room.logged, ["Notifications cannot be written"]);
});

test("a message that is still under way when Pulse ends is not written any more, and counts as interrupted", async context => {
  const room = await openRoom(context);
  const { promise, resolve } = Promise.withResolvers<void>();
  room.receive = () => promise;
  room.happen("fired", cpu);
  await room.clock.advance(31 * SECOND);
  const ended = room.notify[Symbol.asyncDispose]();
  await room.clock.advance(6 * SECOND);
  await ended;
  resolve();
  await room.clock.advance(SECOND);
  assert.deepEqual(room.log(), ["a firing sending"]);
});

test("after the clock was set back by a day what waits is told as soon as before, not a day later", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
  room.receive = () => Promise.reject(new ChannelFailure("unreachable", "No answer"));
  room.happen("fired", memory);
  await room.advance(1);
  room.clock.set(room.clock.now() - DAY);
  room.receive = () => {};
  await room.advance(5);
  assert.deepEqual(room.take(), ["a: firing memory"]);
  room.happen("resolved", cpu);
  await room.advance(1);
  room.happen("fired", cpu);
  await room.advance(10);
  assert.deepEqual(room.take(), ["a: resolved cpu", "a: firing cpu"]);
});

test("what was put off by a clock that was ahead before the start is told after it", async context => {
  const room = await openRoom(context);
  room.receive = () => Promise.reject(new ChannelFailure("unreachable", "No answer"));
  room.clock.set(room.clock.now() + 300 * DAY);
  room.happen("fired", cpu);
  await room.advance(1);
  await room.notify[Symbol.asyncDispose]();
  room.clock.set(room.clock.now() - 300 * DAY);
  room.receive = () => {};
  room.restart();
  await room.advance(1);
  assert.deepEqual(room.take(), ["a: firing cpu"]);
});

test("a clock that leaps forward tells nothing twice", async context => {
  const room = await openRoom(context);
  room.happen("fired", cpu);
  await room.advance(1);
  room.take();
  room.clock.set(room.clock.now() + DAY);
  await room.advance(10);
  assert.deepEqual(room.take(), []);
});
