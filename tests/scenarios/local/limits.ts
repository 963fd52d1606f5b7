// An address that has done too much: it is told to wait, whatever it claims to be.

import assert from "node:assert/strict";
import type { Problem } from "../../../client/src/protocol.ts";
import { ask } from "../ask.ts";
import { claims } from "../edge.ts";
import { localScenario } from "./scene.ts";

export const scenarios = [
  localScenario(
    "An address that has done too much is told to wait, through CloudFront or past it, whatever it claims",
    ["create-room", "create-session", "authorize"],
    async (stage, scene) => {
      const { apiUrl, siteUrl } = stage.addresses;
      const exhausted = [await scene.exhaust("rooms#127.0.0.1"), await scene.exhaust("guests#127.0.0.1")];
      try {
        for (const url of [apiUrl, `${siteUrl}/api`]) {
          for (const headers of [undefined, claims]) {
            for (const path of ["/rooms", "/sessions"]) {
              // It counts before anybody looks whether the body can be one.
              for (const body of [{ name: "Tea" }, { colour: "green" }]) {
                const answer = await ask(url + path, { method: "POST", ...(headers && { headers }), body });
                const { code, retryAfterMs } = JSON.parse(answer.body) as Problem;
                assert.deepEqual([answer.status, code], [429, "rateLimited"], `${url}${path}`);
                assert.ok(retryAfterMs !== undefined && retryAfterMs > 0);
                assert.equal(Number(answer.headers["retry-after"]), Math.ceil(retryAfterMs / 1000));
              }
            }
          }
        }
        await assert.rejects(stage.socket(), /403/);
        await assert.rejects(stage.socket({ headers: claims }), /403/);
      } finally {
        for (const refill of exhausted) await refill();
      }
      await stage.room();
      await stage.socket();
    },
  ),
];
