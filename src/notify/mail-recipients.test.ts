import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { FakeClock } from "../kit/clock.ts";
import { HOUR, MINUTE } from "../kit/units.ts";
import type { Delivery } from "../model/notification.ts";
import { CUT, openRudeMailServer } from "./channels/rude-mail-server.ts";
import { dispatcher } from "./dispatch.ts";
import { alertOf, NOON, Room } from "./fixture.ts";

/** A room whose mails go to a server that answers as the test says. */
async function openMailRoom(
  context: TestContext,
  to = ["ann@example.com", "Bob <Bob@example.com>", "eve@example.com"],
) {
  const server = await openRudeMailServer(context);
  const folder = mkdtempSync(join(tmpdir(), "pulse-mail-"));
  const clock = new FakeClock(NOON);
  const post = () => assert.fail("mail does not go over HTTP");
  const room = new Room(folder, {
    clock,
    dispatch: book =>
      dispatcher(
        book,
        () => post,
        () => clock.now(),
      ),
  });
  context.after(async () => {
    await room[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  room.book.changeEmail({ ...server.settings, to }, NOON);
  room.notify.start();
  const deliveries = () =>
    room.notify.log({ limit: 100, before: null, channel: null, status: null, alert: null }).reverse();
  /** The clock goes on, and what is sent then comes to its end. */
  const advance = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      await clock.advance(MINUTE);
      while (deliveries().some(({ status }) => status === "sending")) await pass(5);
    }
  };
  return {
    ...{ room, server, deliveries, advance },
    /** Who got a mail since it was last asked, mail by mail. */
    got: () => server.had.splice(0).map(mail => mail.to.join(" ")),
    refuse: (replies: Readonly<Record<string, string>>) => {
      server.manners = told =>
        Object.entries(replies).find(([who]) => told.toLowerCase() === `rcpt to:<${who}@example.com>`)?.[1] ?? null;
    },
  };
}

const brief = ({ status, error, duplicatePossible }: Delivery) =>
  `${status}${duplicatePossible ? "?" : ""}: ${error?.replace(/^"127.0.0.1:\d+"/, "server") ?? ""}`;

test("who is refused for now gets the mail later, alone; who is refused for good is named", async context => {
  const it = await openMailRoom(context);
  it.refuse({ bob: "450 try later", eve: "550 no such user" });
  it.room.happen("fired", alertOf("cpu"));
  await it.advance(1);
  assert.deepEqual(it.got(), ["ann@example.com"]);
  const note = "Not taken for all: 450 try later (bob@example.com); 550 no such user (eve@example.com)";
  const named = `delivered: ${note}. Told to whom that is for now with number 2`;
  assert.deepEqual(it.deliveries().map(brief), [named, `waiting: ${note}`]);
  assert.equal(it.room.notify.health()[0]?.error, note);
  it.refuse({ eve: "550 no such user" });
  await it.advance(2);
  assert.deepEqual(it.got(), ["Bob@example.com"]);
  assert.deepEqual(it.deliveries().map(brief), [named, "delivered: "]);
  assert.equal(it.room.notify.health()[0]?.error, null);
  await it.advance(60);
  assert.deepEqual(it.got(), []);
});

test("the rest of a mail is the same mail, and outlives the process", async context => {
  const it = await openMailRoom(context);
  it.refuse({ bob: "450 try later" });
  it.room.happen("fired", alertOf("cpu"));
  await it.advance(1);
  await it.room.notify[Symbol.asyncDispose]();
  it.refuse({});
  it.room.restart();
  await it.advance(2);
  const ids = it.server.had.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1]);
  assert.equal(ids[0], ids[1]);
  assert.deepEqual(it.got(), ["ann@example.com eve@example.com", "Bob@example.com"]);
});

test("who never gets it has a dead letter of his own, which can be sent again to him alone", async context => {
  const it = await openMailRoom(context);
  it.refuse({ bob: "450 try later" });
  it.room.happen("fired", alertOf("cpu"));
  await it.advance(7 * 60);
  assert.deepEqual(it.got(), ["ann@example.com eve@example.com"]);
  const [, rest] = it.deliveries();
  assert.deepEqual([rest?.status, rest?.attempts], ["failed", 8]);
  assert.match(rest?.error ?? "", /does not take the mail: 450 try later \(bob@example\.com\)$/);
  it.refuse({});
  assert.ok(it.room.notify.retry(rest?.id ?? 0));
  await it.advance(1);
  assert.deepEqual(it.got(), ["Bob@example.com"]);
});

test("what is over before the rest was told of it is told to all as over; what is new goes to all, beside the rest", async context => {
  const it = await openMailRoom(context);
  it.refuse({ bob: "450 try later" });
  it.room.happen("fired", alertOf("cpu"), alertOf("memory"));
  await it.advance(1);
  it.room.happen("resolved", alertOf("cpu"));
  it.refuse({});
  await it.advance(3);
  assert.deepEqual(it.got().sort(), [
    "Bob@example.com",
    "ann@example.com Bob@example.com eve@example.com",
    "ann@example.com eve@example.com",
  ]);
  it.refuse({ ann: "451 try later" });
  it.room.happen("worsened", alertOf("memory", { level: "critical" }));
  await it.advance(1);
  it.refuse({});
  it.room.happen("fired", alertOf("disk"));
  await it.advance(3);
  assert.deepEqual(it.got().sort(), [
    "Bob@example.com eve@example.com",
    "ann@example.com",
    "ann@example.com Bob@example.com eve@example.com",
  ]);
});

