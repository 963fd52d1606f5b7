// Signing in with an identity provider: WebSocket and HTTP accept its tokens, and no others.

import assert from "node:assert/strict";
import { newId, ParlorApi } from "../../../client/src/index.ts";
import type { Problem } from "../../../client/src/protocol.ts";
import { httpRequest } from "../../support/http.ts";
import { encode, hs256 } from "../../support/jwt.ts";
import type { Scenario } from "../../support/scenario.ts";
import { until } from "../../support/until.ts";
import { SigningKey } from "./identity-provider.ts";
import { personOf, signIn, tokenRoutes } from "./sign-in-fixtures.ts";

const ADA = { sub: "248289761001", name: "Ada" };
const BEN = { sub: "248289761002", name: "Ben" };

/** The two ways to pass a token when connecting. */
const tokenOptions = (token: string) => [{ protocols: ["parlor.v1", `token.${token}`] }, { query: `?token=${token}` }];

export const scenarios: readonly Scenario[] = [
  signIn(
    "A signed-in person is the same with every token and in every tab, next to guests",
    ["authorize", "connect", "join", "send", "get-me"],
    async ({ stage, provider, key }) => {
      const other = SigningKey.rsa();
      await provider.publish(key, other);
      const ada = await personOf(stage, key.sign(provider.claims(ADA)));
      assert.deepEqual(await ada.api.me(), { userId: ada.userId, name: "Ada" });
      assert.ok(!ada.userId.includes(ADA.sub), "the provider's subject is not revealed");

      const { roomId } = await stage.room();
      const guest = await stage.join(roomId, "Guest of Ada");
      const tab = stage.tab(ada);
      const room = await tab.client.join(roomId);
      assert.deepEqual(room.you, { userId: ada.userId, name: "Ada" });
      room.send("Hello");
      await until("the guest receives it", () => guest.messages.length === 1);
      assert.deepEqual(guest.messages[0]?.from, { userId: ada.userId, name: "Ada" });
      tab.dropConnection();
      await until("the client notices that the connection is lost", () => !room.joined);
      await until("the client has reconnected", () => room.joined);
      assert.equal(room.you.userId, ada.userId);

      const laterToken = other.sign(provider.claims({ ...ADA, name: "Ada King" }));
      for (const options of tokenOptions(laterToken)) {
        const socket = await stage.socket(options);
        assert.equal(socket.protocol, options.protocols ? "parlor.v1" : "");
        socket.send({ action: "join", room: roomId });
        assert.deepEqual((await socket.next("joined")).you, { userId: ada.userId, name: "Ada King" });
      }
      assert.notEqual((await personOf(stage, key.sign(provider.claims(BEN)))).userId, ada.userId);
    },
  ),

  signIn(
    "A signed-in person has a handle for good, with every token",
    ["claim-handle", "release-handle", "register", "get-me"],
    async ({ stage, admin, provider, key }) => {
      const ada = await personOf(stage, key.sign(provider.claims(ADA)));
      const adaLater = await personOf(stage, key.sign({ ...provider.claims(ADA), jti: "another token" }));
      const [first, second] = [newId().slice(0, 16), newId().slice(0, 16)];
      await ada.api.claimHandle(first);
      assert.equal((await adaLater.api.me()).handle, first);
      const socket = await stage.socket({ protocols: ["parlor.v1", `token.${ada.token}`] });
      assert.equal((await socket.request({ action: "register", handle: second })).type, "registered");
      const rows = await admin.rowsOf(second);
      assert.deepEqual(
        rows.map(({ table, row }) => [table, "ttl" in row]),
        [
          ["People", false],
          ["People", false],
        ],
      );
      await adaLater.api.releaseHandle();
      assert.equal((await ada.api.me()).handle, undefined);
    },
  ),

  signIn(
    "A signed-in person owns the rooms they create, with every token, and nobody else does",
    ["create-room", "update-room", "clear-room", "close-room", "get-room", "get-me"],
    async ({ stage, provider, key }) => {
      const ada = await personOf(stage, key.sign(provider.claims(ADA)));
      const adaLater = await personOf(stage, key.sign({ ...provider.claims(ADA), jti: "another token" }));
      const ben = await personOf(stage, key.sign(provider.claims(BEN)));
      const { roomId } = await stage.roomOf(ada);
      for (const { api } of [ben, await stage.guest("Ada")]) {
        await assert.rejects(api.updateRoom(roomId, { name: "Mine" }), { code: "forbidden" });
        await assert.rejects(api.clearRoom(roomId), { code: "forbidden" });
        await assert.rejects(api.closeRoom(roomId), { code: "forbidden" });
      }
      assert.equal((await adaLater.api.updateRoom(roomId, { name: "Tea" })).name, "Tea");
      await adaLater.api.clearRoom(roomId);
      await adaLater.api.closeRoom(roomId);
      await assert.rejects(stage.api.room(roomId), { code: "roomClosed" });
    },
  ),

  signIn(
    "A token that the provider did not sign, or not for this stage, or that is not valid now, is refused",
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
        await personOf(stage, rsa.sign(accepted));
        for (const options of tokenOptions(rsa.sign(accepted))) await stage.socket(options);
      }
      const refused = {
        expired: rsa.sign({ ...claims, exp: ago(90) }),
        "without an expiry": rsa.sign({ ...claims, exp: undefined }),
        "not valid yet": rsa.sign({ ...claims, nbf: ago(-90) }),
        "for another audience": rsa.sign({ ...claims, aud: "other" }),
        "from another issuer": rsa.sign({ ...claims, iss: "https://login.example.org" }),
        "from an issuer with a trailing slash": rsa.sign({ ...claims, iss: `${provider.issuer}/` }),
        "signed with an unpublished key": SigningKey.ec().sign(claims),
        "modified after signing": `${header}.${encode({ ...claims, sub: BEN.sub })}.${signature}`,
        unsigned: `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`,
        "signed with HS256 and the public key as PEM": hmac(rsa.public.export({ type: "spki", format: "pem" })),
        "signed with HS256 and the public key as DER": hmac(rsa.public.export({ type: "spki", format: "der" })),
      };
      for (const [how, token] of Object.entries(refused)) {
        const api = new ParlorApi(stage.addresses.apiUrl, async () => token);
        await assert.rejects(api.me(), { code: "unauthorized" }, `GET /me, ${how}`);
        await assert.rejects(api.createRoom({ name: "Mine" }), { code: "unauthorized" }, `creating a room, ${how}`);
        for (const options of tokenOptions(token))
          await assert.rejects(stage.socket(options), /403/, `connecting, ${how}`);
      }
    },
  ),

  signIn(
    "Each function reads the provider's keys once, and uses new keys when it reads them later",
    ["get-me", "authorize"],
    async ({ stage, admin, provider, key }) => {
      const unpublished = SigningKey.ec();
      const next = SigningKey.ec();
      const old = key.sign(provider.claims(ADA));
      const { userId } = await personOf(stage, old);
      await personOf(stage, old);
      await assert.rejects(personOf(stage, unpublished.sign(provider.claims(ADA))), { code: "unauthorized" });
      assert.equal(await provider.reads(), 1, "unknown keys do not make a function read the keys again at once");

      await provider.publish(key, next);
      for (const token of [old, next.sign(provider.claims(ADA))]) {
        for (const options of tokenOptions(token)) await stage.socket(options);
      }
      assert.equal(await provider.reads(), 1);
      assert.equal((await personOf(stage, old)).userId, userId);

      await provider.publish(next);
      await admin.restartFunctions(tokenRoutes);
      assert.equal((await personOf(stage, next.sign(provider.claims(ADA)))).userId, userId);
      await assert.rejects(personOf(stage, old), { code: "unauthorized" }, "the old key was withdrawn");
    },
  ),

  signIn(
    "While the provider is unreachable, its tokens get a retryable error, unless their key is already known",
    ["get-me"],
    async ({ stage, provider, key }) => {
      const token = key.sign(provider.claims(ADA));
      const me = async () => {
        const headers = { authorization: `Bearer ${token}` };
        const { status, body } = await httpRequest(`${stage.addresses.apiUrl}/me`, { headers });
        return [status, (JSON.parse(body) as Problem).code];
      };
      await provider.publish();
      assert.deepEqual(await me(), [503, "unavailable"]);
      const guest = await stage.guest("Ben");
      assert.equal((await guest.api.me()).userId, guest.userId, "guests do not need the provider");

      await provider.publish(key);
      assert.deepEqual(await me(), [200, undefined]);
      await provider.publish();
      assert.deepEqual(await me(), [200, undefined]);
    },
  ),
];
