// Identity: a guest token keeps a person's identity, and only Parlor can issue one.

import assert from "node:assert/strict";
import { ParlorApi } from "../../client/src/index.ts";
import { encode } from "../support/jwt.ts";
import { scenario } from "../support/scenario.ts";
import { withRetries } from "../support/stage.ts";
import { until } from "../support/until.ts";

export const scenarios = [
  scenario(
    "A guest token keeps identity and name across reconnects",
    ["create-session", "authorize", "connect"],
    async (stage) => {
      const { roomId } = await stage.room();
      const guest = await stage.guest("Ada");
      const tab = stage.tab(guest);
      const room = await tab.client.join(roomId);
      assert.deepEqual(room.you, { userId: guest.userId, name: "Ada" });
      tab.dropConnection();
      await until("the client notices that the connection is lost", () => !room.joined);
      await until("the client has reconnected", () => room.joined);
      assert.equal(room.you.userId, guest.userId);
    },
  ),

  scenario("GET /me returns the person a token belongs to", ["get-me", "create-session"], async (stage) => {
    const { userId, api } = await stage.guest("Ada");
    assert.deepEqual(await api.me(), { userId, name: "Ada" });
    await assert.rejects(stage.api.me(), { code: "unauthorized" });
  }),

  scenario(
    "A guest gets another name and token, and stays the same person",
    ["create-session", "get-me"],
    async (stage) => {
      const { userId, token } = await stage.guest("Silver Robin");
      const named = await withRetries(() => stage.api.createSession("Ada", token));
      assert.equal(named.userId, userId);
      assert.deepEqual(await stage.apiOf(named.token).me(), { userId, name: "Ada" });
      await assert.rejects(stage.api.createSession("Ada", "no token"), { code: "unauthorized" });
    },
  ),

  scenario("A token travels as a subprotocol or as a query parameter", ["authorize", "connect"], async (stage) => {
    const { roomId: room } = await stage.room();
    const { token, userId } = await stage.guest("Ada");
    for (const options of [{ protocols: ["parlor.v1", `token.${token}`] }, { query: `?token=${token}` }]) {
      const socket = await stage.socket(options);
      assert.equal(socket.protocol, options.protocols ? "parlor.v1" : "");
      socket.send({ action: "join", room });
      assert.equal((await socket.next("joined")).you.userId, userId);
    }
  }),

  scenario("Without a token each connection is a new guest", ["authorize", "connect"], async (stage) => {
    const { roomId } = await stage.room();
    const tab = stage.tab();
    const room = await tab.client.join(roomId);
    const { userId, name } = room.you;
    assert.match(name, /^Guest \d{4}$/);
    const other = await stage.tab().client.join(roomId);
    assert.notEqual(other.you.userId, userId);
    tab.dropConnection();
    await until("the client notices that the connection is lost", () => !room.joined);
    await until("the client has reconnected", () => room.joined);
    assert.notEqual(room.you.userId, userId);
  }),

  scenario("Only pages of the stage's own origin may connect", ["authorize", "connect"], async (stage) => {
    const { origin } = new URL(stage.addresses.siteUrl);
    const { token } = await stage.guest("Ada");
    const socket = await stage.socket({ origin });
    socket.send({ action: "ping" });
    await socket.next("pong");
    const others = ["https://evil.example", "null", `${origin}/`, `${origin}.evil.example`, origin.toUpperCase()];
    for (const other of others) {
      await assert.rejects(stage.socket({ origin: other }), /403/, `a page from ${other}`);
      await assert.rejects(stage.socket({ origin: other, query: `?token=${token}` }), /403/, `with a token, ${other}`);
    }
  }),

  scenario(
    "A token that Parlor did not sign is refused everywhere",
    ["authorize", "create-room", "get-me"],
    async (stage) => {
      const { token } = await stage.guest("Ada");
      const flipped = token.slice(0, -10) + (token.at(-10) === "A" ? "B" : "A") + token.slice(-9);
      const unsigned = `${encode({ alg: "none", typ: "JWT" })}.${token.split(".")[1]}.`;
      const forged = { flipped, unsigned, truncated: token.slice(0, -10), nonsense: "ada" };
      for (const [how, wrong] of Object.entries(forged)) {
        await assert.rejects(stage.socket({ query: `?token=${wrong}` }), /403|401/, `a token that is ${how}`);
        const protocols = ["parlor.v1", `token.${wrong}`];
        await assert.rejects(stage.socket({ protocols }), /403|401/, `a subprotocol with a token that is ${how}`);
        const api = new ParlorApi(stage.addresses.apiUrl, async () => wrong);
        await assert.rejects(api.createRoom({ name: "Mine" }), { code: "unauthorized" }, `creating a room, ${how}`);
        await assert.rejects(api.me(), { code: "unauthorized" }, `GET /me, ${how}`);
      }
    },
  ),
];
