// Rates that are exhausted from the start: of an address, whatever headers it sends, and of a connection.

import assert from "node:assert/strict";
import type { Problem } from "../../../client/src/protocol.ts";
import { httpRequest } from "../../support/http.ts";
import { until } from "../../support/until.ts";
import { forgedHeaders } from "../forged-headers.ts";
import { frames } from "../limits.ts";
import { localScenario } from "./admin.ts";

export const scenarios = [
  ...Object.entries(frames).map(([route, frame]) =>
    localScenario(
      `A connection without any rate left gets rateLimited for a ${route} frame and is closed`,
      [route],
      async (stage, admin) => {
        const { roomId: room } = await stage.room();
        const socket = await stage.socket();
        socket.send({ action: "join", room });
        await socket.next("joined");
        const connectionId = await admin.connectionId(room);
        const refill = await admin.emptyBucket(`frames#${connectionId}`);
        await admin.emptyBucket(`refusals#${connectionId}`);
        socket.sendRaw(JSON.stringify(frame(room)));
        const { retryable, retryAfterMs = 0 } = await socket.next("error", ({ code }) => code === "rateLimited");
        assert.ok(retryable && retryAfterMs > 0, `retry after ${retryAfterMs} ms`);
        await until("the connection is closed", () => socket.closeCode !== undefined);
        await refill();
      },
    ),
  ),

  localScenario(
    "A person who changes their handle too often and an address that looks up too many get rateLimited",
    ["claim-handle", "release-handle", "register", "get-person"],
    async (stage, admin) => {
      const { api, userId, token } = await stage.guest("Ada");
      const refills = [await admin.emptyBucket(`owner#${userId}`), await admin.emptyBucket("lookups#127.0.0.1")];
      try {
        const socket = await stage.socket({ protocols: ["parlor.v1", `token.${token}`] });
        const answer = await socket.request({ action: "register", handle: userId });
        assert.equal(answer.type === "error" && answer.code, "rateLimited");
        // The rate is charged before the handle is validated.
        for (const handle of [userId, "@"]) {
          await assert.rejects(api.claimHandle(handle), { code: "rateLimited" });
          await assert.rejects(stage.api.person(handle), { code: "rateLimited" });
        }
        await assert.rejects(api.releaseHandle(), { code: "rateLimited" });
      } finally {
        for (const refill of refills) await refill();
      }
      await assert.rejects(stage.api.person(userId), { code: "personNotFound" });
    },
  ),

  localScenario(
    "An address that exceeds a rate gets rateLimited, through CloudFront or past it, whatever headers it forges",
    ["create-room", "create-session", "authorize"],
    async (stage, admin) => {
      const { apiUrl, siteUrl } = stage.addresses;
      const refills = [await admin.emptyBucket("rooms#127.0.0.1"), await admin.emptyBucket("guests#127.0.0.1")];
      try {
        for (const url of [apiUrl, `${siteUrl}/api`]) {
          for (const headers of [undefined, forgedHeaders]) {
            for (const path of ["/rooms", "/sessions"]) {
              // The rate is charged before the body is validated.
              for (const body of [{ name: "Tea" }, { colour: "green" }]) {
                const response = await httpRequest(url + path, { method: "POST", ...(headers && { headers }), body });
                const { code, retryAfterMs } = JSON.parse(response.body) as Problem;
                assert.deepEqual([response.status, code], [429, "rateLimited"], `${url}${path}`);
                assert.ok(retryAfterMs !== undefined && retryAfterMs > 0);
                assert.equal(Number(response.headers["retry-after"]), Math.ceil(retryAfterMs / 1000));
              }
            }
          }
        }
        await assert.rejects(stage.socket(), /403/);
        await assert.rejects(stage.socket({ headers: forgedHeaders }), /403/);
      } finally {
        for (const refill of refills) await refill();
      }
      await stage.room();
      await stage.socket();
    },
  ),
];
