// The whole system under one kind of fault at a time.

import { expect, test } from "vitest";
import { timing } from "../../../client/src/timing.ts";
import { addresses } from "../../support/addresses.ts";
import { texts } from "../../support/room.ts";
import { eventually } from "../../support/until.ts";
import { FunctionKiller } from "../function-killer.ts";
import { ofType } from "../history.ts";
import type { Participant } from "../participant.ts";
import { Random } from "../random.ts";
import { Fixture } from "./fixture.ts";

const isSent = ({ room }: Participant, id: string) =>
  room.messages.find((message) => message.id === id)?.status === "sent";
const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1));
const discontinuities = (fixture: Fixture) => ofType(fixture.recorder.history, "discontinuity").length;

test("a message sent again after its acknowledgement and connection were lost is stored once", async () => {
  const fixture = await Fixture.create();
  const ada = await fixture.join("Ada", { answerMs: 1_000, heartbeatMs: 60_000 });
  const bob = await fixture.join("Bob");
  // The first connection delivers nothing to the client, and ends with the second acknowledgement.
  ada.client.proxy.rules = {
    frame: ({ connection, name, direction }) => {
      if (connection > 1 || direction === "up") return undefined;
      return name === "ack" && sends() > 1 ? "cut" : "drop";
    },
  };
  const sends = () => ada.client.proxy.log.filter(({ name }) => name === "send").length;
  const id = ada.client.send(ada.room, "Only once");
  await eventually("Ada's message is sent", () => isSent(ada, id));
  await eventually("Bob has it", () => bob.room.messages.length === 1);
  expect(sends()).toBeGreaterThan(1);
  expect(ada.client.proxy.connections).toBe(2);
  expect(texts(bob.room)).toEqual(["Only once"]);
  await fixture.expectNoViolations();
});

test("a frame that arrives long after its message was sent over another connection adds no second message", async () => {
  const fixture = await Fixture.create();
  const ada = await fixture.join("Ada", { heartbeatMs: 500, answerMs: 1_000 });
  const bob = await fixture.join("Bob");
  ada.client.proxy.rules = {
    frame: ({ connection, name }) => (connection === 1 && name === "send" ? "freeze" : undefined),
  };
  const id = ada.client.send(ada.room, "First");
  await eventually("Ada has reconnected and her message is sent", () => isSent(ada, id));
  const last = ada.client.send(ada.room, "Second");
  await eventually("Bob has both", () => isSent(bob, last));
  ada.client.proxy.rules = {};
  ada.client.proxy.links.get(1)?.release();
  await eventually("the first connection has ended", () => !ada.client.proxy.links.has(1));
  await fixture.expectNoViolations();
  expect(texts(bob.room).slice(0, 2)).toEqual(["First", "Second"]);
});

test("a reader that loses its connection again and again receives everything, in order", async () => {
  const fixture = await Fixture.create();
  const senders = [await fixture.join("Ada"), await fixture.join("Bob")];
  const carol = await fixture.join("Carol");
  carol.client.proxy.rules = {
    frame: ({ name, number }) => (name === "message" && number % 7 === 0 ? "cut" : undefined),
  };
  for (const n of numbers(40)) for (const { client, room } of senders) client.send(room, n);
  await eventually("Carol has everything", () => carol.room.messages.length === 80);
  expect(carol.client.proxy.connections).toBeGreaterThan(2);
  expect(discontinuities(fixture)).toBe(0);
  await fixture.expectNoViolations();
});

test("the heartbeat detects a half-open connection, and no message sent meanwhile is lost", async () => {
  const fixture = await Fixture.create();
  const ada = await fixture.join("Ada");
  const bob = await fixture.join("Bob", { heartbeatMs: 500, answerMs: 1_000 });
  bob.client.proxy.newest?.freeze();
  for (const n of numbers(5)) ada.client.send(ada.room, n);
  const id = bob.client.send(bob.room, "Does anybody hear me?");
  await eventually(
    "Bob has reconnected and his message is sent",
    () => bob.client.proxy.connections > 1 && isSent(bob, id),
  );
  await eventually("Bob has all messages", () => bob.room.messages.length === 6);
  // What the first connection held back arrives late and changes nothing.
  bob.client.proxy.links.get(1)?.release();
  await fixture.expectNoViolations();
});

