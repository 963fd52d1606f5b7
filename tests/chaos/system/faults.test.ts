// The whole system under one fault at a time, through the client.

import { expect, test } from "vitest";
import { timing } from "../../../client/src/timing.ts";
import { addresses } from "../../support/addresses.ts";
import { eventually } from "../../support/until.ts";
import { FunctionKiller } from "../functions.ts";
import { ofType } from "../history.ts";
import { Random } from "../random.ts";
import type { Stay } from "../settle.ts";
import { Scene, texts } from "./support.ts";

const isSent = ({ room }: Stay, id: string) => room.messages.find((message) => message.id === id)?.status === "sent";
const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1));
const discontinuities = (scene: Scene) => ofType(scene.recorder.history, "discontinuity").length;

test("a message whose acknowledgement and connection were lost is asked for again, and is one message", async () => {
  const scene = await Scene.open();
  const ada = await scene.joined("Ada", { answerMs: 1_000, heartbeatMs: 60_000 });
  const bob = await scene.joined("Bob");
  // On the first connection nothing comes back; when it is sent a second time, that ends.
  ada.person.proxy.rules = {
    frame: ({ connection, name, direction }) => {
      if (connection > 1 || direction === "up") return undefined;
      return name === "ack" && sends() > 1 ? "cut" : "drop";
    },
  };
  const sends = () => ada.person.proxy.log.filter(({ name }) => name === "send").length;
  const id = ada.person.say(ada.room, "Only once");
  await eventually("Ada's message is sent", () => isSent(ada, id));
  await eventually("Bob has it", () => bob.room.messages.length === 1);
  expect(sends()).toBeGreaterThan(1);
  expect(ada.person.proxy.connections).toBe(2);
  expect(texts(bob.room)).toEqual(["Only once"]);
  await scene.settlesWithoutViolation();
});

test("a message that arrives again, long after it was sent over another connection, is one message", async () => {
  const scene = await Scene.open();
  const ada = await scene.joined("Ada", { heartbeatMs: 500, answerMs: 1_000 });
  const bob = await scene.joined("Bob");
  ada.person.proxy.rules = {
    frame: ({ connection, name }) => (connection === 1 && name === "send" ? "freeze" : undefined),
  };
  const id = ada.person.say(ada.room, "First");
  await eventually("Ada has come back and it is sent", () => isSent(ada, id));
  const last = ada.person.say(ada.room, "Second");
  await eventually("Bob has both", () => isSent(bob, last));
  ada.person.proxy.rules = {};
  ada.person.proxy.links.get(1)?.release();
  await eventually("the first connection has ended", () => !ada.person.proxy.links.has(1));
  await scene.settlesWithoutViolation();
  expect(texts(bob.room).slice(0, 2)).toEqual(["First", "Second"]);
});

test("a reader who is cut off in the middle of the talk has all of it afterwards, in order", async () => {
  const scene = await Scene.open();
  const talkers = [await scene.joined("Ada"), await scene.joined("Bob")];
  const carol = await scene.joined("Carol");
  carol.person.proxy.rules = {
    frame: ({ name, number }) => (name === "message" && number % 7 === 0 ? "cut" : undefined),
  };
  for (const n of numbers(40)) for (const { person, room } of talkers) person.say(room, n);
  await eventually("Carol has everything", () => carol.room.messages.length === 80);
  expect(carol.person.proxy.connections).toBeGreaterThan(2);
  expect(discontinuities(scene)).toBe(0);
  await scene.settlesWithoutViolation();
});

test("a half-open connection is noticed by the heartbeat, and nothing said meanwhile is lost", async () => {
  const scene = await Scene.open();
  const ada = await scene.joined("Ada");
  const bob = await scene.joined("Bob", { heartbeatMs: 500, answerMs: 1_000 });
  bob.person.proxy.newest?.freeze();
  for (const n of numbers(5)) ada.person.say(ada.room, n);
  const id = bob.person.say(bob.room, "Does anybody hear me?");
  await eventually("Bob has noticed and come back", () => bob.person.proxy.connections > 1 && isSent(bob, id));
  await eventually("Bob has what was said", () => bob.room.messages.length === 6);
  // What the first connection held arrives late, and changes nothing.
  bob.person.proxy.links.get(1)?.release();
  await scene.settlesWithoutViolation();
});

