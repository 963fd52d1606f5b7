import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ParlorClient } from "../src/client.ts";
import type { ParlorError } from "../src/errors.ts";
import type { ClientOptions, GetToken, TokenRequest } from "../src/types.ts";
import type { TestServer } from "./server.ts";
import { connect, startServer, stopTime, texts, until } from "./support.ts";

const HOUR = 60 * 60 * 1000;
const AGE = 1_000;
const aging = { heartbeatMs: 1_000_000_000 };

/** A stage whose API and sockets refuse some tokens, and an application that is asked for others. */
class Stage {
  readonly refused = new Set<string | undefined>();
  /** The tokens that attempts to connect came with, and those that the API was asked about. */
  readonly attempts: (string | undefined)[] = [];
  readonly asked: string[] = [];
  readonly requests: TokenRequest[] = [];
  readonly states: string[] = [];
  apiIsDown = false;
  /** The API answers once this is resolved. */
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

  /** Every token so far is refused from now on, and the connections end. */
  refuseAll(): void {
    for (const token of this.attempts) this.refused.add(token);
    this.server.cut();
  }
}

/** An application whose guests get a new identity for each refused token. */
function newGuests(): GetToken {
  let current = "guest1.token";
  let guests = 1;
  return async ({ refused }) => {
    if (refused === current) current = `guest${++guests}.token`;
    return current;
  };
}

describe("the token", () => {
  test("is asked for at each connection, so that short-lived ones work", async () => {
    const stage = await Stage.start();
    let n = 0;
    stage.getToken = async () => {
      stage.refused.add(n === 0 ? undefined : `ada.${n}`);
      return `ada.${++n}`;
    };
    const client = stage.client();
    const room = await client.join("r");
    for (const text of ["one", "two"]) {
      stage.server.cut();
      room.send(text);
      await until(() => texts(room).includes(text) && room.messages.every(({ status }) => status === "sent"));
    }
    expect(stage.attempts).toEqual(["ada.1", "ada.2", "ada.3"]);
    expect(stage.requests).toEqual([{}, {}, {}]);
    expect(room.you.userId).toBe("ada");
  });

  test("is asked for at a changeover too, which nobody notices", async () => {
    const stage = await Stage.start();
    let n = 0;
    stage.getToken = async () => `ada.${++n}`;
    stopTime();
    const room = await stage.client(aging, { changeoverMs: [AGE, AGE] }).join("r");
    for (const connections of [2, 3]) {
      vi.advanceTimersByTime(AGE);
      await until(() => stage.attempts.length === connections && stage.server.connections.size === 1);
    }
    room.send("hello");
    await until(() => room.messages[0]?.status === "sent");
    expect(stage.attempts).toEqual(["ada.1", "ada.2", "ada.3"]);
    expect(stage.states).toEqual(["connecting", "open"]);
  });

  test.each([
    ["at first", 0],
    ["later", 1],
    ["again and again", 3],
  ])("that is refused %s is replaced by another one, after a few failures", async (_, times) => {
    const stage = await Stage.start();
    stage.getToken = newGuests();
    if (times === 0) stage.refused.add("guest1.token");
    const client = stage.client();
    const room = await client.join("r");
    for (let time = 1; time <= times; time++) {
      const before = stage.attempts.length;
      stage.refuseAll();
      await until(() => room.joined && room.you.userId === `guest${time + 1}`);
      expect(stage.attempts.length - before).toBeLessThan(8);
    }
    room.send("hello");
    await until(() => room.messages[0]?.status === "sent");
    expect(room.you.userId).toBe(`guest${Math.max(2, times + 1)}`);
    expect(client.state).toBe("open");
    expect(stage.asked).toEqual([...stage.refused]);
  });

  test("of another person takes the room on, and says nothing twice", async () => {
    const stage = await Stage.start();
    stage.getToken = newGuests();
    const room = await stage.client().join("r");
    room.send("before");
    await until(() => room.messages[0]?.status === "sent");
    stage.server.intercept = ({ action }) => action === "send";
    room.send("tried");
    await until(() => stage.server.received("send").length === 2);
    stage.server.intercept = () => false;
    stage.refuseAll();
    room.send("not tried");
    await until(() => texts(room).includes("not tried") && room.messages[1]?.status === "sent");
    expect(room.messages.map(({ text, status, from }) => [text, status, from.userId])).toEqual([
      ["before", "sent", "guest1"],
      ["not tried", "sent", "guest2"],
      ["tried", "failed", "guest1"],
    ]);
  });

  const noOthers: [string, GetToken][] = [
    ["the same", async () => "ada.1"],
    ["none", async ({ refused }) => (refused === undefined ? "ada.1" : undefined)],
    ["another that is refused too", async ({ refused }) => (refused === undefined ? "ada.1" : "ada.2")],
    ["a new one each time", newGuests()],
  ];
  test.each(noOthers)("ends the attempts where the application has %s, and says so", async (_, getToken) => {
    const stage = await Stage.start();
    stage.getToken = getToken;
    const client = stage.client();
    const room = await client.join("r");
    stage.server.refuses = (token) => {
      stage.attempts.push(token);
      stage.refused.add(token);
      return true;
    };
    for (const again of [() => stage.server.cut(), () => client.checkNow()]) {
      const before = stage.attempts.length;
      again();
      await until(() => stage.states.at(-1) === "refused");
      expect(stage.attempts.length - before).toBeLessThan(14);
      expect(stage.states).not.toContain("closed");
    }
    const refused = client.join("s").catch((error: ParlorError) => error.code);
    expect(await refused).toBe("unauthorized");
    room.send("kept");
    expect(room.messages).toMatchObject([{ text: "kept", status: "pending" }]);
    const attempts = stage.attempts.length;
    stopTime();
    vi.advanceTimersByTime(HOUR);
    expect([stage.attempts.length, client.state, client.retryAt]).toEqual([attempts, "refused", undefined]);
    stage.server.refuses = () => false;
    client.checkNow();
    await until(() => room.messages[0]?.status === "sent");
  });

  test.each([
    ["the API cannot be reached", true],
    ["the API knows it", false],
  ])("that is refused while %s is kept, and tried until it works", async (_, apiIsDown) => {
    const stage = await Stage.start();
    stage.getToken = newGuests();
    const room = await stage.client().join("r");
    stage.apiIsDown = apiIsDown;
    stage.server.refuses = (token) => stage.attempts.push(token) < 15;
    stage.server.cut();
    await until(() => stage.attempts.length === 15 && room.joined);
    expect(new Set(stage.attempts)).toEqual(new Set(["guest1.token"]));
    expect(stage.requests.every(({ refused }) => refused === undefined)).toBe(true);
    expect(stage.asked.length > 1).toBe(!apiIsDown);
  });

  test("is not tried again while the API is asked whether it refuses it", async () => {
    const stage = await Stage.start();
    stage.getToken = newGuests();
    const client = stage.client();
    const room = await client.join("r");
    let answer = () => {};
    stage.apiAnswers = new Promise((resolve) => {
      answer = resolve;
    });
    stage.refuseAll();
    await until(() => stage.asked.length === 1);
    const before = stage.attempts.length;
    const states = stage.states.length;
    for (let times = 1; times <= 4; times++) {
      client.reconnect();
      client.checkNow();
    }
    expect(stage.states.length).toBe(states + 8);
    answer();
    await until(() => room.joined && room.you.userId === "guest2");
    expect(stage.asked).toEqual(["guest1.token"]);
    expect(stage.attempts.slice(before)).toEqual(["guest2.token"]);
    expect(stage.states).not.toContain("refused");
  });

  test("is asked for again when the application could not get one", async () => {
    const stage = await Stage.start();
    let failures = 5;
    stage.getToken = async () => {
      if (failures-- > 0) throw new Error("the application's own server is down");
      return "ada.1";
    };
    const room = await stage.client().join("r");
    expect(room.you.userId).toBe("ada");
    expect(stage.attempts).toEqual(["ada.1"]);
  });

  test("is asked for again when the application does not answer", async () => {
    const stage = await Stage.start();
    const answers: ((token: string) => void)[] = [];
    stage.getToken = () => new Promise((resolve) => answers.push(resolve));
    stopTime();
    const joining = stage.client().join("r");
    await until(() => {
      vi.advanceTimersByTime(1_000);
      return answers.length === 2;
    });
    for (const answer of answers) answer("ada.1");
    expect((await joining).joined).toBe(true);
    expect(stage.attempts).toEqual(["ada.1"]);
  });

  test("that no socket can carry is like one that is refused", async () => {
    const stage = await Stage.start();
    stage.refused.add("not a token");
    stage.getToken = async ({ refused }) => (refused === undefined ? "not a token" : "ada.1");
    const room = await stage.client().join("r");
    expect(room.you.userId).toBe("ada");
  });

  test("without one, a refusal is only a failure: there is nothing to replace", async () => {
    const stage = await Stage.start();
    stage.server.refuses = (token) => stage.attempts.push(token) < 8;
    const client = stage.client({ getToken: async () => undefined });
    await client.join("r");
    expect(stage.asked).toEqual([]);
    expect(new Set(stage.attempts)).toEqual(new Set([undefined]));
  });
});