test("200 clients that lose their connections at once all reconnect and receive what they missed", async () => {
  // In ten rooms, because a local cloud is too slow to post every departure to 200 clients. Uses the client's default timing.
  const fixture = await Fixture.create(10);
  const defaultTiming = { ...timing, heartbeatMs: 60_000 };
  const groups = await Promise.all(
    fixture.roomIds.map(async (roomId) => {
      const ada = await fixture.join("Ada", defaultTiming, roomId);
      const others: Participant[] = [];
      for (const n of numbers(20)) others.push(await fixture.join(`P${n}`, defaultTiming, roomId));
      return { ada, others };
    }),
  );
  for (const { client } of groups.flatMap(({ others }) => others)) client.proxy.newest?.cut();
  const ids = groups.map(({ ada }) => ada.client.send(ada.room, "Come back"));
  await eventually("all have the message", () =>
    groups.every(({ others }, n) => others.every((participant) => isSent(participant, ids[n] ?? ""))),
  );
  await eventually("each room counts each person once", async () => {
    const rooms = await Promise.all(fixture.roomIds.map((roomId) => fixture.stage.api.room(roomId)));
    return rooms.every(({ people }) => people === 21);
  });
  await fixture.expectNoViolations();
});

test("a client that missed 200 events receives them in order; one that missed 400 gets a discontinuity and the newest page", async () => {
  const fixture = await Fixture.create();
  const bob = await fixture.join("Bob");
  // Enough senders that none exceeds the rate of one person.
  const ada = await fixture.join("Ada");
  const senders = [ada];
  for (const n of numbers(7)) senders.push(await fixture.join(`P${n}`));
  const received: string[] = [];
  bob.room.on("message", ({ text }) => received.push(text));
  bob.room.on("discontinuity", () => received.push("discontinuity"));
  const missedByBob = async (count: number) => {
    bob.client.proxy.rules = { opening: () => "refuse" };
    bob.client.proxy.newest?.cut();
    const ids = senders.flatMap(({ client, room }, t) =>
      numbers(count / senders.length).map((n) => client.send(room, `${t} sends ${n}`)),
    );
    await eventually("Ada has all messages", () => ids.every((id) => isSent(ada, id)));
    received.length = 0;
    bob.client.proxy.rules = {};
    await eventually("Bob has caught up", () => texts(bob.room).at(-1) === texts(ada.room).at(-1));
  };
  await missedByBob(200);
  expect(received).toHaveLength(200);
  expect(received).toEqual(texts(ada.room).slice(-200));
  await missedByBob(400);
  expect(received).toEqual(["discontinuity"]);
  expect(texts(bob.room)).toEqual(texts(ada.room).slice(-bob.room.messages.length));
  expect(bob.room.hasOlder).toBe(true);
  await fixture.expectNoViolations();
});

test("nobody notices a planned changeover to a new socket, even while messages are sent", async () => {
  const fixture = await Fixture.create();
  const frequentChangeover = { changeoverMs: [300, 600] } as const;
  const senders = [
    await fixture.join("Ada", frequentChangeover),
    await fixture.join("Bob", frequentChangeover),
    await fixture.join("Carol"),
  ];
  const states: string[] = [];
  for (const { client } of senders) client.client.on("state", (state) => states.push(state));
  const hasChangedOver = () => senders.slice(0, 2).every(({ client }) => client.proxy.connections > 5);
  for (let n = 1; n <= 60 || !hasChangedOver(); n++) {
    const ids = senders.map(({ client, room }) => client.send(room, String(n)));
    await eventually("all are sent", () => senders.every((sender, s) => isSent(sender, ids[s] ?? "")));
  }
  expect(states).toEqual([]);
  expect(discontinuities(fixture)).toBe(0);
  await fixture.expectNoViolations();
});

test("nothing is lost when functions are killed while messages are sent", async () => {
  const fixture = await Fixture.create();
  const senders = [await fixture.join("Ada"), await fixture.join("Bob"), await fixture.join("Carol")];
  const killer = new FunctionKiller(addresses.apiUrl, new Random(1));
  for (const n of numbers(20)) {
    const ids = senders.map(({ client, room }) => client.send(room, n));
    await killer.killOne();
    await eventually("all are sent", () => senders.every((sender, s) => isSent(sender, ids[s] ?? "")));
  }
  expect(killer.killed).toBeGreaterThan(0);
  await fixture.expectNoViolations();
});
