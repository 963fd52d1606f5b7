// A system of expiring rooms, step by step: over REST and with bare frames, as from a few lines of any language.

import assert from "node:assert/strict";
import type { RoomInfo, RoomPass } from "../../client/src/index.ts";
import { httpRequest } from "../support/http.ts";
import { scenario } from "../support/scenario.ts";
import type { Stage } from "../support/stage.ts";

/** As short as a room can be. */
const SECONDS = 60;
/** The limit that docs/protocol.md documents. */
const TOLD_WITHIN_MS = 70_000;

async function request<Body>(stage: Stage, method: "GET" | "POST", path: string, options: object = {}) {
  const { status, body } = await httpRequest(stage.addresses.apiUrl + path, { method, ...options });
  return { status, body: JSON.parse(body) as Body };
}

export const scenarios = [
  scenario(
    "A room that expires is created and joined over REST and WebSocket, tells everyone when it ends, and answers 410",
    ["create-room", "get-room", "list-messages", "create-pass", "join", "send", "sweep"],
    async (stage) => {
      const owner = await stage.guest("JohnDoe");
      const create = {
        headers: { authorization: `Bearer ${owner.token}` },
        body: { name: "My Chat Room", expiresInSeconds: SECONDS, maxPeople: 20, password: "optional_password" },
      };
      const created = await request<RoomInfo>(stage, "POST", "/rooms", create);
      assert.equal(created.status, 201);
      const { roomId, endsAt, maxPeople, passwordRequired, isFull } = created.body;
      assert.deepEqual([maxPeople, passwordRequired, isFull], [20, true, false]);
      assert.equal(endsAt, created.body.createdAt + SECONDS * 1_000);

      const described = await request<RoomInfo>(stage, "GET", `/rooms/${roomId}`);
      assert.deepEqual([described.status, described.body.people, described.body.names], [200, 0, undefined]);

      const password = { body: { password: "optional_password" } };
      const { body: pass } = await request<RoomPass>(stage, "POST", `/rooms/${roomId}/passes`, password);
      const sockets = [await stage.socket(), await stage.socket()] as const;
      for (const [n, socket] of sockets.entries()) {
        const refused = await socket.request({ action: "join", room: roomId, name: `Guest ${n}` });
        assert.equal(refused.type === "error" && refused.code, "passRequired");
        const joined = await socket.request({ action: "join", room: roomId, name: `Guest ${n}`, pass: pass.pass });
        assert.equal(joined.type === "joined" && joined.endsAt, endsAt);
      }
      const [ada, bob] = sockets;
      ada.send({ action: "send", room: roomId, id: "hello", text: "Hello, World!" });
      assert.equal((await bob.next("message")).text, "Hello, World!");
      const headers = { "parlor-pass": pass.pass };
      const inside = await request<RoomInfo>(stage, "GET", `/rooms/${roomId}`, { headers });
      assert.deepEqual([inside.body.people, inside.body.names], [2, ["Guest 0", "Guest 1"]]);

      // Nobody is in touch with the server by more than their sockets until the room ends.
      const left = await Promise.all(
        sockets.map((socket) => socket.next("left", undefined, SECONDS * 1_000 + TOLD_WITHIN_MS)),
      );
      for (const { reason } of left) assert.equal(reason, "expired");
      assert.ok(Date.now() >= (endsAt ?? 0) - 1_000, "not before its end");
      for (const path of [`/rooms/${roomId}`, `/rooms/${roomId}/messages`]) {
        assert.equal((await request(stage, "GET", path, { headers })).status, 410, path);
      }
      assert.equal((await request(stage, "POST", `/rooms/${roomId}/passes`, password)).status, 410);
      const back = await ada.request({ action: "join", room: roomId, pass: pass.pass });
      assert.equal(back.type === "error" && back.code, "roomClosed");
    },
  ),
];
