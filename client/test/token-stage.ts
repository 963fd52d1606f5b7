// A stage that refuses tokens, for the tests of credentials.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ParlorClient } from "../src/client.ts";
import type { ClientOptions, GetToken, TokenRequest } from "../src/types.ts";
import type { TestServer } from "./server.ts";
import { connect, startServer } from "./support.ts";

/** A stage whose API and WebSocket refuse some tokens, and an application that gives others. */
export class Stage {
  readonly refused = new Set<string | undefined>();
  /** The tokens of the attempts to connect, and those that the API was asked about. */
  readonly attempts: (string | undefined)[] = [];
  readonly asked: string[] = [];
  readonly requests: TokenRequest[] = [];
  readonly states: string[] = [];
  apiIsDown = false;
  /** The API answers once this resolves. */
  apiAnswers = Promise.resolve();
  getToken: GetToken = async () => "ada.1";

  private constructor(
    readonly server: TestServer,
    readonly apiUrl: string,
  ) {}

  static async start(): Promise<Stage> {
    const server = await startServer();
    const api = createServer(async (request, response) => {
      if (stage.apiIsDown) return void request.socket.destroy();
      const token = request.headers.authorization?.slice("Bearer ".length) ?? "";
      stage.asked.push(token);
      await stage.apiAnswers;
      const problem = { status: 401, code: "unauthorized", detail: "This token proves nobody." };
      if (stage.refused.has(token)) response.writeHead(401).end(JSON.stringify(problem));
      else response.end(JSON.stringify({ userId: token, name: "Ada" }));
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void api.close());
    await once(api, "listening");
    const stage = new Stage(server, `http://127.0.0.1:${(api.address() as AddressInfo).port}/api`);
    server.refuses = (token) => {
      stage.attempts.push(token);
      return stage.refused.has(token);
    };
    return stage;
  }

  client(options: Partial<ClientOptions> = {}, waits: Parameters<typeof connect>[2] = {}): ParlorClient {
    const getToken: GetToken = (request) => {
      this.requests.push(request);
      return this.getToken(request);
    };
    const client = connect(this.server, { apiUrl: this.apiUrl, getToken, ...options }, waits);
    client.on("state", (state) => this.states.push(state));
    return client;
  }

  /** Refuses every token used so far, and breaks the connections. */
  refuseAll(): void {
    for (const token of this.attempts) this.refused.add(token);
    this.server.cut();
  }
}

/** An application that creates a new guest for each refused token. */
export function newGuests(): GetToken {
  let current = "guest1.token";
  let guests = 1;
  return async ({ refused }) => {
    if (refused === current) current = `guest${++guests}.token`;
    return current;
  };
}
