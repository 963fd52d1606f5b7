// Headers that only CloudFront may set have no effect when a client sends them.

import assert from "node:assert/strict";
import type { RoomInfo } from "../../client/src/index.ts";
import { httpRequest } from "../support/http.ts";
import { scenario } from "../support/scenario.ts";

/** Headers of a client that poses as CloudFront and claims another address. */
export const forgedHeaders = {
  "x-parlor-edge": "f".repeat(64),
  "x-parlor-viewer": "192.0.2.1",
  "x-forwarded-for": "192.0.2.1",
  forwarded: "for=192.0.2.1",
};

export const scenarios = [
  scenario(
    "Forged CloudFront headers change nothing",
    ["authorize", "create-session", "create-room", "create-pass"],
    async (stage) => {
      const guest = await stage.guest("Ada");
      const password = "earl grey";
      const post = async (path: string, body: object, token?: string) => {
        const headers = { ...forgedHeaders, ...(token && { authorization: `Bearer ${token}` }) };
        const url = stage.addresses.apiUrl + path;
        const response = await httpRequest(url, { method: "POST", headers, body });
        assert.equal(response.status, 201, path);
        return JSON.parse(response.body);
      };
      await post("/sessions", { name: "Ada" });
      const { roomId } = (await post("/rooms", { name: "Ada", password }, guest.token)) as RoomInfo;
      await post(`/rooms/${roomId}/passes`, { password });
      await guest.api.closeRoom(roomId);

      const socket = await stage.socket({ headers: forgedHeaders });
      socket.send({ action: "ping" });
      await socket.next("pong");
    },
  ),
];
