// Bad input: each kind is refused with the documented error, the connection goes on, and nothing is stored.

import assert from "node:assert/strict";
import type { ErrorCode } from "../../client/src/index.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

interface Case {
  readonly what: string;
  readonly frame: string;
  readonly code: ErrorCode;
  /** Whether the error cannot carry the frame's id back. */
  readonly nameless?: true;
}

const ID = "bad";

function cases(room: string): Case[] {
  const frame = (fields: object) => JSON.stringify({ id: ID, room, ...fields });
  const send = (fields: object) => frame({ action: "send", text: "Hello", ...fields });
  const invalid = (what: string, text: string): Case => ({ what, frame: text, code: "invalidField" });
  const nested = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
  return [
    { what: "a text that is not JSON", frame: "hello", code: "badFrame", nameless: true },
    { what: "an empty frame", frame: " ", code: "badFrame", nameless: true },
    { what: "JSON that is not an object", frame: '["send"]', code: "badFrame", nameless: true },
    { what: "a lone surrogate", frame: send({ text: "\ud83e" }), code: "badFrame", nameless: true },
    { what: "a byte order mark", frame: `\ufeff${send({})}`, code: "badFrame", nameless: true },
    { what: "a field twice", frame: send({}).replace("{", '{"text":"Hi",'), code: "badFrame", nameless: true },
    {
      what: "a number beyond all bounds",
      frame: send({}).replace('"Hello"', "1e999"),
      code: "badFrame",
      nameless: true,
    },
    { what: "deeply nested JSON", frame: `{"action":"send","text":${nested}}`, code: "badFrame", nameless: true },
    { what: "a frame of 20 KB", frame: send({ text: "x".repeat(20_000) }), code: "frameTooLarge", nameless: true },
    { what: "an unknown action", frame: frame({ action: "dance" }), code: "unknownAction" },
    { what: "no action", frame: frame({}), code: "unknownAction" },
    { what: "an action that is not a text", frame: frame({ action: 7 }), code: "unknownAction" },
    {
      what: "a join of a room that does not exist",
      frame: frame({ action: "join", room: "none" }),
      code: "roomNotFound",
    },
    { what: "a send to a room that one is not in", frame: send({ room: "none" }), code: "notJoined" },
    {
      what: "a history of a room that one is not in",
      frame: frame({ action: "history", room: "none" }),
      code: "notJoined",
    },
    invalid("an unknown field", send({ extra: 1 })),
    invalid("a missing text", frame({ action: "send" })),
    invalid("a text that is a number", send({ text: 5 })),
    invalid("a text that is null", send({ text: null })),
    invalid("a room that is a list", send({ room: [room] })),
    invalid("an empty text", send({ text: "" })),
    invalid("a text of white space", send({ text: " \n\t\u3000" })),
    invalid("a text of invisible characters", send({ text: "\u200b\u2060\u2800\u3164\ufeff\u0085" })),
    invalid("a text of 4,001 characters", send({ text: "x".repeat(4_001) })),
    invalid("a name of 33 characters", frame({ action: "join", name: "x".repeat(33) })),
    invalid("a name that turns the text around", frame({ action: "join", name: "A\u202eda" })),
    invalid("an empty name", frame({ action: "join", name: " " })),
    invalid("a since without a number", frame({ action: "join", since: { epoch: "e" } })),
    invalid("a page of 101 messages", frame({ action: "history", limit: 101 })),
    invalid("a page of no messages", frame({ action: "history", limit: 0 })),
    invalid("a page in both directions", frame({ action: "history", before: 5, after: 1 })),
    invalid("a negative number", frame({ action: "history", after: -1 })),
    { ...invalid("an id that is a number", send({ id: 7 })), nameless: true },
    { ...invalid("an empty id", send({ id: "" })), nameless: true },
    { ...invalid("an id of 65 characters", send({ id: "x".repeat(65) })), nameless: true },
    { ...invalid("a send without an id", JSON.stringify({ action: "send", room, text: "Hello" })), nameless: true },
  ];
}

async function isAlive(socket: RawSocket): Promise<void> {
  socket.send({ action: "ping", id: "alive" });
  await socket.next("pong", ({ id }) => id === "alive");
}

