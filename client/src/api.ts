// The HTTP API: sessions, rooms, conversations and pages of the log.

import { ParlorError } from "./errors.ts";
import type {
  BlockList,
  Clearing,
  Conversation,
  ConversationList,
  ConversationUpdate,
  Erasing,
  ErrorCode,
  Export,
  HeldList,
  Hook,
  LogPage,
  Me,
  Moderation,
  ModerationState,
  NewConversation,
  NewReport,
  NewRoom,
  Problem,
  Profile,
  ReportList,
  RoomInfo,
  RoomList,
  RoomPass,
  RoomUpdate,
  Session,
} from "./protocol.ts";
import { timing } from "./timing.ts";
import type { GetToken } from "./types.ts";

/** Status of a deletion that is not finished: the same request goes on with it. */
const DELETING = 202;
/** Most requests for one deletion. Each takes about 10 seconds. */
const MAX_DELETE_REQUESTS = 30;

/** What a request carries besides its address and token. */
interface Content {
  readonly body?: object;
  readonly pass?: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Every method rejects with a ParlorError that has the server's code, or with `unavailable` if there is no answer. Nothing is
 * retried except an unfinished deletion, and a request whose token is refused, once, with another token.
 */
export class ParlorApi {
  readonly #url: string;
  readonly #getToken: GetToken;
  /** Whether the stage has refused a request because it had no token. */
  #needsToken = false;

  /** `apiUrl` ends in `/api`, without a trailing slash. The person of the token owns the rooms that are created. */
  constructor(apiUrl: string, getToken: GetToken = async () => undefined) {
    this.#url = apiUrl;
    this.#getToken = getToken;
  }

  /**
   * Creates a guest or, with the token of one, gives them a name and another token. A token is valid for 30 days. The name has
   * 1–32 characters.
   */
  async createSession(name: string, token?: string): Promise<Session> {
    return JSON.parse((await this.#call("POST", "/sessions", { body: { name } }, token)).text);
  }

  /** Returns the person whom the token proves. Rejects with `unauthorized` if it proves nobody. */
  me(): Promise<Me> {
    return this.#requestAsPerson("GET", "/me");
  }

  /** Returns a page of everything that is stored about the person; all but messages is on the first page. */
  exportMe(page: { cursor?: string } = {}): Promise<Export> {
    return this.#requestAsPerson("GET", `/me/export${query(page)}`);
  }

  /**
   * Deletes the person's name, handle, memberships and read markers, and with `messages` their messages. Rejects with
   * `unavailable` if something is left after 30 requests: call it again.
   */
  async eraseMe({ messages = false }: { messages?: boolean } = {}): Promise<void> {
    let cursor: string | undefined;
    await this.#delete(async () => {
      const { status, text } = await this.#callAsPerson("DELETE", `/me${query({ messages, cursor })}`);
      if (status === DELETING) cursor = (JSON.parse(text) as Erasing).cursor;
      return status;
    });
  }

  /**
   * Makes an account, which signed in with the identity provider, continue as a guest, with everything that they have. Call it
   * before any other request of a new account. Rejects with `alreadyLinked` if the account is another person already or another
   * account continues as this guest, and with `forbidden` for a guest's token.
   */
  linkGuest(guestToken: string): Promise<Me> {
    return this.#requestAsPerson("PUT", "/me/guest", { body: { token: guestToken } });
  }

  /**
   * Claims a handle for the person, with or without a leading `@`, instead of the one that they have, or renews it. It has 2–32
   * characters. Rejects with `handleTaken` or `invalidField`.
   */
  claimHandle(handle: string): Promise<Profile> {
    return this.#requestAsPerson("PUT", "/me/handle", { body: { handle } });
  }

  /** Releases the person's handle, if they have one. */
  async releaseHandle(): Promise<void> {
    await this.#callAsPerson("DELETE", "/me/handle");
  }

  /** Returns the person who has a handle, given with or without a leading `@`. Rejects with `personNotFound`. */
  person(handle: string): Promise<Profile> {
    return this.#request("GET", `/people/${encodeURIComponent(handle)}`);
  }

