// Signing in elsewhere, over the real doors: with tokens of the identity provider that the stage trusts, and no others.

import assert from "node:assert/strict";
import { checksTokens, routes } from "../../../cdk/routes/index.ts";
import { ParlorApi } from "../../../client/src/index.ts";
import type { Problem } from "../../../client/src/protocol.ts";
import { encode, hs256 } from "../../support/jwt.ts";
import type { Scenario } from "../../support/scenario.ts";
import type { Guest, Stage } from "../../support/stage.ts";
import { until } from "../../support/until.ts";
import { ask } from "../ask.ts";
import { Provider, SigningKey } from "./provider.ts";
import { localScenario, type Scene } from "./scene.ts";

interface Given {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly provider: Provider;
  /** The provider's only key; no function has read it yet. */
  readonly key: SigningKey;
}

const ADA = { sub: "248289761001", name: "Ada" };
const BEN = { sub: "248289761002", name: "Ben" };
const readers = routes.filter(checksTokens);

/** Whom a token proves, as themselves. */
async function bearer({ addresses }: Stage, token: string): Promise<Guest> {
  const api = new ParlorApi(addresses.apiUrl, async () => token);
  return { ...(await api.me()), token, api };
}

/** Both ways in which a WebSocket takes a token. */
const ways = (token: string) => [{ protocols: ["parlor.v1", `token.${token}`] }, { query: `?token=${token}` }];

