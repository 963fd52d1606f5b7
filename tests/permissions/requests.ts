// Attacks by a request.

import type { Trigger } from "../../cdk/routes/index.ts";
import type { Problem, RoomList } from "../../client/src/protocol.ts";
import { until } from "../support/until.ts";
import { alike, discreet } from "./answers.ts";
import type { Attack } from "./attack.ts";
import { claiming } from "./claims.ts";
import { final } from "./insist.ts";
import type { Target } from "./table.ts";

type Http = Extract<Trigger, { kind: "http" }>;

const bodies: Readonly<Record<string, object>> = {
  "create-session": { name: "Attacker" },
  "create-room": { name: "Attacked" },
  "update-room": { name: "Attacked" },
};

export async function byRequest(attack: Attack, { method, path }: Http): Promise<string> {
  const { route, on, aim } = attack;
  if (route === "list-rooms") return on.endsWith("room") ? seenInLobby(attack) : withCursor(attack);
  const body = bodies[route];
  const request = async (sent?: object) => word(await send(attack, method, path.replace("{roomId}", aim.room), sent));
  return on === "claims" ? alike(await Promise.all(claiming(body ?? {}).map(request))) : request(body);
}

const send = (attack: Attack, method: string, path: string, body?: object) =>
  final(
    `${method} ${path}`,
    () => sendOnce(attack, method, path, body),
    ({ status }) => status === 429 || status === 503,
  );

async function sendOnce({ stage, attacker }: Attack, method: string, path: string, body?: object) {
  const token = attacker.guest?.token;
  const headers = {
    ...(body && { "content-type": "application/json" }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const url = stage.addresses.apiUrl.replace(/\/api$/, path);
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: response.status, text: await response.text() };
}

type Answer = Awaited<ReturnType<typeof send>>;

function word({ status, text }: Answer): string {
  const refused = status >= 400;
  return discreet(refused ? `${status} ${(JSON.parse(text) as Problem).code}` : `${status}`, text, refused);
}

const page = (attack: Attack, query: Record<string, string>) =>
  send(attack, "GET", `/api/rooms?${new URLSearchParams(query)}`);

async function seenInLobby(attack: Attack): Promise<string> {
  let query: Record<string, string> | undefined = { limit: "50" };
  while (query) {
    const answer = await page(attack, query);
    if (answer.status !== 200) return word(answer);
    const { rooms, cursor } = JSON.parse(answer.text) as RoomList;
    if (rooms.some(({ roomId }) => roomId === attack.aim.room)) return "200, listed";
    query = cursor === undefined ? undefined : { limit: "50", cursor };
  }
  return "200, not listed";
}

/** A cursor as the lobby signs it is a position, the name of a key and a signature. */
const cursors: Partial<Record<Target, (real: string, token: string) => string>> = {
  "forged cursor": (real) => real.replace(/[^.]+$/, (signature) => "A".repeat(signature.length)),
  "changed cursor": (real) => real.replace(/^\d/, "9"),
  "token as cursor": (_, token) => token,
};

async function withCursor(attack: Attack): Promise<string> {
  let real: string | undefined;
  // The index of the lobby follows the rooms with a delay.
  await until("the lobby has two pages", async () => {
    real = (await attack.stage.api.rooms({ limit: 1 })).cursor;
    return real !== undefined;
  });
  const cursor = cursors[attack.on]?.(real ?? "", attack.witness.guest.token) ?? "";
  return word(await page(attack, { limit: "1", cursor }));
}