  /**
   * Creates a room that is open until nobody has written for 24 hours or, with `expiresInSeconds`, until that many seconds from
   * now. The name has 1–80 characters, the topic at most 200; `visibility` is `unlisted` by default; `expiresInSeconds` is 60 to
   * 2,592,000, `maxPeople` 2 to 1,000, `endsWithoutOwnerAfterSeconds` 30 to 86,400; the password has 8–128 characters. Rejects
   * with `tooManyRooms` if the person owns 50 open rooms.
   */
  createRoom(room: NewRoom): Promise<RoomInfo> {
    return this.#requestAsPerson("POST", "/rooms", { body: room });
  }

  /** Returns a page of the lobby: open public rooms, most recently active first. `limit` is 1–50, by default 20. */
  rooms(page: { cursor?: string; limit?: number } = {}): Promise<RoomList> {
    return this.#requestPublic("GET", `/rooms${query(page)}`);
  }

  /**
   * Without the pass of a room with a password, `names` is absent; without a token, `may`. Rejects with `roomNotFound`,
   * `roomClosed` or `banned`.
   */
  room(roomId: string, { pass }: { pass?: string } = {}): Promise<RoomInfo> {
    return this.#read(`/rooms/${encodeURIComponent(roomId)}`, { pass });
  }

  /**
   * Exchanges a room's password for a pass, to join and to read the room. Rejects with `wrongPassword`, `rateLimited`,
   * `roomNotFound` or `roomClosed`.
   */
  createPass(roomId: string, password: string): Promise<RoomPass> {
    return this.#requestPublic("POST", `/rooms/${encodeURIComponent(roomId)}/passes`, { body: { password } });
  }

  /**
   * Returns a page of the log: the events before or after a number, or the newest ones. `limit` is 1–100 numbers, by default
   * 50. Rejects with `passRequired` if the room has a password and the pass is missing or no longer valid, and with `banned`.
   */
  messages(
    roomId: string,
    { pass, ...page }: { before?: number; after?: number; limit?: number; pass?: string } = {},
  ): Promise<LogPage> {
    return this.#read(`/rooms/${encodeURIComponent(roomId)}/messages${query(page)}`, { pass });
  }

  /**
   * Changes a room's name, topic or rules, within the limits of `createRoom`; `null` removes one. A new password invalidates
   * every pass. Rejects with `forbidden` unless the person owns the room.
   */
  updateRoom(roomId: string, update: RoomUpdate): Promise<RoomInfo> {
    return this.#requestAsPerson("PATCH", `/rooms/${encodeURIComponent(roomId)}`, { body: update });
  }

  /**
   * Lets a bot of the stage answer in a room when it is mentioned, or removes it. Idempotent. Rejects with `forbidden` unless
   * the person owns the room, and with `personNotFound` if the stage has no bot of this name to allow.
   */
  setBot(roomId: string, name: string, isAllowed: boolean): Promise<RoomInfo> {
    const path = `/rooms/${encodeURIComponent(roomId)}/bots/${encodeURIComponent(name)}`;
    return this.#requestAsPerson(isAllowed ? "PUT" : "DELETE", path);
  }

  /**
   * Makes a webhook, with which a program outside writes in a room under this name. With `url`, an address that begins with
   * `https://`, the program is also told what people write there. Nobody is told its secrets again; `setBot` removes it.
   * Rejects with `forbidden` unless the person owns the room, and with `invalidField` if another bot in the room has a name
   * that looks like this one, the address is not one of the Internet, or the room has 10 webhooks, or 3 with an address.
   */
  createHook(roomId: string, name: string, url?: string): Promise<Hook> {
    return this.#requestAsPerson("POST", `/rooms/${encodeURIComponent(roomId)}/hooks`, { body: { name, url } });
  }

