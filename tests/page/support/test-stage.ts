// A stage that a test controls: the built page, configurable HTTP answers, and the client's test server for WebSockets.
// For states that a real stage does not reach on demand, and for long histories.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { lookup } from "mime-types";
import { build, type Plugin } from "vite";
import type { RoomInfo } from "../../../client/src/index.ts";
import { TestServer } from "../../../client/test/server.ts";

type Files = ReadonlyMap<string, string | Uint8Array>;
/** An error, a body, or no answer for as long as the test lasts. */
type Answer = { status: number; code: string } | { json: object } | "noAnswer";

/** A request to the API. */
interface ApiRequest {
  readonly method: string;
  /** Starts with `/rooms`, `/me`, … */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly pass: string | undefined;
  readonly token: string | undefined;
}

const HOUR = 3_600_000;

let built: Promise<Files> | undefined;
const running: TestStage[] = [];

export async function stopTestStages(): Promise<void> {
  await Promise.all(running.splice(0).map((stage) => stage.stop()));
}

export class TestStage {
  readonly server: TestServer;
  readonly siteUrl: string;
  /** The answer to `GET /api/rooms`. */
  rooms: Answer = { json: { rooms: [] } };
  /** The answer to `GET /api/rooms/{roomId}`. */
  room: Answer = { json: roomInfo({ roomId: "r" }) };
  /** What `config.json` has besides the addresses. */
  config: object = {};
  /** All requests to the API, in order. */
  readonly requests: ApiRequest[] = [];
  /** Asked first for the answer to each request to the API. */
  answer: (request: ApiRequest) => Answer | undefined = () => undefined;
  readonly #http: ReturnType<typeof createServer>;

  private constructor(server: TestServer, http: ReturnType<typeof createServer>, files: Files) {
    this.server = server;
    this.#http = http;
    this.siteUrl = `http://localhost:${(http.address() as AddressInfo).port}`;
    http.on("request", (request, response) => void this.#answer(request, response, files));
  }

  /** With `countRenders`, `window.renders` counts how often each component renders. */
  static async start({ countRenders = false } = {}): Promise<TestStage> {
    built ??= buildPage();
    const files = await (countRenders ? buildPage([renderCounter]) : built);
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const stage = new TestStage(await TestServer.start(), http, files);
    running.push(stage);
    return stage;
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await Promise.all([this.server.stop(), new Promise((resolve) => this.#http.close(resolve))]);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, files: Files): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.siteUrl);
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    const file = files.get(name);
    if (file !== undefined) {
      response.writeHead(200, { "content-type": lookup(name) || "application/octet-stream" }).end(file);
    } else {
      send(
        response,
        (await this.#answerOfTest(request, pathname, searchParams)) ?? this.#answerTo(pathname, this.requests.at(-1)),
      );
    }
  }

  async #answerOfTest(request: IncomingMessage, pathname: string, query: URLSearchParams): Promise<Answer | undefined> {
    if (!pathname.startsWith("/api/")) return undefined;
    const body = await text(request);
    const pass = request.headers["parlor-pass"];
    const asked: ApiRequest = {
      method: request.method ?? "",
      path: pathname.slice("/api".length),
      query,
      body: body && JSON.parse(body),
      pass: typeof pass === "string" ? pass : undefined,
      token: request.headers.authorization,
    };
    this.requests.push(asked);
    return this.answer(asked);
  }

  /** `last`: the last request of the API. */
  #answerTo(pathname: string, last?: ApiRequest): Answer {
    if (pathname === "/config.json")
      return { json: { webSocketUrl: this.server.url, apiUrl: `${this.siteUrl}/api`, ...this.config } };
    if (pathname === "/api/sessions") {
      // Their token is their id.
      const userId = last?.token?.replace("Bearer ", "") ?? randomUUID();
      const { name } = (last?.body ?? {}) as { name?: string };
      return { json: { token: userId, userId, name, expiresAt: Date.now() + 720 * HOUR } };
    }
    if (pathname === "/api/me") return { json: { userId: "guest", name: "Guest" } };
    if (pathname === "/api/rooms") return this.rooms;
    return pathname.startsWith("/api/rooms/") ? this.room : { status: 404, code: "roomNotFound" };
  }
}

export function roomInfo(room: Partial<RoomInfo>): RoomInfo {
  const at = Date.now();
  return {
    roomId: "r",
    name: "Room r",
    visibility: "public",
    link: "",
    createdAt: at,
    activeAt: at,
    expiresAt: at + 24 * HOUR,
    people: 1,
    isFull: false,
    passwordRequired: false,
    uniqueNames: false,
    ...room,
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === "noAnswer") return;
  const [status, body] =
    "json" in answer
      ? [200, answer.json]
      : [answer.status, { code: answer.code, detail: `refused: ${answer.code}`, status: answer.status }];
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Makes Preact count renders in `window.renders`. */
const renderCounter: Plugin = {
  name: "render-counter",
  config: () => ({ build: { minify: false } }),
  transform(code, id) {
    if (!id.endsWith("/web/src/main.tsx")) return;
    // `__r` is the hook before a render, under the name that Preact's own packages use.
    return `import { options } from "preact";
      window.renders = {};
      const before = options.__r;
      options.__r = (vnode) => {
        window.renders[vnode.type.name] = (window.renders[vnode.type.name] ?? 0) + 1;
        before?.(vnode);
      };
      ${code}`;
  },
};

async function buildPage(plugins: Plugin[] = []): Promise<Files> {
  const configFile = new URL("../../../web/vite.config.ts", import.meta.url).pathname;
  const result = await build({ configFile, logLevel: "silent", build: { write: false }, plugins });
  if (!("output" in result)) throw new Error("Vite did not return exactly one build.");
  const files = result.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source] as const);
  return new Map(files);
}
