// A stage with conversations: the test server, and an HTTP API that describes what is in it.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ParlorClient } from "../src/client.ts";
import { Conversations } from "../src/conversations.ts";
import type { Conversation, Person } from "../src/protocol.ts";
import type { TestServer } from "./server.ts";
import { connect, startServer, until } from "./support.ts";

export const ada: Person = { userId: "ada", name: "Ada" };
export const bob: Person = { userId: "bob", name: "Bob" };

export interface ConversationTab {
  readonly client: ParlorClient;
  readonly conversations: Conversations;
}

export class ConversationStage {
  /** Paths of the requests, in order. */
  readonly requests: string[] = [];
  /** Called with each answer before it is sent. It was read before. */
  answering: (path: string) => Promise<void> | void = () => {};
  /** Conversations on one page. */
  pageSize = 50;
  isDown = false;

  private constructor(
    readonly server: TestServer,
    readonly apiUrl: string,
  ) {}

  static async start(): Promise<ConversationStage> {
    const server = await startServer();
    const api = createServer(async (request, response) => {
      const path = (request.url ?? "").replace("/api", "");
      stage.requests.push(path);
      if (stage.isDown) return void request.socket.destroy();
      const userId = request.headers.authorization?.slice("Bearer ".length).split(".")[0] ?? "";
      const body = stage.#answer(userId, new URL(path, "http://stage"));
      await stage.answering(path);
      const problem = { status: 404, code: "roomNotFound", detail: "no such room" };
      response.writeHead(body ? 200 : 404).end(JSON.stringify(body ?? problem));
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void api.close());
    await once(api, "listening");
    const stage = new ConversationStage(server, `http://127.0.0.1:${(api.address() as AddressInfo).port}/api`);
    return stage;
  }

  /** Ada and Bob are members. Rooms have the given names. */
  group(...rooms: string[]): void {
    for (const room of rooms) this.server.members.set(room, new Set(["ada", "bob"]));
  }

  /** Opens a client of Ada that follows her conversations, and waits for the list. */
  async tab(): Promise<ConversationTab> {
    const client = connect(this.server, { apiUrl: this.apiUrl, token: "ada.1" }, { readMs: 1 });
    const conversations = new Conversations(client);
    client.connect();
    await until(() => conversations.isLoaded);
    return { client, conversations };
  }

  #answer(me: string, { pathname, searchParams }: URL): object | undefined {
    const rooms = [...this.server.members].filter(([, members]) => members.has(me)).map(([room]) => room);
    const [, , room] = pathname.split("/");
    if (room !== undefined) return rooms.includes(room) ? this.#describe(me, room) : undefined;
    const listed = rooms.filter((id) => this.server.room(id).seq > 0).map((id) => this.#describe(me, id));
    listed.sort((a, b) => b.activeAt - a.activeAt || a.room.localeCompare(b.room));
    const found = searchParams.get("unread") ? listed.filter(({ unread }) => unread > 0) : listed;
    const from = Number(searchParams.get("cursor") ?? 0);
    const to = from + this.pageSize;
    return { conversations: found.slice(from, to), ...(to < found.length && { cursor: String(to) }) };
  }

  #describe(me: string, room: string): Conversation {
    const { epoch, seq, name, messages } = this.server.room(room);
    const read = this.server.read.get(`${room} ${me}`) ?? 0;
    const all = [...messages.values()];
    const latest = all.at(-1);
    const unread = all.filter(
      (message) => message.from.userId !== me && message.seq > read && message.deletedAt === undefined,
    );
    const people = [...(this.server.members.get(room) ?? [])].sort((a, b) => Number(b === me) - Number(a === me));
    return {
      room,
      kind: "group",
      title: name,
      createdAt: 0,
      activeAt: latest?.at ?? 0,
      epoch,
      seq,
      first: 1,
      history: "joined",
      read,
      unread: unread.length,
      mentions: unread.filter(({ mentions = [], mentionsRoom = false }) => mentionsRoom || mentions.includes(me))
        .length,
      ...(latest && { latest: { seq: latest.seq, from: latest.from, at: latest.at, text: latest.text } }),
      members: people.map((userId) => ({ userId, name: userId, role: userId === "ada" ? "owner" : "member" })),
    };
  }
}

/** What a client shows: title, latest text and unread messages of each conversation, by room. */
export function shown({ conversations }: ConversationTab): string[] {
  return [...conversations.list]
    .sort((one, other) => one.room.localeCompare(other.room))
    .map(({ room, latest, unread }) => `${room} ${latest?.text ?? "–"} ${unread}`);
}