export const scenarios = [
  scenario(
    "Bad frames are refused with the documented error, the connection goes on, and nothing is stored",
    ["default", "join", "send", "history", "ping"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const bystander = await stage.socket();
      bystander.send({ action: "join", room });
      await bystander.next("joined");
      const socket = await stage.socket();
      socket.send({ action: "join", room, name: "Ada" });
      await socket.next("joined");
      await bystander.next("presence");
      for (const { what, frame, code, nameless } of cases(room)) {
        socket.sendRaw(frame);
        const error = await socket.next("error").catch(() => assert.fail(`${what} was not answered`));
        assert.deepEqual([error.code, error.retryable, error.id], [code, false, nameless ? undefined : ID], what);
        assert.ok(error.message.length > 0, what);
        await isAlive(socket);
      }
      const { seq, events } = await stage.api.messages(room);
      assert.deepEqual([seq, events], [0, []]);
      socket.send({ action: "send", room, id: "good", text: "Hello" });
      assert.equal((await socket.next("ack")).seq, 1);
      await socket.next("message");
      assert.deepEqual(socket.unread, []);
      await bystander.next("message");
      assert.deepEqual(bystander.unread, []);
    },
  ),

  scenario("A binary frame is refused, or ends only the connection that sent it", ["default"], async (stage) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    socket.sendRaw(Buffer.from([0xff, 0x00, 0xfe]));
    // API Gateway itself closes the connection with 1003 before any route sees the frame.
    await until("it is refused", () => socket.closeCode !== undefined || socket.unread.length > 0);
    if (socket.closeCode === undefined) {
      assert.equal((await socket.next("error")).code, "badFrame");
      await isAlive(socket);
    } else {
      assert.equal(socket.closeCode, 1003);
    }
    assert.equal((await stage.join(room, "Bob")).joined, true);
  }),

  scenario(
    "Bad requests are refused with problem details",
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
        says?: RegExp,
      ])[] = [
        ["a body that is not JSON", post("/rooms", "hello"), 400, "badFrame"],
        ["no body", post("/rooms", ""), 400, "badFrame"],
        ["a byte order mark", post("/rooms", `\ufeff${named}`), 400, "badFrame", /byte order mark/],
        ["a field twice", post("/rooms", '{"name":"Tea","name":"Coffee"}'), 400, "badFrame"],
        ["a body without a type", post("/rooms", bytes(named), ""), 400, "badFrame", /content-type/],
        ["another type", post("/rooms", named, "application/vnd.api+json"), 400, "badFrame", /content-type/],
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
        ["a name with something invisible in it", post("/sessions", '{"name":"A\\u200bda"}'), 400, "invalidField"],
        ["a body of 20 KB", post("/sessions", JSON.stringify({ name: "x".repeat(20_000) })), 413, "frameTooLarge"],
        ["a room that does not exist", get("/rooms/none"), 404, "roomNotFound"],
        ["messages of a room that does not exist", get("/rooms/none/messages"), 404, "roomNotFound"],
        ["a lobby page of 51 rooms", get("/rooms?limit=51"), 400, "invalidField"],
        ["a cursor that is none", get("/rooms?cursor=nonsense"), 400, "invalidField"],
        ["a cursor without a signature", get("/rooms?cursor=0029395440-k3v9m2x7q4t8w1zc"), 400, "invalidField"],
        [
          "a cursor that somebody else signed",
          get(`/rooms?cursor=0029395440-k3v9m2x7q4t8w1zc.0123456789abcdef.${"A".repeat(43)}`),
          400,
          "invalidField",
        ],
        ["a number that is none", get(`/rooms/${roomId}/messages?before=x`), 400, "invalidField"],
        ["a page in both directions", get(`/rooms/${roomId}/messages?before=2&after=1`), 400, "invalidField"],
        ["a page of 101 messages", get(`/rooms/${roomId}/messages?limit=101`), 400, "invalidField"],
        ["a number with a sign", get("/rooms?limit=%2B5"), 400, "invalidField"],
        ["a number after a space", get("/rooms?limit=+5"), 400, "invalidField"],
        ["a number with a zero before it", get("/rooms?limit=05"), 400, "invalidField"],
        ["a number of nothing", get("/rooms?limit="), 400, "invalidField"],
        ["two numbers", get(`/rooms/${roomId}/messages?limit=1&limit=50`), 400, "invalidField"],
        ["a room that is no text", get("/rooms/%FF%00"), 404, "roomNotFound"],
        ["a room's name of null", patch(`/rooms/${owned}`, '{"name":null,"topic":"Green"}'), 400, "invalidField"],
      ];
      for (const [what, [method, path, body, type], status, code, says] of refused) {
        const headers = { authorization: `Bearer ${owner.token}`, ...(type && { "content-type": type }) };
        const response = await fetch(stage.addresses.apiUrl + path, { method, headers, ...(body && { body }) });
        const problem = await response.json();
        assert.equal(response.headers.get("content-type"), "application/problem+json", what);
        assert.deepEqual([response.status, problem.status, problem.code], [status, status, code], what);
        assert.ok(problem.title && problem.detail, what);
        if (says) assert.match(problem.detail, says, what);
      }
    },
  ),
];