test("200 clients that lose their connections at once are all back, and have what was said meanwhile", async () => {
  // In ten rooms, for a local cloud has few hands to tell everyone that everyone has gone; with the client's own waits.
  const scene = await Scene.open(10);
  const ownWaits = { ...timing, heartbeatMs: 60_000 };
  const talks = await Promise.all(
    scene.roomIds.map(async (roomId) => {
      const ada = await scene.joined("Ada", ownWaits, roomId);
      const crowd: Stay[] = [];
      for (const n of numbers(20)) crowd.push(await scene.joined(`P${n}`, ownWaits, roomId));
      return { ada, crowd };
    }),
  );
  for (const { person } of talks.flatMap(({ crowd }) => crowd)) person.proxy.newest?.cut();
  const ids = talks.map(({ ada }) => ada.person.say(ada.room, "Come back"));
  await eventually("all have it", () =>
    talks.every(({ crowd }, n) => crowd.every((stay) => isSent(stay, ids[n] ?? ""))),
  );
  await eventually("all are in their rooms, and nobody twice", async () => {
    const rooms = await Promise.all(scene.roomIds.map((roomId) => scene.stage.api.room(roomId)));
    return rooms.every(({ people }) => people === 21);
  });
  await scene.settlesWithoutViolation();
});

test("200 events missed while offline are recovered in order; 400 are a discontinuity and the newest page", async () => {
  const scene = await Scene.open();
  const bob = await scene.joined("Bob");
  // So many that none says more at once than one person may.
  const ada = await scene.joined("Ada");
  const talkers = [ada];
  for (const n of numbers(7)) talkers.push(await scene.joined(`P${n}`));
  const seen: string[] = [];
  bob.room.on("message", ({ text }) => seen.push(text));
  bob.room.on("discontinuity", () => seen.push("discontinuity"));
  const missedByBob = async (count: number) => {
    bob.person.proxy.rules = { opening: () => "refuse" };
    bob.person.proxy.newest?.cut();
    const ids = talkers.flatMap(({ person, room }, t) =>
      numbers(count / talkers.length).map((n) => person.say(room, `${t} says ${n}`)),
    );
    await eventually("Ada has all", () => ids.every((id) => isSent(ada, id)));
    seen.length = 0;
    bob.person.proxy.rules = {};
    await eventually("Bob is back", () => texts(bob.room).at(-1) === texts(ada.room).at(-1));
  };
  await missedByBob(200);
  expect(seen).toHaveLength(200);
  expect(seen).toEqual(texts(ada.room).slice(-200));
  await missedByBob(400);
  expect(seen).toEqual(["discontinuity"]);
  expect(texts(bob.room)).toEqual(texts(ada.room).slice(-bob.room.messages.length));
  expect(bob.room.hasOlder).toBe(true);
  await scene.settlesWithoutViolation();
});

test("a planned changeover to another socket is not seen by anyone, even in the middle of the talk", async () => {
  const scene = await Scene.open();
  const often = { changeoverMs: [300, 600] } as const;
  const talkers = [await scene.joined("Ada", often), await scene.joined("Bob", often), await scene.joined("Carol")];
  const states: string[] = [];
  for (const { person } of talkers) person.client.on("state", (state) => states.push(state));
  const hasChangedOver = () => talkers.slice(0, 2).every(({ person }) => person.proxy.connections > 5);
  for (let n = 1; n <= 60 || !hasChangedOver(); n++) {
    const ids = talkers.map(({ person, room }) => person.say(room, String(n)));
    await eventually("that is sent", () => talkers.every((stay, t) => isSent(stay, ids[t] ?? "")));
  }
  expect(states).toEqual([]);
  expect(discontinuities(scene)).toBe(0);
  await scene.settlesWithoutViolation();
});

test("functions that are killed in the middle of the talk lose nothing", async () => {
  const scene = await Scene.open();
  const talkers = [await scene.joined("Ada"), await scene.joined("Bob"), await scene.joined("Carol")];
  const killer = new FunctionKiller(addresses.apiUrl, new Random(1));
  for (const n of numbers(20)) {
    const ids = talkers.map(({ person, room }) => person.say(room, n));
    await killer.strike();
    await eventually("that is sent", () => talkers.every((stay, t) => isSent(stay, ids[t] ?? "")));
  }
  expect(killer.killed).toBeGreaterThan(0);
  await scene.settlesWithoutViolation();
});
