// Cells that make an HTTP request.

import type { Trigger } from "../../cdk/routes/index.ts";
import type { Problem, RoomList } from "../../client/src/protocol.ts";
import { until } from "../support/until.ts";
import { combine, flagLeaks } from "./answers.ts";
import type { Cell } from "./cell.ts";
import { withExtraFields } from "./extra-fields.ts";
import type { Params } from "./fixtures.ts";
import { forgeSignature } from "./forged-tokens.ts";
import type { Target } from "./matrix.ts";
import { retryWhile } from "./retry.ts";

type Http = Extract<Trigger, { kind: "http" }>;

const bodies: Readonly<Record<string, (params: Params) => object>> = {
  "create-session": () => ({ name: "Actor" }),
  "create-room": () => ({ name: "Changed" }),
  "update-room": () => ({ name: "Changed" }),
  "link-guest": () => ({ token: "any token" }),
  "claim-handle": ({ handle = "nobody" }) => ({ handle }),
  "create-conversation": ({ userId = "nobody" }) => ({ with: userId }),
  "update-conversation": () => ({ title: "Changed" }),
  "add-members": ({ userId = "nobody" }) => ({ members: [userId] }),
  moderate: ({ moderation = { action: "lock", on: true } }) => moderation,
  "create-hook": () => ({ name: "Build server" }),
  "post-hook": () => ({ text: "Build 7 passed" }),
  report: ({ seq, log }) => ({ epoch: log ?? "none", seq, reason: "spam" }),
  "create-pass": ({ password = "any password" }) => ({ password }),
};

export async function sendRequest(cell: Cell, { method, path }: Http): Promise<string> {
  const { route, target, params } = cell;
  if (route !== "list-rooms" && target === "forged cursor") {
    return format(cell, await send(cell, method, `${fill(path, params)}?cursor=forged`));
  }
  if (route === "list-rooms") return target in cursors ? listWithCursor(cell) : findInLobby(cell);
  const body = bodies[route]?.(params);
  const request = async (variant?: object) => format(cell, await send(cell, method, fill(path, params), variant));
  return target === "extra fields" || target === "right password, extra fields"
    ? combine(await Promise.all(withExtraFields(body ?? {}).map(request)))
    : request(body);
}

const fill = (path: string, { room, handle = "", userId = "nobody" }: Params) =>
  path
    .replace("{roomId}", room)
    .replace("{name}", "nobody")
    .replace("{hookId}", `${room}.nobody`)
    .replace("{handle}", handle)
    .replace("{userId}", userId);

const send = (cell: Cell, method: string, path: string, body?: object) =>
  retryWhile(
    ({ status }) => status === 429 || status === 503,
    `${method} ${path}`,
    () => sendOnce(cell, method, path, body),
  );

async function sendOnce({ stage, actor, params: { pass } }: Cell, method: string, path: string, body?: object) {
  const token = actor.guest?.token;
  const headers = {
    ...(body && { "content-type": "application/json" }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(pass !== undefined && { "parlor-pass": pass }),
  };
  const url = stage.addresses.apiUrl.replace(/\/api$/, path);
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  // As told: each request counts, and would keep the next one from its turn.
  if (response.status === 429)
    await new Promise((resolve) => setTimeout(resolve, (JSON.parse(text) as Problem).retryAfterMs));
  return { status: response.status, text };
}

type Answer = Awaited<ReturnType<typeof send>>;

function format({ route }: Cell, { status, text }: Answer): string {
  const isRefusal = status >= 400;
  if (isRefusal) return flagLeaks(`${status} ${(JSON.parse(text) as Problem).code}`, text, isRefusal);
  const details = route === "get-room" ? `, ${"names" in JSON.parse(text) ? "with" : "without"} names` : "";
  return flagLeaks(`${status}${details}`, text, isRefusal);
}

const listRooms = (cell: Cell, query: Record<string, string>) =>
  send(cell, "GET", `/api/rooms?${new URLSearchParams(query)}`);

async function findInLobby(cell: Cell): Promise<string> {
  let query: Record<string, string> | undefined = { limit: "50" };
  while (query) {
    const answer = await listRooms(cell, query);
    if (answer.status !== 200) return format(cell, answer);
    const { rooms, cursor } = JSON.parse(answer.text) as RoomList;
    if (rooms.some(({ roomId }) => roomId === cell.params.room)) return "200, listed";
    query = cursor === undefined ? undefined : { limit: "50", cursor };
  }
  return "200, not listed";
}

/** A lobby cursor consists of a position, a key's name and a signature. */
const cursors: Partial<Record<Target, (real: string, token: string) => string>> = {
  "forged cursor": forgeSignature,
  "changed cursor": (real) => real.replace(/^\d/, "9"),
  "token as cursor": (_, token) => token,
};

async function listWithCursor(cell: Cell): Promise<string> {
  let real: string | undefined;
  // The lobby's index is updated after the rooms.
  await until("the lobby has two pages", async () => {
    real = (await cell.stage.api.rooms({ limit: 1 })).cursor;
    return real !== undefined;
  });
  const cursor = cursors[cell.target]?.(real ?? "", cell.witness.guest.token) ?? "";
  return format(cell, await listRooms(cell, { limit: "1", cursor }));
}
