// The HTTP side: sessions, rooms and pages of history. What fails throws a ParlorError with the server's code.

import { ParlorError } from "./errors.ts";
import type {
  Clearing,
  ErrorCode,
  LogPage,
  Person,
  Problem,
  Room,
  RoomList,
  RoomUpdate,
  Session,
  Visibility,
} from "./protocol.ts";
import type { GetToken } from "./types.ts";

// API Gateway ends a request after 30 seconds.
const REQUEST_MS = 30_000;
/** The status of a deletion that has more to delete. */
const DELETING = 202;
/** Requests for one deletion, of about 10 seconds each. */
const DELETIONS = 30;

interface Answer {
  readonly status: number;
  readonly text: string;
}

export class ParlorApi {
  readonly #url: string;
  readonly #getToken: GetToken;

  /** `apiUrl` has no trailing slash and ends in `/api`; the tokens' person owns the rooms it makes. */
  constructor(apiUrl: string, getToken: GetToken = async () => undefined) {
    this.#url = apiUrl;
    this.#getToken = getToken;
  }

  /** A guest identity of 30 days and its token. */
  createSession(name: string): Promise<Session> {
    return this.#request("POST", "/sessions", { name });
  }

  /** Whom the token proves; rejects with `unauthorized` when it proves nobody. */
  me(): Promise<Person> {
    return this.#requestAsPerson("GET", "/me");
  }

  createRoom(room: { name: string; topic?: string; visibility?: Visibility }): Promise<Room> {
    return this.#requestAsPerson("POST", "/rooms", room);
  }

  /** Open public rooms, most recently active first; `limit` is 1–50, 20 unless given. */
  rooms(page: { cursor?: string; limit?: number } = {}): Promise<RoomList> {
    return this.#request("GET", `/rooms${query(page)}`);
  }

  room(roomId: string): Promise<Room> {
    return this.#request("GET", `/rooms/${encodeURIComponent(roomId)}`);
  }

  /** What happened before or after a number, or the newest; `limit` is 1–100, 50 unless given. */
  messages(roomId: string, page: { before?: number; after?: number; limit?: number } = {}): Promise<LogPage> {
    return this.#request("GET", `/rooms/${encodeURIComponent(roomId)}/messages${query(page)}`);
  }

  /** Gives a room that the token's person owns another name or topic; an empty topic takes it away. */
  updateRoom(roomId: string, update: RoomUpdate): Promise<Room> {
    return this.#requestAsPerson("PATCH", `/rooms/${encodeURIComponent(roomId)}`, update);
  }

  /**
   * Deletes what was said in a room that the token's person owns; its log starts anew. With the `epoch` of a log, only that
   * log is deleted: so trying again after a failure deletes nothing newer.
   */
  async clearRoom(roomId: string, epoch?: string): Promise<void> {
    let log = epoch;
    await this.#delete(async () => {
      const path = `/rooms/${encodeURIComponent(roomId)}/messages${query({ epoch: log })}`;
      const { status, text } = await this.#callAsPerson("DELETE", path);
      if (status === DELETING) log = (JSON.parse(text) as Clearing).epoch;
      return status;
    });
  }

  /** Closes a room that the token's person owns, and deletes what was said in it. */
  async closeRoom(roomId: string): Promise<void> {
    const path = `/rooms/${encodeURIComponent(roomId)}`;
    await this.#delete(async () => (await this.#callAsPerson("DELETE", path)).status);
  }

  /** Asks again while a part of the log is left. */
  async #delete(ask: () => Promise<number>): Promise<void> {
    for (let n = 0; n < DELETIONS; n++) if ((await ask()) !== DELETING) return;
    throw new ParlorError("unavailable", "A part of the messages is still to be deleted: try again.", true);
  }

  async #request<Body>(method: string, path: string, body?: object): Promise<Body> {
    return JSON.parse((await this.#call(method, path, body)).text);
  }

  async #requestAsPerson<Body>(method: string, path: string, body?: object): Promise<Body> {
    return JSON.parse((await this.#callAsPerson(method, path, body)).text);
  }

  /** With a token; with another one where that is refused. */
  async #callAsPerson(method: string, path: string, body?: object): Promise<Answer> {
    const token = await this.#getToken({});
    try {
      return await this.#call(method, path, body, token);
    } catch (error) {
      if (token === undefined || !(error instanceof ParlorError && error.code === "unauthorized")) throw error;
      const other = await this.#getToken({ refused: token });
      if (other === undefined || other === token) throw error;
      return await this.#call(method, path, body, other);
    }
  }

  async #call(method: string, path: string, body?: object, token?: string): Promise<Answer> {
    const headers = {
      ...(body && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const signal = AbortSignal.timeout(REQUEST_MS);
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

function query(parameters: Record<string, string | number | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

function refusal(status: number, text: string): ParlorError {
  const problem = parseProblem(text);
  const retryable = status >= 500 || status === 429;
  const message = problem?.detail ?? `Parlor answered ${status}.`;
  return new ParlorError(problem?.code ?? codeOf(status), message, retryable, problem?.retryAfterMs);
}

function parseProblem(text: string): Problem | undefined {
  try {
    const problem = JSON.parse(text);
    return typeof problem?.code === "string" ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** For answers that are not Parlor's own, but of a gateway before it. */
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