describe("a changeover whose token is refused", () => {
  async function company(getToken: GetToken) {
    const stage = await Stage.start();
    stage.getToken = getToken;
    stopTime();
    const client = stage.client(aging, { changeoverMs: [AGE, AGE] });
    const room = await client.join("r");
    stage.refused.add("guest1.token");
    const grow = async (isDone: () => boolean) => {
      vi.advanceTimersByTime(AGE);
      await until(() => {
        vi.advanceTimersByTime(1);
        return isDone();
      });
    };
    return { stage, client, room, grow };
  }

  test("leaves the present connection as it is when there is no other, and is not tried for ever", async () => {
    const { stage, client, room, grow } = await company(async () => "guest1.token");
    await grow(() => stage.requests.some(({ refused }) => refused !== undefined));
    const attempts = stage.attempts.length;
    await client.join("s");
    vi.advanceTimersByTime(HOUR / 2);
    await client.join("t");
    room.send("still here");
    await until(() => room.messages[0]?.status === "sent");
    expect(stage.attempts.length).toBe(attempts);
    expect(stage.states).toEqual(["connecting", "open"]);
  });

  test("is an interruption, not a changeover, when the other one is another person's", async () => {
    const { stage, room, grow } = await company(newGuests());
    stage.server.intercept = ({ action }) => action === "send";
    room.send("tried");
    await until(() => stage.server.received("send").length === 1);
    await grow(() => room.joined && room.you.userId === "guest2");
    stage.server.intercept = () => false;
    room.send("not tried");
    await until(() => texts(room).includes("not tried") && room.messages[0]?.status === "sent");
    expect(room.messages.map(({ text, status }) => [text, status])).toEqual([
      ["not tried", "sent"],
      ["tried", "failed"],
    ]);
    expect(stage.server.connections.size).toBe(1);
  });
});
