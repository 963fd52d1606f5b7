// Sending: everyone in a room receives each message once and in the same order.

import assert from "node:assert/strict";
import type { Room } from "../../client/src/index.ts";
import { allSent, texts } from "../support/room.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

const routes = ["authorize", "connect", "disconnect", "join", "send", "create-session", "create-room", "close-room"];

const hasMessages = (room: Room, count: number) =>
  until(`${room.you.name} has ${count} messages`, () => room.messages.length === count && allSent(room));

export const scenarios = [
  scenario("Two people in a room receive the same messages in the same order", routes, async (stage) => {
    const { roomId } = await stage.room({ name: "Tea", topic: "Green or black?" });
    const ada = await stage.join(roomId, "Ada");
    const bob = await stage.join(roomId, "Bob");
    assert.deepEqual([bob.name, bob.topic, bob.visibility], ["Tea", "Green or black?", "unlisted"]);
    for (const text of ["Hello", "How are you?", "Fine weather"]) {
      ada.send(`${text}, says Ada`);
      bob.send(`${text}, says Bob`);
    }
    await hasMessages(ada, 6);
    await hasMessages(bob, 6);
    assert.deepEqual(texts(ada), texts(bob));
    assert.deepEqual(
      ada.messages.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6],
    );
    const sentBy = (name: string) => texts(bob).filter((text) => text.endsWith(name));
    assert.deepEqual(sentBy("Ada"), ["Hello, says Ada", "How are you?, says Ada", "Fine weather, says Ada"]);
    assert.deepEqual(
      bob.messages.filter(({ own }) => own).map(({ from }) => from.name),
      ["Bob", "Bob", "Bob"],
    );
  }),

  scenario("A person who joins later receives the history", routes, async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    ada.send("You missed this");
    await hasMessages(ada, 1);
    const carol = await stage.join(roomId, "Carol");
    assert.deepEqual(texts(carol), ["You missed this"]);
    carol.send("I have read it");
    await hasMessages(ada, 2);
    assert.deepEqual(texts(ada), texts(carol));
  }),

  scenario("Two tabs of one person both receive everything and count as one person", routes, async (stage) => {
    const { roomId } = await stage.room();
    const guest = await stage.guest("Ada");
    const one = await stage.tab(guest).client.join(roomId);
    const two = await stage.tab(guest).client.join(roomId);
    const bob = await stage.join(roomId, "Bob");
    assert.deepEqual(bob.people.map(({ name }) => name).sort(), ["Ada", "Bob"]);
    assert.equal(bob.count, 2);
    one.send("From the first tab");
    await hasMessages(two, 1);
    await hasMessages(bob, 1);
    assert.equal(two.messages[0]?.own, true);
    await two.leave();
    bob.send("Still here?");
    await hasMessages(one, 2);
    assert.equal(bob.count, 2);
  }),

  scenario("A text of 4,000 four-byte characters arrives unchanged", routes, async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    const bob = await stage.join(roomId, "Bob");
    const longest = "🫖".repeat(4_000);
    const markup = ' <b>&amp;</b> "\\\n\t\u0000\u2028é e\u0301 ';
    ada.send(longest);
    ada.send(markup);
    await hasMessages(bob, 2);
    assert.deepEqual(texts(bob), [longest, markup]);
  }),

  scenario("Joining and sending works without the client and without a token", routes, async (stage) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    socket.send({ action: "join", room, name: "Ada" });
    const joined = await socket.next("joined");
    assert.deepEqual([joined.room, joined.you.name, joined.count, joined.seq], [room, "Ada", 1, 0]);
    assert.deepEqual([joined.people, joined.events], [[joined.you], []]);
    assert.deepEqual([joined.from, joined.to], [1, 0]);
    socket.send({ action: "send", room, id: "1", text: "Hello" });
    const message = await socket.next("message");
    const ack = await socket.next("ack");
    const { epoch, you: from } = joined;
    assert.deepEqual(message, { type: "message", room, epoch, seq: 1, id: "1", from, text: "Hello", at: ack.at });
    assert.deepEqual(ack, { type: "ack", room, epoch, id: "1", seq: 1, at: message.at });
    socket.send({ action: "join", room, name: "Ada", id: "again" });
    const again = await socket.next("joined");
    assert.deepEqual([again.id, again.count, again.events.length], ["again", 1, 1]);
  }),

  scenario(
    "A message sent again with the same id is stored once, and each ack has its first number",
    routes,
    async (stage) => {
      const { roomId: room } = await stage.room();
      const bob = await stage.join(room, "Bob");
      const { token } = await stage.guest("Ada");
      const first = await stage.socket({ protocols: ["parlor.v1", `token.${token}`] });
      const second = await stage.socket({ protocols: ["parlor.v1", `token.${token}`] });
      const numbers: number[] = [];
      for (const socket of [first, first, second]) {
        socket.send({ action: "join", room });
        await socket.next("joined");
        socket.send({ action: "send", room, id: "same", text: "Only once" });
        numbers.push((await socket.next("ack")).seq);
      }
      assert.deepEqual(numbers, [1, 1, 1]);
      bob.send("Next");
      await hasMessages(bob, 2);
      assert.deepEqual(texts(bob), ["Only once", "Next"]);
      const page = await stage.api.messages(room);
      assert.deepEqual(
        page.events.map((event) => event.type === "message" && event.text),
        ["Only once", "Next"],
      );
    },
  ),
];