export function signInScenarios(issuer: string): readonly Scenario[] {
  const signIn = (name: string, exercised: readonly string[], steps: (given: Given) => Promise<void>) =>
    localScenario(name, exercised, async (stage, scene) => {
      const provider = new Provider(issuer);
      const key = SigningKey.ec();
      await provider.publish(key);
      await scene.renew(readers);
      await steps({ stage, scene, provider, key });
    });

  return [
    signIn(
      "Who signs in elsewhere is the same person with every token, in every tab, among guests",
      ["authorize", "connect", "join", "send", "get-me"],
      async ({ stage, provider, key }) => {
        const other = SigningKey.rsa();
        await provider.publish(key, other);
        const ada = await bearer(stage, key.sign(provider.claims(ADA)));
        assert.deepEqual(await ada.api.me(), { userId: ada.userId, name: "Ada" });
        assert.ok(!ada.userId.includes(ADA.sub), "what the provider calls somebody is nobody's business");

        const { roomId } = await stage.room();
        const guest = await stage.join(roomId, "Guest of Ada");
        const tab = stage.tab(ada);
        const room = await tab.client.join(roomId);
        assert.deepEqual(room.you, { userId: ada.userId, name: "Ada" });
        room.send("Hello");
        await until("the guest reads it", () => guest.messages.length === 1);
        assert.deepEqual(guest.messages[0]?.from, { userId: ada.userId, name: "Ada" });
        tab.cut();
        await until("the client notices", () => !room.joined);
        await until("the client is back", () => room.joined);
        assert.equal(room.you.userId, ada.userId);

        const later = other.sign(provider.claims({ ...ADA, name: "Ada King" }));
        for (const way of ways(later)) {
          const socket = await stage.socket(way);
          assert.equal(socket.protocol, way.protocols ? "parlor.v1" : "");
          socket.send({ action: "join", room: roomId });
          assert.deepEqual((await socket.next("joined")).you, { userId: ada.userId, name: "Ada King" });
        }
        assert.notEqual((await bearer(stage, key.sign(provider.claims(BEN)))).userId, ada.userId);
      },
    ),

    signIn(
      "Who signs in elsewhere owns the rooms they make, with every token, and nobody else does",
      ["create-room", "update-room", "clear-room", "close-room", "get-room", "get-me"],
      async ({ stage, provider, key }) => {
        const ada = await bearer(stage, key.sign(provider.claims(ADA)));
        const again = await bearer(stage, key.sign({ ...provider.claims(ADA), jti: "another token" }));
        const ben = await bearer(stage, key.sign(provider.claims(BEN)));
        const { roomId } = await stage.roomOf(ada);
        for (const { api } of [ben, await stage.guest("Ada")]) {
          await assert.rejects(api.updateRoom(roomId, { name: "Mine" }), { code: "forbidden" });
          await assert.rejects(api.clearRoom(roomId), { code: "forbidden" });
          await assert.rejects(api.closeRoom(roomId), { code: "forbidden" });
        }
        assert.equal((await again.api.updateRoom(roomId, { name: "Tea" })).name, "Tea");
        await again.api.clearRoom(roomId);
        await again.api.closeRoom(roomId);
        await assert.rejects(stage.api.room(roomId), { code: "roomClosed" });
      },
    ),

    signIn(
      "A token that the provider did not sign, or not for this stage and now, proves nobody",
      ["authorize", "create-room", "get-me"],
      async ({ stage, provider, key }) => {
        const rsa = SigningKey.rsa();
        await provider.publish(key, rsa);
        const claims = provider.claims(ADA);
        const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
        const hmac = (secret: string | Buffer) =>
          hs256(`${encode({ ...rsa.header, alg: "HS256" })}.${encode(claims)}`, secret);
        const [header, , signature] = rsa.sign(claims).split(".");

        for (const accepted of [claims, { ...claims, exp: ago(30) }, { ...claims, aud: ["other", claims.aud] }]) {
          await bearer(stage, rsa.sign(accepted));
          for (const way of ways(rsa.sign(accepted))) await stage.socket(way);
        }
        const refused = {
          expired: rsa.sign({ ...claims, exp: ago(90) }),
          "without an end": rsa.sign({ ...claims, exp: undefined }),
          "not valid yet": rsa.sign({ ...claims, nbf: ago(-90) }),
          "for somebody else": rsa.sign({ ...claims, aud: "other" }),
          "of another issuer": rsa.sign({ ...claims, iss: "https://login.example.org" }),
          "nearly of the issuer": rsa.sign({ ...claims, iss: `${issuer}/` }),
          "of a key that is not published": SigningKey.ec().sign(claims),
          "changed afterwards": `${header}.${encode({ ...claims, sub: BEN.sub })}.${signature}`,
          unsigned: `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`,
          "signed with the public key for a secret": hmac(rsa.public.export({ type: "spki", format: "pem" })),
          "signed with the public key's other form": hmac(rsa.public.export({ type: "spki", format: "der" })),
        };
        for (const [how, token] of Object.entries(refused)) {
          const api = new ParlorApi(stage.addresses.apiUrl, async () => token);
          await assert.rejects(api.me(), { code: "unauthorized" }, `asking whom it proves, ${how}`);
          await assert.rejects(api.createRoom({ name: "Mine" }), { code: "unauthorized" }, `making a room, ${how}`);
          for (const way of ways(token)) await assert.rejects(stage.socket(way), /403/, `connecting, ${how}`);
        }
      },
    ),

    signIn(
      "The provider's keys are read once by each function, and a new one counts in those that read them later",
      ["get-me", "authorize"],
      async ({ stage, scene, provider, key }) => {
        const made = SigningKey.ec();
        const next = SigningKey.ec();
        const old = key.sign(provider.claims(ADA));
        const { userId } = await bearer(stage, old);
        await bearer(stage, old);
        await assert.rejects(bearer(stage, made.sign(provider.claims(ADA))), { code: "unauthorized" });
        assert.equal(await provider.reads(), 1, "made-up keys do not make a function ask again at once");

        await provider.publish(key, next);
        for (const token of [old, next.sign(provider.claims(ADA))]) {
          for (const way of ways(token)) await stage.socket(way);
        }
        assert.equal(await provider.reads(), 1);
        assert.equal((await bearer(stage, old)).userId, userId);

        await provider.publish(next);
        await scene.renew(readers);
        assert.equal((await bearer(stage, next.sign(provider.claims(ADA)))).userId, userId);
        await assert.rejects(bearer(stage, old), { code: "unauthorized" }, "the old key was withdrawn");
      },
    ),

    signIn(
      "While the provider cannot be reached, a token of it is told to try again, and keys that are known count on",
      ["get-me"],
      async ({ stage, provider, key }) => {
        const token = key.sign(provider.claims(ADA));
        const me = async () => {
          const headers = { authorization: `Bearer ${token}` };
          const { status, body } = await ask(`${stage.addresses.apiUrl}/me`, { headers });
          return [status, (JSON.parse(body) as Problem).code];
        };
        await provider.publish();
        assert.deepEqual(await me(), [503, "unavailable"]);
        const guest = await stage.guest("Ben");
        assert.equal((await guest.api.me()).userId, guest.userId, "guests do not need it");

        await provider.publish(key);
        assert.deepEqual(await me(), [200, undefined]);
        await provider.publish();
        assert.deepEqual(await me(), [200, undefined]);
      },
    ),
  ];
}
