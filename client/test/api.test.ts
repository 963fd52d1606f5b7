import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { ParlorApi } from "../src/api.ts";
import type { TokenRequest } from "../src/types.ts";

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}

/** An HTTP server that gives the `first` answers and then always the same one. Records the requests. */
async function answering(
  status: number,
  body: string,
  first: [status: number, body: string][] = [],
): Promise<{ apiUrl: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: await text(request) });
    const [as, says] = first.shift() ?? [status, body];
    response.writeHead(as).end(says);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, seen };
}

const problem = { type: "about:blank", title: "Gone", status: 410, detail: "The room is closed.", code: "roomClosed" };

test("requests carry the token, the body and the query", async () => {
  const { apiUrl, seen } = await answering(200, "{}");
  const api = new ParlorApi(apiUrl, async () => "secret");
  await api.createRoom({ name: "Tea", visibility: "public" });
  await api.rooms({ limit: 5, cursor: "a b" });
  await api.messages("r1", { before: 7 });
  await api.room("a/b");
  await api.updateRoom("r1", { name: "Coffee", topic: "" });
  await api.me();
  await api.claimHandle("@ada");
  await api.releaseHandle();
  await api.person("@ada");
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /api/rooms",
    "GET /api/rooms?limit=5&cursor=a+b",
    "GET /api/rooms/r1/messages?before=7",
    "GET /api/rooms/a%2Fb",
    "PATCH /api/rooms/r1",
    "GET /api/me",
    "PUT /api/me/handle",
    "DELETE /api/me/handle",
    "GET /api/people/%40ada",
  ]);
  expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer secret", "content-type": "application/json" });
  expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ name: "Tea", visibility: "public" });
  expect(JSON.parse(seen[4]?.body ?? "")).toEqual({ name: "Coffee", topic: "" });
  expect(JSON.parse(seen[6]?.body ?? "")).toEqual({ handle: "@ada" });
});

test.each([
  ["is repeated once with another token", "fresh", ["Bearer stale", "Bearer fresh"]],
  ["is refused if there is no other token", "stale", ["Bearer stale"]],
  ["is refused if there is none", undefined, ["Bearer stale"]],
])("a request whose token is refused %s", async (_, other, tried) => {
  const { apiUrl, seen } = await answering(401, JSON.stringify({ code: "unauthorized", detail: "Nobody." }));
  const asked: TokenRequest[] = [];
  const api = new ParlorApi(apiUrl, async (request) => {
    asked.push(request);
    return request.refused === undefined ? "stale" : other;
  });
  await expect(api.createRoom({ name: "Tea" })).rejects.toMatchObject({ code: "unauthorized" });
  expect(asked).toEqual([{}, { refused: "stale" }]);
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(tried);
});

test("public requests ask for no token", async () => {
  const { apiUrl, seen } = await answering(200, "{}");
  const api = new ParlorApi(apiUrl, () => Promise.reject(new Error("asked")));
  await Promise.all([api.createSession("Ada"), api.rooms(), api.createPass("r1", "tea"), api.person("ada")]);
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill(undefined));
});

test.each([undefined, "ada"])(
  "reading a room sends the token %s if that is what there is, and creates none",
  async (token) => {
    const { apiUrl, seen } = await answering(200, "{}");
    const api = new ParlorApi(apiUrl, async ({ isOptional }) => (isOptional ? token : (token ?? "created")));
    await api.room("r1");
    await api.messages("r1");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill(token && `Bearer ${token}`));
  },
);

test("moderating sends what to do, and refusals say until when and why", async () => {
  const { apiUrl, seen } = await answering(204, "");
  const api = new ParlorApi(apiUrl, async () => "ada");
  await api.moderate("r1", { action: "mute", userId: "ben", seconds: 600, explanation: "Too loud" });
  expect(seen).toMatchObject([{ method: "POST", url: "/api/rooms/r1/moderation" }]);
  const refusing = await answering(
    403,
    JSON.stringify({ code: "banned", detail: "Banned.", until: 7, explanation: "Spam" }),
  );
  const refused = new ParlorApi(refusing.apiUrl, async () => "ada").moderation("r1", { cursor: "c 1" });
  await expect(refused).rejects.toMatchObject({ code: "banned", until: 7, explanation: "Spam" });
  expect(refusing.seen).toMatchObject([{ method: "GET", url: "/api/rooms/r1/moderation?cursor=c+1" }]);
});