  /**
   * Deletes a room's log; a new one starts under another epoch. With `epoch`, deletes only the log of that epoch, so that a
   * retry after a failure deletes nothing newer. Rejects with `forbidden` unless the person owns the room, and with
   * `unavailable` if part of the log is left after 30 requests: call it again.
   */
  async clearRoom(roomId: string, epoch?: string): Promise<void> {
    let cleared = epoch;
    await this.#delete(async () => {
      const path = `/rooms/${encodeURIComponent(roomId)}/messages${query({ epoch: cleared })}`;
      const { status, text } = await this.#callAsPerson("DELETE", path);
      if (status === DELETING) cleared = (JSON.parse(text) as Clearing).epoch;
      return status;
    });
  }

  /**
   * Closes a room and deletes its log. Idempotent: finishes an interrupted close, and resolves if the room is over already.
   * Rejects like `clearRoom`.
   */
  async closeRoom(roomId: string): Promise<void> {
    const path = `/rooms/${encodeURIComponent(roomId)}`;
    try {
      await this.#delete(async () => (await this.#callAsPerson("DELETE", path)).status);
    } catch (error) {
      if (!(error instanceof ParlorError && error.code === "roomClosed")) throw error;
    }
  }

  /**
   * Does what a moderator may do in a room: `Room.may` says what. Rejects with `forbidden` if it is not allowed, or not to this
   * person, and with `personNotFound` if the room does not know them and the request has no `name`.
   */
  async moderate(roomId: string, moderation: Moderation): Promise<void> {
    await this.#callAsPerson("POST", `/rooms/${encodeURIComponent(roomId)}/moderation`, { body: moderation });
  }

  /**
   * Returns who moderates a room, who is banned or muted, and a page of what was done, newest first. Rejects with `forbidden`
   * for anyone but moderators.
   */
  moderation(roomId: string, page: { cursor?: string } = {}): Promise<ModerationState> {
    return this.#requestAsPerson("GET", `/rooms/${encodeURIComponent(roomId)}/moderation${query(page)}`);
  }

  /**
   * Reports a message to the room's moderators; a second report of it does nothing. `pass` is for rooms with a password.
   * Rejects with `forbidden` if it is your own or the room has no owner, with `messageNotFound`, `messageDeleted`, and with
   * `tooManyReports` if 500 messages of the room have open reports.
   */
  async report(roomId: string, body: NewReport, pass?: string): Promise<void> {
    await this.#callAsPerson("POST", `/rooms/${encodeURIComponent(roomId)}/reports`, { body, pass });
  }

  /**
   * Returns a page of a room's open reports, those of the newest messages first. `moderate` resolves them. Rejects with
   * `forbidden` for anyone but moderators.
   */
  reports(roomId: string, page: { cursor?: string } = {}): Promise<ReportList> {
    return this.#requestAsPerson("GET", `/rooms/${encodeURIComponent(roomId)}/reports${query(page)}`);
  }

  /**
   * Returns a page of a room's messages that wait for a moderator. `moderate` approves or rejects them. Rejects with
   * `forbidden` for anyone but moderators.
   */
  held(roomId: string, page: { cursor?: string } = {}): Promise<HeldList> {
    return this.#requestAsPerson("GET", `/rooms/${encodeURIComponent(roomId)}/held${query(page)}`);
  }

  /**
   * Finds or creates the direct conversation `with` a person, or creates a group with a `title` and at least one of its
   * `members`, besides you at most 99. People are named by `@` and their handle, or by their user id. Rejects with
   * `personNotFound`, `tooManyMembers`, or `invalidField` if the person is you.
   */
  createConversation(conversation: NewConversation): Promise<Conversation> {
    return this.#requestAsPerson("POST", "/conversations", { body: conversation });
  }

  /**
   * Returns a page of your conversations, most recently active first; with `unread`, only those with unread messages. `limit`
   * is 1–50, by default 20. Direct conversations in which nothing was sent are not listed.
   */
  conversations(page: { cursor?: string; limit?: number; unread?: boolean } = {}): Promise<ConversationList> {
    return this.#requestAsPerson("GET", `/conversations${query(page)}`);
  }

  /** Rejects with `roomNotFound` unless you are a member. So do the other requests about a conversation. */
  conversation(roomId: string): Promise<Conversation> {
    return this.#requestAsPerson("GET", conversationPath(roomId));
  }

  /** Changes the title of a group. Rejects with `forbidden` in a direct conversation. */
  updateConversation(roomId: string, update: ConversationUpdate): Promise<Conversation> {
    return this.#requestAsPerson("PATCH", conversationPath(roomId), { body: update });
  }

  /** Like `messages`, of a conversation. Begins with the first number that you may read. */
  conversationMessages(
    roomId: string,
    page: { before?: number; after?: number; limit?: number } = {},
  ): Promise<LogPage> {
    return this.#requestAsPerson("GET", `${conversationPath(roomId)}/messages${query(page)}`);
  }

  /** Adds people to a group. Idempotent. Rejects with `personNotFound`, `tooManyMembers`, or `forbidden` in a direct conversation. */
  addMembers(roomId: string, members: readonly string[]): Promise<Conversation> {
    return this.#requestAsPerson("POST", `${conversationPath(roomId)}/members`, { body: { members } });
  }

  /**
   * Removes a member from a group: the owner anyone, everyone themselves. Idempotent. Rejects with `forbidden`. Nobody can
   * leave a direct conversation.
   */
  async removeMember(roomId: string, userId: string): Promise<void> {
    await this.#callAsPerson("DELETE", `${conversationPath(roomId)}/members/${encodeURIComponent(userId)}`);
  }

  /** Returns the user ids of the people whom you block. */
  async blocks(): Promise<readonly string[]> {
    return (await this.#requestAsPerson<BlockList>("GET", "/me/blocks")).userIds;
  }

  /** Refuses a person's direct messages from now on. Idempotent. Rejects with `personNotFound`. */
  async block(userId: string): Promise<void> {
    await this.#callAsPerson("PUT", `/me/blocks/${encodeURIComponent(userId)}`);
  }

  /** Accepts a person's direct messages again. Idempotent. */
  async unblock(userId: string): Promise<void> {
    await this.#callAsPerson("DELETE", `/me/blocks/${encodeURIComponent(userId)}`);
  }

  /** Repeats the request while something is left to delete. */
  async #delete(request: () => Promise<number>): Promise<void> {
    for (let n = 0; n < MAX_DELETE_REQUESTS; n++) if ((await request()) !== DELETING) return;
    throw new ParlorError("unavailable", "Something is left to delete: try again.", true);
  }

  async #request<Body>(method: string, path: string, content?: Content): Promise<Body> {
    return JSON.parse((await this.#call(method, path, content)).text);
  }

  /** Sends no token, unless the stage admits no guests. */
  async #requestPublic<Body>(method: string, path: string, content?: Content): Promise<Body> {
    if (!this.#needsToken) {
      try {
        return await this.#request(method, path, content);
      } catch (error) {
        if (!(error instanceof ParlorError && error.code === "unauthorized")) throw error;
        this.#needsToken = true;
      }
    }
    return await this.#requestAsPerson(method, path, content);
  }

  /** Sends the token if there is one: a room that has banned or muted people demands it. */
  async #read<Body>(path: string, content: Content): Promise<Body> {
    const token = await this.#getToken({ isOptional: true });
    return token === undefined
      ? await this.#requestPublic("GET", path, content)
      : await this.#requestAsPerson("GET", path, content);
  }

  async #requestAsPerson<Body>(method: string, path: string, content?: Content): Promise<Body> {
    return JSON.parse((await this.#callAsPerson(method, path, content)).text);
  }

  /** Sends the token. If it is refused, tries once more with another one. */
  async #callAsPerson(method: string, path: string, content?: Content): Promise<Answer> {
    const token = await this.#getToken({});
    try {
      return await this.#call(method, path, content, token);
    } catch (error) {
      if (token === undefined || !(error instanceof ParlorError && error.code === "unauthorized")) throw error;
      const other = await this.#getToken({ refused: token });
      if (other === undefined || other === token) throw error;
      return await this.#call(method, path, content, other);
    }
  }

  async #call(method: string, path: string, { body, pass }: Content = {}, token?: string): Promise<Answer> {
    const headers = {
      ...(body && { "content-type": "application/json" }),
      ...(pass !== undefined && { "parlor-pass": pass }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const signal = AbortSignal.timeout(timing.requestMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#url + path, {
        method,
        headers,
        signal,
        ...(body && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch {
      throw new ParlorError("unavailable", "Parlor could not be reached: check the connection and try again.", true);
    }
    if (!response.ok) throw refusal(response.status, text);
    return { status: response.status, text };
  }
}

function conversationPath(roomId: string): string {
  return `/conversations/${encodeURIComponent(roomId)}`;
}

function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

function refusal(status: number, text: string): ParlorError {
  const problem = parseProblem(text);
  const retryable = status >= 500 || status === 429;
  const message = problem?.detail ?? `Parlor answered ${status}.`;
  return new ParlorError(problem?.code ?? codeOf(status), message, retryable, problem?.retryAfterMs, problem);
}

function parseProblem(text: string): Problem | undefined {
  try {
    const problem = JSON.parse(text);
    return typeof problem?.code === "string" ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** For answers of a gateway in front of Parlor. */
function codeOf(status: number): ErrorCode {
  const codes: Record<number, ErrorCode> = {
    401: "unauthorized",
    403: "forbidden",
    404: "roomNotFound",
    413: "frameTooLarge",
    429: "rateLimited",
  };
  return codes[status] ?? "unavailable";
}
