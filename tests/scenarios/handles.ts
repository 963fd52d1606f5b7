// Handles: one person of the stage has each, for as long as it lasts, and others find them by it.

import assert from "node:assert/strict";
import { type Me, newId, type Profile } from "../../client/src/index.ts";
import { httpRequest } from "../support/http.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import type { Guest, Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

/** A handle that nobody has. */
const free = () => `ada.${newId().slice(0, 16)}`;

/** The answer to a registration: the handle, or the code of its refusal. */
async function register(socket: RawSocket, handle: string): Promise<string> {
  const answer = await socket.request({ action: "register", handle });
  if (answer.type === "error") return answer.code;
  return answer.type === "registered" ? answer.handle : answer.type;
}

/** Runs steps with a guest, who releases their handle at the end: it would last 30 days. */
async function withGuest<Result>(stage: Stage, name: string, steps: (guest: Guest) => Promise<Result>) {
  const guest = await stage.guest(name);
  try {
    return await steps(guest);
  } finally {
    await guest.api.releaseHandle();
  }
}

export const scenarios = [
  scenario(
    "A person claims a handle, changes it and releases it, and others find them by it",
    ["claim-handle", "release-handle", "get-person", "get-me", "register"],
    (stage) =>
      withGuest(stage, "Ada", async (ada) => {
        const [first, second] = [free(), free()];
        const profile = { userId: ada.userId, name: "Ada", handle: first };
        assert.deepEqual(await ada.api.claimHandle(`@${first}`), profile);
        assert.deepEqual(await ada.api.claimHandle(first), profile, "claiming it again changes nothing");
        assert.deepEqual(await ada.api.me(), profile);
        for (const given of [first, `@${first}`, first.toUpperCase()])
          assert.deepEqual(await stage.api.person(given), profile, given);

        const tab = stage.tab(ada);
        tab.client.connect();
        await until("the client is connected", () => tab.client.state === "open");
        assert.deepEqual(await tab.client.register(second), { ...profile, handle: second });
        await assert.rejects(stage.api.person(first), { code: "personNotFound" });
        assert.equal((await stage.api.person(second)).userId, ada.userId);

        tab.client.close();
        assert.equal((await stage.api.person(second)).userId, ada.userId, "it outlasts the connection");
        for (let n = 0; n < 2; n++) await ada.api.releaseHandle();
        await assert.rejects(stage.api.person(second), { code: "personNotFound" });
        assert.deepEqual(await ada.api.me(), { userId: ada.userId, name: "Ada" } satisfies Me);
      }),
  ),

  scenario(
    "A handle that looks like somebody else's is taken, until they release it",
    ["register", "claim-handle", "release-handle"],
    (stage) =>
      withGuest(stage, "Ada", async (ada) => {
        const suffix = newId().slice(0, 16);
        await ada.api.claimHandle(`alice-${suffix}`);
        const socket = await stage.socket();
        const alike = ["alice", "ALICE", "AIice", "al1ce", "аlice"].map((name) => `${name}-${suffix}`);
        for (const handle of alike) assert.equal(await register(socket, handle), "handleTaken", handle);
        await withGuest(stage, "Ben", async ({ api }) => {
          for (const handle of alike) await assert.rejects(api.claimHandle(handle), { code: "handleTaken" }, handle);
          await api.releaseHandle();
          assert.equal((await stage.api.person(`alice-${suffix}`)).userId, ada.userId, "only its person releases it");
        });
        await ada.api.releaseHandle();
        assert.equal(await register(socket, `AIice-${suffix}`), `AIice-${suffix}`);
      }),
  ),

  scenario(
    "Of people who claim one handle at the same time exactly one gets it",
    ["register", "claim-handle", "get-person"],
    (stage) =>
      withGuest(stage, "Ada", (ada) =>
        withGuest(stage, "Ben", async (ben) => {
          for (let round = 0; round < 3; round++) {
            const handle = free();
            const claims = [ada, ben].map(({ api, userId }) =>
              api.claimHandle(handle).then(
                () => userId,
                ({ code }) => code as string,
              ),
            );
            const raw = await stage.socket();
            const answers = [...(await Promise.all(claims)), await register(raw, handle)];
            const refused = answers.filter((answer) => answer === "handleTaken");
            assert.equal(refused.length, 2, answers.join(", "));
            assert.ok(answers.includes((await stage.api.person(handle)).userId), answers.join(", "));
          }
        }),
      ),
  ),

  scenario(
    "The handle of a guest without a token is free once their connection has closed",
    ["register", "disconnect", "get-person"],
    async (stage) => {
      const [former, handle] = [free(), free()];
      const [ada, ben] = [await stage.socket(), await stage.socket()];
      for (const claimed of [former, handle]) assert.equal(await register(ada, claimed), claimed);
      assert.equal(await register(ben, former), former, "changing a handle frees the former one");
      assert.equal(await register(ben, handle), "handleTaken");
      ada.close();
      await until("it is free", async () => (await register(ben, handle)) === handle);
    },
  ),

  scenario("A handle in any script is found through the page's address too", ["get-person", "claim-handle"], (stage) =>
    withGuest(stage, "Владимир", async ({ api, userId }) => {
      const handle = `Владимир_${newId().slice(0, 16)}`;
      await api.claimHandle(handle);
      for (const base of [stage.addresses.apiUrl, `${stage.addresses.siteUrl}/api`]) {
        for (const at of ["@", "%40", ""]) {
          const { status, body } = await httpRequest(`${base}/people/${at}${encodeURIComponent(handle)}`);
          assert.deepEqual([status, (JSON.parse(body) as Profile).userId], [200, userId], `${base}, ${at}`);
        }
      }
    }),
  ),

  scenario(
    "Text that is no handle is refused when claimed, and found nowhere",
    ["register", "claim-handle", "get-person"],
    async (stage) => {
      const { api } = await stage.guest("Ada");
      const socket = await stage.socket();
      const wrong = ["", "@", "a", "x".repeat(33), "ada lovelace", "@@ada", ".ada", "ada-", "a..b", "ada/x", "ada%20b"];
      const hidden = ["a\u200bda", "a\u202eda", "a\u0000da", "👩‍💻👩‍💻", "Admin", "b0t"];
      for (const handle of [...wrong, ...hidden]) {
        assert.equal(await register(socket, handle), "invalidField", JSON.stringify(handle));
        await assert.rejects(api.claimHandle(handle), { code: "invalidField" }, JSON.stringify(handle));
      }
      for (const handle of [undefined, null, 7, ["ada"]] as unknown[] as string[])
        await assert.rejects(api.claimHandle(handle), { code: "invalidField" }, JSON.stringify(handle));
      for (const path of ["@", "a", "ada%20lovelace", "%FF", "a%00b", free()]) {
        const { status, body } = await httpRequest(`${stage.addresses.apiUrl}/people/${path}`);
        assert.deepEqual([status, JSON.parse(body).code], [404, "personNotFound"], path);
      }
      await assert.rejects(stage.api.claimHandle(free()), { code: "unauthorized" });
      await assert.rejects(stage.api.releaseHandle(), { code: "unauthorized" });
    },
  ),
];