test("on a stage without guests, public requests send the token once the first one was refused", async () => {
  const { apiUrl, seen } = await answering(401, JSON.stringify({ code: "unauthorized", detail: "" }));
  const api = new ParlorApi(apiUrl, async ({ refused, isOptional }) => (refused || isOptional ? undefined : "ada"));
  await expect(api.rooms()).rejects.toMatchObject({ code: "unauthorized" });
  await expect(api.room("r")).rejects.toMatchObject({ code: "unauthorized" });
  const withToken = "Bearer ada";
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, withToken, withToken]);
});

test("a password is only in a body and a pass only in its header, never in an address", async () => {
  const { apiUrl, seen } = await answering(200, '{"pass":"p","expiresAt":1}');
  const api = new ParlorApi(apiUrl);
  await api.createRoom({ name: "Tea", password: "tea and biscuits", maxPeople: 5 });
  expect(await api.createPass("r1", "tea and biscuits")).toEqual({ pass: "p", expiresAt: 1 });
  await api.room("r1", { pass: "p" });
  await api.messages("r1", { after: 3, pass: "p" });
  await api.updateRoom("r1", { password: null, expiresInSeconds: 60 });
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /api/rooms",
    "POST /api/rooms/r1/passes",
    "GET /api/rooms/r1",
    "GET /api/rooms/r1/messages?after=3",
    "PATCH /api/rooms/r1",
  ]);
  expect(seen.map(({ headers }) => headers["parlor-pass"])).toEqual([undefined, undefined, "p", "p", undefined]);
  expect(seen.map(({ body }) => body && JSON.parse(body))).toEqual([
    { name: "Tea", password: "tea and biscuits", maxPeople: 5 },
    { password: "tea and biscuits" },
    "",
    "",
    { password: null, expiresInSeconds: 60 },
  ]);
});

test("closing a room resolves without a body", async () => {
  const { apiUrl, seen } = await answering(204, "");
  await expect(new ParlorApi(apiUrl).closeRoom("r1")).resolves.toBeUndefined();
  expect(seen[0]).toMatchObject({ method: "DELETE", url: "/api/rooms/r1" });
  expect(seen[0]?.headers.authorization).toBeUndefined();
});

test("closing a room repeats the request until the log is deleted", async () => {
  const { apiUrl, seen } = await answering(204, "", [
    [202, ""],
    [202, ""],
  ]);
  await new ParlorApi(apiUrl).closeRoom("r1");
  expect(seen.map(({ url }) => url)).toEqual(["/api/rooms/r1", "/api/rooms/r1", "/api/rooms/r1"]);
});

test("clearing a room goes on with the epoch that it started with", async () => {
  const deleting: [number, string] = [202, '{"epoch":"e 1"}'];
  const { apiUrl, seen } = await answering(204, "", [deleting, deleting]);
  await new ParlorApi(apiUrl).clearRoom("r1");
  await new ParlorApi(apiUrl).clearRoom("r1", "e2");
  expect(seen.map(({ url }) => url)).toEqual([
    "/api/rooms/r1/messages",
    "/api/rooms/r1/messages?epoch=e+1",
    "/api/rooms/r1/messages?epoch=e+1",
    "/api/rooms/r1/messages?epoch=e2",
  ]);
});

test("a deletion that does not finish rejects with `unavailable` after 30 requests", async () => {
  const { apiUrl, seen } = await answering(202, '{"epoch":"e1"}');
  await expect(new ParlorApi(apiUrl).clearRoom("r1")).rejects.toMatchObject({ code: "unavailable", retryable: true });
  expect(seen).toHaveLength(30);
});

test("a problem document becomes an error with its code and detail", async () => {
  const { apiUrl } = await answering(410, JSON.stringify(problem));
  const refused = new ParlorApi(apiUrl).room("r1");
  await expect(refused).rejects.toMatchObject({ code: "roomClosed", message: problem.detail, retryable: false });
});

test.each([
  [403, '{"message":"Forbidden"}', "forbidden", false],
  [429, "", "rateLimited", true],
  [503, "<html>", "unavailable", true],
])("a gateway's answer %i becomes an error with a code", async (status, body, code, retryable) => {
  const { apiUrl } = await answering(status, body);
  await expect(new ParlorApi(apiUrl).rooms()).rejects.toMatchObject({ code, retryable });
});

test("a request without an answer rejects with a retryable error", async () => {
  const unreachable = new ParlorApi("http://127.0.0.1:1/api").rooms();
  await expect(unreachable).rejects.toMatchObject({ code: "unavailable", retryable: true });
});
