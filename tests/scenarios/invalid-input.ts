// Invalid input is refused with the documented error; the connection stays open, and nothing is stored.

import assert from "node:assert/strict";
import type { ErrorCode } from "../../client/src/index.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";
import { ackedSeq } from "./events.ts";

interface Case {
  readonly what: string;
  readonly frame: string;
  readonly code: ErrorCode;
  /** The frame's id is missing or unreadable, so the error has none. */
  readonly withoutId?: true;
}

const ID = "bad";

function cases(room: string): Case[] {
  const frame = (fields: object) => JSON.stringify({ id: ID, room, ...fields });
  const send = (fields: object) => frame({ action: "send", text: "Hello", ...fields });
  const invalid = (what: string, text: string): Case => ({ what, frame: text, code: "invalidField" });
  const nested = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
  return [
    { what: "a text that is not JSON", frame: "hello", code: "badFrame", withoutId: true },
    { what: "an empty frame", frame: " ", code: "badFrame", withoutId: true },
    { what: "JSON that is not an object", frame: '["send"]', code: "badFrame", withoutId: true },
    { what: "a lone surrogate", frame: send({ text: "\ud83e" }), code: "badFrame", withoutId: true },
    { what: "a byte order mark", frame: `\ufeff${send({})}`, code: "badFrame", withoutId: true },
    { what: "a field twice", frame: send({}).replace("{", '{"text":"Hi",'), code: "badFrame", withoutId: true },
    {
      what: "a number out of range",
      frame: send({}).replace('"Hello"', "1e999"),
      code: "badFrame",
      withoutId: true,
    },
    { what: "deeply nested JSON", frame: `{"action":"send","text":${nested}}`, code: "badFrame", withoutId: true },
    { what: "a frame of 20 KB", frame: send({ text: "x".repeat(20_000) }), code: "frameTooLarge", withoutId: true },
    { what: "an unknown action", frame: frame({ action: "dance" }), code: "unknownAction" },
    { what: "no action", frame: frame({}), code: "unknownAction" },
    { what: "an action that is not a string", frame: frame({ action: 7 }), code: "unknownAction" },
    {
      what: "joining a room that does not exist",
      frame: frame({ action: "join", room: "none" }),
      code: "roomNotFound",
    },
    { what: "sending to a room without having joined it", frame: send({ room: "none" }), code: "notJoined" },
    {
      what: "reading the history of a room without having joined it",
      frame: frame({ action: "history", room: "none" }),
      code: "notJoined",
    },
    invalid("an unknown field", send({ extra: 1 })),
    invalid("a missing text", frame({ action: "send" })),
    invalid("a text that is a number", send({ text: 5 })),
    invalid("a text that is null", send({ text: null })),
    invalid("a room that is a list", send({ room: [room] })),
    invalid("an empty text", send({ text: "" })),
    invalid("a text of only white space", send({ text: " \n\t\u3000" })),
    invalid("a text of only invisible characters", send({ text: "\u200b\u2060\u2800\u3164\ufeff\u0085" })),
    invalid("a text of 4,001 characters", send({ text: "x".repeat(4_001) })),
    invalid("a name of 33 characters", frame({ action: "join", name: "x".repeat(33) })),
    invalid("a name with a text direction override", frame({ action: "join", name: "A\u202eda" })),
    invalid("an empty name", frame({ action: "join", name: " " })),
    invalid("a since without a number", frame({ action: "join", since: { epoch: "e" } })),
    invalid("a page of 101 messages", frame({ action: "history", limit: 101 })),
    invalid("a page of no messages", frame({ action: "history", limit: 0 })),
    invalid("a page in both directions", frame({ action: "history", before: 5, after: 1 })),
    invalid("a negative number", frame({ action: "history", after: -1 })),
    { ...invalid("an id that is a number", send({ id: 7 })), withoutId: true },
    { ...invalid("an empty id", send({ id: "" })), withoutId: true },
    { ...invalid("an id of 65 characters", send({ id: "x".repeat(65) })), withoutId: true },
    { ...invalid("a send without an id", JSON.stringify({ action: "send", room, text: "Hello" })), withoutId: true },
  ];
}

async function assertIsOpen(socket: RawSocket): Promise<void> {
  socket.send({ action: "ping", id: "alive" });
  await socket.next("pong", ({ id }) => id === "alive");
}

