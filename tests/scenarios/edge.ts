// Who comes through CloudFront: nobody does by saying so.

import assert from "node:assert/strict";
import type { RoomInfo } from "../../client/src/index.ts";
import { scenario } from "../support/scenario.ts";
import { ask } from "./ask.ts";

/** What somebody sends who would pass for CloudFront, and for another address. */
export const claims = {
  "x-parlor-edge": "f".repeat(64),
  "x-parlor-viewer": "192.0.2.1",
  "x-forwarded-for": "192.0.2.1",
  forwarded: "for=192.0.2.1",
};

export const scenarios = [
  scenario(
    "Whoever claims to come through CloudFront is answered like anybody else",
    ["authorize", "create-session", "create-room"],
    async (stage) => {
      const guest = await stage.guest("Ada");
      const post = async (path: string, token?: string) => {
        const headers = { ...claims, ...(token && { authorization: `Bearer ${token}` }) };
        const answer = await ask(stage.addresses.apiUrl + path, { method: "POST", headers, body: { name: "Ada" } });
        assert.equal(answer.status, 201, path);
        return JSON.parse(answer.body);
      };
      await post("/sessions");
      const { roomId } = (await post("/rooms", guest.token)) as RoomInfo;
      await guest.api.closeRoom(roomId);

      const socket = await stage.socket({ headers: claims });
      socket.send({ action: "ping" });
      await socket.next("pong");
    },
  ),
];