test("who was owed an older mail and got a newer one about the same gets no older one", async context => {
  const it = await openMailRoom(context);
  it.refuse({ bob: "450 try later" });
  it.room.happen("fired", alertOf("cpu"));
  // The rest is refused twice more, and waits for minutes then.
  await it.advance(4);
  it.refuse({});
  it.room.happen("worsened", alertOf("cpu", { level: "critical" }));
  await it.advance(1);
  assert.deepEqual(it.got(), ["ann@example.com eve@example.com", "ann@example.com Bob@example.com eve@example.com"]);
  await it.advance(60);
  assert.deepEqual(it.got(), []);
  assert.equal(it.deliveries().map(brief)[1], "cancelled: It was told anew with number 3");
});

test("who is taken out of the settings is owed nothing any more", async context => {
  const it = await openMailRoom(context);
  it.refuse({ bob: "450 try later" });
  it.room.happen("fired", alertOf("cpu"));
  await it.advance(1);
  it.refuse({});
  it.room.book.changeEmail({ ...it.server.settings, to: ["ann@example.com"] }, NOON);
  await it.advance(5);
  assert.deepEqual(it.got(), ["ann@example.com eve@example.com"]);
  assert.match(it.deliveries().map(brief)[1] ?? "", /^cancelled: Who was still to get it/);
});

test("when nobody is taken the mail waits for all of them, while one of them is refused only for now", async context => {
  const it = await openMailRoom(context);
  it.refuse({ ann: "450 try later", bob: "550 no such user", eve: "550 no such user" });
  it.room.happen("fired", alertOf("cpu"));
  await it.advance(1);
  assert.deepEqual(it.deliveries().map(brief), [
    "waiting: server does not take the mail: 450 try later (ann@example.com); 550 no such user (bob@example.com, eve@example.com)",
  ]);
  it.refuse({ bob: "550 no such user", eve: "550 no such user" });
  await it.advance(2);
  assert.deepEqual(it.got(), ["ann@example.com"]);
});

test("a test mail says who did not get it", async context => {
  const it = await openMailRoom(context);
  it.refuse({ bob: "450 try later" });
  const [channel] = it.room.book.channels;
  assert.ok(channel);
  const { sent } = await it.room.notify.try(channel, it.room.notify.blank("test", [alertOf("cpu")]));
  assert.deepEqual(sent?.missed, [{ address: "bob@example.com", reply: "450 try later", later: true }]);
  const note = "Not taken for all: 450 try later (bob@example.com)";
  assert.deepEqual(it.deliveries().map(brief), [`delivered: ${note}`]);
  assert.equal(it.room.notify.health()[0]?.error, note);
});

test("a server that has the mail and breaks off is sent it once more, marked, with the same id, and never again", async context => {
  const it = await openMailRoom(context);
  it.server.manners = told => (told === "." ? CUT : null);
  it.room.happen("fired", alertOf("cpu"));
  await it.advance(1);
  const why = "server had the whole mail and did not say whether it takes it (ECONNECTION)";
  assert.deepEqual(it.deliveries().map(brief), [`waiting?: ${why}`]);
  await it.advance(HOUR / MINUTE);
  assert.deepEqual(it.deliveries().map(brief), [`failed?: ${why}`]);
  const ids = new Set(it.server.had.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1]));
  assert.deepEqual([it.server.had.length, ids.size], [2, 1]);
  assert.deepEqual(
    it.server.had.map(({ text }) => /may have had this before/.test(text)),
    [false, true],
  );
  // Who may have heard of it hears of its end.
  it.server.manners = () => null;
  it.server.had.splice(0);
  it.room.happen("resolved", alertOf("cpu"));
  await it.advance(1);
  assert.equal(it.server.had.length, 1);
});

for (const [name, rude] of [
  ["breaks off before the text", (told: string) => (told === "DATA" ? CUT : null)],
  ["is closing", (told: string) => (told === "greeting" ? "421 closing" : null)],
  ["is closing when it has the text", (told: string) => (told === "." ? "421 closing" : null)],
  ["does not take the text for now", (told: string) => (told === "." ? "451 try later" : null)],
] as const)
  test(`a server that ${name} has not taken the mail: it is sent to all again, unmarked`, async context => {
    const it = await openMailRoom(context);
    it.server.manners = rude;
    it.room.happen("fired", alertOf("cpu"));
    await it.advance(1);
    assert.match(it.deliveries().map(brief)[0] ?? "", /^waiting: /);
    it.server.manners = () => null;
    await it.advance(2);
    assert.doesNotMatch(it.server.had[0]?.text ?? "", /may have had this before/);
    assert.deepEqual(it.got(), ["ann@example.com Bob@example.com eve@example.com"]);
    assert.deepEqual(it.deliveries().map(brief), ["delivered: "]);
  });