export const scenarios = [
  scenario(
    "Invalid frames are refused with the documented error, the connection stays open, and nothing is stored",
    ["default", "join", "send", "history", "ping"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const observer = await stage.socket();
      observer.send({ action: "join", room });
      await observer.next("joined");
      const socket = await stage.socket();
      socket.send({ action: "join", room, name: "Ada" });
      await socket.next("joined");
      await observer.next("presence");
      for (const { what, frame, code, withoutId } of cases(room)) {
        socket.sendRaw(frame);
        const error = await socket.next("error").catch(() => assert.fail(`${what} was not answered`));
        assert.deepEqual([error.code, error.retryable, error.id], [code, false, withoutId ? undefined : ID], what);
        assert.ok(error.message.length > 0, what);
        await assertIsOpen(socket);
      }
      const { seq, events } = await stage.api.messages(room);
      assert.deepEqual([seq, events], [0, []]);
      socket.send({ action: "send", room, id: "good", text: "Hello" });
      assert.equal((await socket.next("ack")).seq, 1);
      await socket.next("message");
      assert.deepEqual(socket.unread, []);
      await observer.next("message");
      assert.deepEqual(observer.unread, []);
    },
  ),

  scenario("A binary frame is refused, or closes only the connection that sent it", ["default"], async (stage) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    socket.sendRaw(Buffer.from([0xff, 0x00, 0xfe]));
    // API Gateway closes the connection with 1003 before any route receives the frame.
    await until("it is refused", () => socket.closeCode !== undefined || socket.unread.length > 0);
    if (socket.closeCode === undefined) {
      assert.equal((await socket.next("error")).code, "badFrame");
      await assertIsOpen(socket);
    } else {
      assert.equal(socket.closeCode, 1003);
    }
    assert.equal((await stage.join(room, "Bob")).joined, true);
  }),

  scenario(
    "Invalid changes are refused with the documented error and change nothing",
    ["edit", "delete", "react", "default"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const socket = await stage.socket();
      socket.send({ action: "join", room });
      await socket.next("joined");
      await ackedSeq(socket, { action: "send", room, id: "s", text: "Hello" });
      const at = { room, seq: 1, id: "bad" };
      const react = { action: "react", ...at, on: true };
      const cases: (readonly [what: string, frame: object, code: ErrorCode])[] = [
        ["an edit without a text", { action: "edit", ...at }, "invalidField"],
        ["an edit to white space", { action: "edit", ...at, text: " " }, "invalidField"],
        ["an edit to 4,001 characters", { action: "edit", ...at, text: "x".repeat(4_001) }, "invalidField"],
        ["an edit with a string as seq", { action: "edit", ...at, seq: "1", text: "x" }, "invalidField"],
        ["an edit with a negative seq", { action: "edit", ...at, seq: -1, text: "x" }, "invalidField"],
        ["an edit in a room not joined", { action: "edit", ...at, room: "none", text: "x" }, "notJoined"],
        ["a deletion with a text", { action: "delete", ...at, text: "x" }, "invalidField"],
        ["a deletion in a room not joined", { action: "delete", ...at, room: "none" }, "notJoined"],
        ["a reaction with a letter", { ...react, emoji: "a" }, "invalidField"],
        ["a reaction with two emoji", { ...react, emoji: "👍👍" }, "invalidField"],
        ["a reaction with an empty emoji", { ...react, emoji: "" }, "invalidField"],
        ["a reaction that is neither on nor off", { action: "react", ...at, emoji: "👍" }, "invalidField"],
        ["a reaction in a room not joined", { ...react, room: "none", emoji: "👍" }, "notJoined"],
      ];
      for (const [what, frame, code] of cases) {
        socket.sendRaw(JSON.stringify(frame));
        const error = await socket.next("error").catch(() => assert.fail(`${what} was not answered`));
        assert.deepEqual([error.code, error.retryable, error.id], [code, false, "bad"], what);
      }
      for (const action of ["edit", "delete", "react"]) {
        socket.sendRaw(JSON.stringify({ action, room, seq: 1 }));
        const { code, id } = await socket.next("error");
        assert.deepEqual([code, id], ["invalidField", undefined], `${action} without an id`);
      }
      assert.equal((await stage.api.messages(room)).seq, 1);
    },
  ),

  scenario(
    "Invalid requests are refused with problem details",
    ["create-session", "create-room", "list-rooms", "get-room", "list-messages", "update-room"],
    async (stage) => {
      const { roomId } = await stage.room();
      const owner = await stage.guest("Ada");
      const { roomId: owned } = await stage.roomOf(owner);
      const json = "application/json";
      const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = json) =>
        ["POST", path, body, type] as const;
      const patch = (path: string, body: string) => ["PATCH", path, body, json] as const;
      const get = (path: string) => ["GET", path] as const;
      const named = '{"name":"Tea"}';
      const bytes = (text: string) => new TextEncoder().encode(text);
      const refused: (readonly [
        what: string,
        request: ReturnType<typeof post | typeof patch | typeof get>,
        status: number,
        code: ErrorCode,
        detail?: RegExp,
      ])[] = [
        ["a body that is not JSON", post("/rooms", "hello"), 400, "badFrame"],
        ["no body", post("/rooms", ""), 400, "badFrame"],
        ["a byte order mark", post("/rooms", `\ufeff${named}`), 400, "badFrame", /byte order mark/],
        ["a field twice", post("/rooms", '{"name":"Tea","name":"Coffee"}'), 400, "badFrame"],
        ["a body without a content type", post("/rooms", bytes(named), ""), 400, "badFrame", /content-type/],
        ["another content type", post("/rooms", named, "application/vnd.api+json"), 400, "badFrame", /content-type/],
        ["a form", post("/sessions", "name=Ada", "application/x-www-form-urlencoded"), 400, "badFrame", /content-type/],
        ["plain text", post("/sessions", named, "text/plain"), 400, "badFrame", /content-type/],
        ["an unknown field", post("/rooms", '{"name":"Tea","extra":1}'), 400, "invalidField"],
        ["a room without a name", post("/rooms", "{}"), 400, "invalidField"],
        [
          "a room's name of 81 characters",
          post("/rooms", JSON.stringify({ name: "x".repeat(81) })),
          400,
          "invalidField",
        ],
        ["an unknown visibility", post("/rooms", '{"name":"Tea","visibility":"secret"}'), 400, "invalidField"],
        ["a session without a name", post("/sessions", "{}"), 400, "invalidField"],
        ["the system's name in Cyrillic letters", post("/sessions", '{"name":"Ѕуѕtеm"}'), 400, "invalidField"],
        ["a name with an invisible character", post("/sessions", '{"name":"A\\u200bda"}'), 400, "invalidField"],
        ["a body of 20 KB", post("/sessions", JSON.stringify({ name: "x".repeat(20_000) })), 413, "frameTooLarge"],
        ["a room that does not exist", get("/rooms/none"), 404, "roomNotFound"],
        ["messages of a room that does not exist", get("/rooms/none/messages"), 404, "roomNotFound"],
        ["a lobby page of 51 rooms", get("/rooms?limit=51"), 400, "invalidField"],
        ["a malformed cursor", get("/rooms?cursor=nonsense"), 400, "invalidField"],
        ["a cursor without a signature", get("/rooms?cursor=0029395440-k3v9m2x7q4t8w1zc"), 400, "invalidField"],
        [
          "a cursor with a forged signature",
          get(`/rooms?cursor=0029395440-k3v9m2x7q4t8w1zc.0123456789abcdef.${"A".repeat(43)}`),
          400,
          "invalidField",
        ],
        ["a number that is not one", get(`/rooms/${roomId}/messages?before=x`), 400, "invalidField"],
        ["a page in both directions", get(`/rooms/${roomId}/messages?before=2&after=1`), 400, "invalidField"],
        ["a page of 101 messages", get(`/rooms/${roomId}/messages?limit=101`), 400, "invalidField"],
        ["a number with a sign", get("/rooms?limit=%2B5"), 400, "invalidField"],
        ["a number after a space", get("/rooms?limit=+5"), 400, "invalidField"],
        ["a number with a leading zero", get("/rooms?limit=05"), 400, "invalidField"],
        ["an empty number", get("/rooms?limit="), 400, "invalidField"],
        ["two numbers", get(`/rooms/${roomId}/messages?limit=1&limit=50`), 400, "invalidField"],
        ["a room id that is not UTF-8", get("/rooms/%FF%00"), 404, "roomNotFound"],
        ["a room's name of null", patch(`/rooms/${owned}`, '{"name":null,"topic":"Green"}'), 400, "invalidField"],
      ];
      for (const [what, [method, path, body, type], status, code, detail] of refused) {
        const headers = { authorization: `Bearer ${owner.token}`, ...(type && { "content-type": type }) };
        const response = await fetch(stage.addresses.apiUrl + path, { method, headers, ...(body && { body }) });
        const problem = await response.json();
        assert.equal(response.headers.get("content-type"), "application/problem+json", what);
        assert.deepEqual([response.status, problem.status, problem.code], [status, status, code], what);
        assert.ok(problem.title && problem.detail, what);
        if (detail) assert.match(problem.detail, detail, what);
      }
    },
  ),
];
