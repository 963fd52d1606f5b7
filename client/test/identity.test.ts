import { describe, expect, test, vi } from "vitest";
import type { ParlorError } from "../src/errors.ts";
import type { GetToken } from "../src/types.ts";
import { stopTime, texts, until } from "./support.ts";
import { newGuests, Stage } from "./token-stage.ts";

const HOUR = 60 * 60 * 1000;
const CHANGEOVER_MS = 1_000;
const noHeartbeat = { heartbeatMs: 1_000_000_000 };

describe("the token", () => {
  test("is requested for each connection, so that short-lived tokens work", async () => {
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

  test("is requested for a changeover too", async () => {
    const stage = await Stage.start();
    let n = 0;
    stage.getToken = async () => `ada.${++n}`;
    stopTime();
    const room = await stage.client(noHeartbeat, { changeoverMs: [CHANGEOVER_MS, CHANGEOVER_MS] }).join("r");
    for (const connections of [2, 3]) {
      vi.advanceTimersByTime(CHANGEOVER_MS);
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
    ["repeatedly", 3],
  ])("is replaced after a few failures when it is refused %s", async (_, times) => {
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

  test("of another person keeps the room, and sends no message twice", async () => {
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
    ["another one that is refused too", async ({ refused }) => (refused === undefined ? "ada.1" : "ada.2")],
    ["a new one each time", newGuests()],
  ];
  test.each(noOthers)("ends the attempts, in the state `refused`, if the application has %s", async (_, getToken) => {
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
    ["the API accepts it", false],
  ])("is kept and retried while connections fail and %s", async (_, apiIsDown) => {
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

  test("is not used while the API is asked about it", async () => {
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

  test("is requested again if the application could not get one", async () => {
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

  test("is requested again if the application does not answer", async () => {
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

  test("is replaced like a refused one if it cannot be a subprotocol", async () => {
    const stage = await Stage.start();
    stage.refused.add("not a token");
    stage.getToken = async ({ refused }) => (refused === undefined ? "not a token" : "ada.1");
    const room = await stage.client().join("r");
    expect(room.you.userId).toBe("ada");
  });

  test("is never checked if there is none: a refusal counts as a failure", async () => {
    const stage = await Stage.start();
    stage.server.refuses = (token) => stage.attempts.push(token) < 8;
    const client = stage.client({ getToken: async () => undefined });
    await client.join("r");
    expect(stage.asked).toEqual([]);
    expect(new Set(stage.attempts)).toEqual(new Set([undefined]));
  });
});

describe("a changeover whose token is refused", () => {
  async function beforeChangeover(getToken: GetToken) {
    const stage = await Stage.start();
    stage.getToken = getToken;
    stopTime();
    const client = stage.client(noHeartbeat, { changeoverMs: [CHANGEOVER_MS, CHANGEOVER_MS] });
    const room = await client.join("r");
    stage.refused.add("guest1.token");
    const start = async (isDone: () => boolean) => {
      vi.advanceTimersByTime(CHANGEOVER_MS);
      await until(() => {
        vi.advanceTimersByTime(1);
        return isDone();
      });
    };
    return { stage, client, room, start };
  }

  test("keeps the present connection if there is no other token, and ends the attempts", async () => {
    const { stage, client, room, start } = await beforeChangeover(async () => "guest1.token");
    await start(() => stage.requests.some(({ refused }) => refused !== undefined));
    const attempts = stage.attempts.length;
    await client.join("s");
    vi.advanceTimersByTime(HOUR / 2);
    await client.join("t");
    room.send("still here");
    await until(() => room.messages[0]?.status === "sent");
    expect(stage.attempts.length).toBe(attempts);
    expect(stage.states).toEqual(["connecting", "open"]);
  });

  test("becomes a reconnect if the other token is another person's", async () => {
    const { stage, room, start } = await beforeChangeover(newGuests());
    stage.server.intercept = ({ action }) => action === "send";
    room.send("tried");
    await until(() => stage.server.received("send").length === 1);
    await start(() => room.joined && room.you.userId === "guest2");
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
