// The connection breaks: the page says so, keeps what is written, and comes back with everything.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { person, useChromium } from "./support/chromium.ts";
import { act, composer, makeRoom, message, say, texts } from "./support/room.ts";
import { stack } from "./support/stack.ts";

useChromium();

test("offline shows a banner, and back online nothing is missing, doubled or out of order", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await say(bo, "Before");
  await message(ada, "Before").waitFor();

  await ada.context().setOffline(true);
  await ada.getByRole("button", { name: "Try now" }).waitFor();
  for (const text of ["One", "Two", "Three"]) await say(bo, text);
  await message(bo, "Three").getByText("Sent", { exact: true }).waitFor();
  await say(ada, "Meanwhile");
  await message(ada, "Meanwhile").getByText("Waiting for the connection").waitFor();

  await ada.context().setOffline(false);
  await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
  await message(ada, "Meanwhile").getByText("Sent", { exact: true }).waitFor();
  await message(bo, "Meanwhile").waitFor();
  expect(await texts(ada)).toEqual(["Before", "One", "Two", "Three", "Meanwhile"]);
  expect(await texts(bo)).toEqual(await texts(ada));
});

test("two windows that talk on while one has no network show the same once it is back, and every message once", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await say(ada, "Ada before");
  await say(bo, "Bo before");
  await message(ada, "Bo before").waitFor();
  await message(bo, "Ada before").waitFor();

  await ada.context().setOffline(true);
  await ada.getByText("You are offline.").waitFor();
  const numbers = [1, 2, 3, 4, 5];
  for (const n of numbers) {
    await say(ada, `Ada ${n}`);
    await say(bo, `Bo ${n}`);
  }
  await act(message(bo, "Bo before"), "Edit");
  await bo.getByRole("textbox", { name: "Edit message" }).fill("Bo, edited");
  await bo.keyboard.press("Enter");
  await message(bo, "Bo, edited").getByText("(edited)").waitFor();
  await message(bo, "Bo 5").getByText("Sent", { exact: true }).waitFor();
  expect(await ada.getByText("Waiting for the connection").count()).toBeGreaterThan(0);
  expect(await message(ada, "Bo 1").count()).toBe(0);

  await ada.context().setOffline(false);
  await message(bo, "Ada 5").waitFor();
  await message(ada, "Ada 5").getByText("Sent", { exact: true }).waitFor();
  await message(ada, "Bo, edited").waitFor();
  const [first, second, ...rest] = await texts(ada);
  expect([first, second].sort()).toEqual(["Ada before", "Bo, edited"]);
  expect(rest).toEqual([...numbers.map((n) => `Bo ${n}`), ...numbers.map((n) => `Ada ${n}`)]);
  expect(await texts(bo)).toEqual(await texts(ada));
  const response = await fetch(`${stack.apiUrl}/rooms/${path.split("/").at(-1)}/messages`);
  const { events } = (await response.json()) as { events: { type: string; text: string }[] };
  expect(events.filter(({ type }) => type === "message").map(({ text }) => text)).toEqual(await texts(ada));
});

test.each(["visibilitychange", "pageshow", "online"] as const)(
  "back from sleep, as %s tells, what was missed is there within 10 seconds, in order and once",
  async (event) => {
    const ada = await person("Ada");
    const path = await makeRoom(ada);
    let sockets = 0;
    let asleep = false;
    await ada.routeWebSocket(stack.webSocketUrl, (page) => {
      const server = page.connectToServer();
      const isFirst = ++sockets === 1;
      // Dropped without a close, in both directions, as by a network that has forgotten the connection.
      page.onMessage((frame) => (isFirst && asleep) || server.send(frame));
      server.onMessage((frame) => (isFirst && asleep) || page.send(frame));
    });
    await ada.clock.install();
    await ada.reload();
    await say(ada, "Before");
    await message(ada, "Before").getByText("Sent", { exact: true }).waitFor();
    const bo = await person("Bo", { path });
    await ada.getByRole("heading", { name: "2 people here" }).waitFor();

    asleep = true;
    await ada.clock.pauseAt(await ada.evaluate(() => Date.now() + 1_000));
    const missed = ["One", "Two", "Three"];
    for (const text of missed) await say(bo, text);
    await message(bo, "Three").getByText("Sent", { exact: true }).waitFor();
    await wake(ada, event);
    expect(await texts(ada)).toEqual(["Before"]);
    // All the time that the page gets.
    await ada.clock.runFor(10_000);
    await message(ada, "Three").waitFor();
    expect(await texts(ada)).toEqual(["Before", ...missed]);
    expect(sockets).toBe(2);
  },
);

test("a guest token that the server refuses is replaced by a new one", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  await ada.evaluate(() => {
    const session = { token: "stale", userId: "nobody", name: "Ada", expiresAt: Date.now() + 1e9 };
    localStorage.setItem("parlor.session", JSON.stringify(session));
  });
  await ada.reload();
  await composer(ada).waitFor();
  await say(ada, "Still here");
  await message(ada, "Still here").getByText("Sent", { exact: true }).waitFor();
  expect(ada.url()).toContain(path);
  const { userId } = await ada.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}"));
  expect(userId).not.toBe("nobody");
});

test("a guest whose token is refused while the page is open goes on as a new one, each time, and is told", async () => {
  const ada = await person("Ada");
  const { refuse } = await refusals(ada);
  const path = await makeRoom(ada);
  await say(ada, "Said before");
  await message(ada, "Said before").getByText("Sent", { exact: true }).waitFor();
  const bo = await person("Bo", { path });
  for (const time of ["first", "second"]) {
    await refuse(await tokenOf(ada));
    await ada.getByText("You are a new guest now.").first().waitFor();
    await ada.getByRole("button", { name: "OK" }).click();
    await say(ada, `Said after the ${time} time`);
    await message(ada, `Said after the ${time} time`).getByText("Sent", { exact: true }).waitFor();
    await message(bo, `Said after the ${time} time`).waitFor();
  }
  // Now somebody else's, to the server too.
  await message(ada, "Said before").hover();
  const actions = message(ada, "Said before").getByRole("toolbar").getByRole("button");
  expect(await actions.count()).toBe(1);
});

test("a guest whose token a request finds refused is the same new one everywhere, and owns what they make", async () => {
  const ada = await person("Ada");
  await makeRoom(ada);
  const former = await tokenOf(ada);
  await ada.route("**/api/rooms", async (route) => {
    const isRefused = route.request().headers().authorization === `Bearer ${former}`;
    if (isRefused) await route.fulfill({ status: 401, json: { code: "unauthorized", detail: "Nobody." } });
    else await route.continue();
  });
  await ada.getByRole("link", { name: "New room" }).click();
  const path = await makeRoom(ada);
  await ada.getByText("You are a new guest now.").first().waitFor();
  const bo = await person("Bo", { path });
  await say(bo, "Rude");
  await act(message(ada, "Rude"), "Delete");
  await message(ada, "Rude").getByRole("button", { name: "Delete", exact: true }).click();
  await message(bo, "Message deleted").waitFor();
});

test("a page whose every token is refused says so, stops trying, keeps what is written, and sends it when asked", async () => {
  const ada = await person("Ada");
  const { refuse, attempts } = await refusals(ada);
  await makeRoom(ada);
  await ada.clock.install();
  await refuse("all");
  await ada.getByText("Parlor does not recognise you any more.").first().waitFor();
  await say(ada, "Kept");
  await message(ada, "Kept").waitFor();
  const before = await attempts();
  await ada.clock.fastForward("01:00:00");
  expect(await attempts()).toBe(before);
  await refuse("none");
  await ada.getByRole("button", { name: "Try now" }).click();
  // It was written as the former guest, so the person decides.
  await ada.getByRole("button", { name: "Try again to send: Kept" }).click();
  await message(ada, "Kept").getByText("Sent", { exact: true }).waitFor();
});

test("a guest whose connections are refused, but whose token is good, stays the same and keeps trying", async () => {
  const ada = await person("Ada");
  await makeRoom(ada);
  const who = () => ada.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}").userId);
  const before = await who();
  await ada.addInitScript(() => {
    const { WebSocket } = window;
    const refused = ["parlor.v1", "token.refused"];
    window.WebSocket = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, "connectionsAreLimited" in window ? refused : protocols);
      }
    } as typeof WebSocket;
    Object.assign(window, { connectionsAreLimited: true });
  });
  const sessions: string[] = [];
  ada.on("request", (request) => request.url().endsWith("/sessions") && sessions.push(request.method()));
  const asked = ada.waitForResponse((response) => response.url().endsWith("/api/me"));
  await ada.reload();
  expect((await asked).status()).toBe(200);
  await ada.evaluate(() => Reflect.deleteProperty(window, "connectionsAreLimited"));
  await composer(ada).waitFor();
  await say(ada, "Still me");
  await message(ada, "Still me").getByText("Sent", { exact: true }).waitFor();
  expect(await who()).toBe(before);
  expect(sessions).toEqual([]);
});

/** What the browser tells a page when its computer wakes up, or somebody comes back to it. */
async function wake(page: Page, event: "visibilitychange" | "pageshow" | "online"): Promise<void> {
  await page.evaluate((event) => {
    if (event !== "visibilitychange") return void dispatchEvent(new Event(event));
    for (const hidden of [true, false]) {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event(event));
    }
  }, event);
}

function tokenOf(page: Page): Promise<string> {
  return page.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}").token);
}

interface Refusals {
  /** From now on the server takes this token no more; the connection there is ends. */
  refuse(token: string): Promise<void>;
  /** How many sockets the page has opened. */
  attempts(): Promise<number>;
}

/** Reloads the page so that tokens that the server has given out can be refused, by its API and by its sockets. */
async function refusals(page: Page): Promise<Refusals> {
  const refused = new Set<string>();
  const isRefused = (token: string) => refused.has("all") || refused.has(token);
  await page.route("**/api/me", async (route) => {
    const token = route.request().headers().authorization?.slice("Bearer ".length) ?? "";
    const problem = { status: 401, code: "unauthorized", detail: "This token proves nobody." };
    if (isRefused(token)) await route.fulfill({ status: 401, json: problem });
    else await route.continue();
  });
  await page.addInitScript(() => {
    const { WebSocket } = window;
    const rules = { refused: [] as string[], sockets: [] as WebSocket[] };
    Object.assign(window, { rules });
    window.WebSocket = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        const token = protocols.at(-1)?.slice("token.".length) ?? "";
        const isRefused = rules.refused.includes("all") || rules.refused.includes(token);
        super(url, isRefused ? ["parlor.v1", "token.refused"] : protocols);
        rules.sockets.push(this);
      }
    } as typeof WebSocket;
  });
  await page.reload();
  return {
    async refuse(token) {
      if (token === "none") refused.clear();
      else refused.add(token);
      await page.evaluate(
        (all) => {
          (window as unknown as { rules: { refused: string[] } }).rules.refused = all;
          // The client gives its connection up.
          dispatchEvent(new Event("offline"));
        },
        [...refused],
      );
    },
    attempts: () => page.evaluate(() => (window as unknown as { rules: { sockets: unknown[] } }).rules.sockets.length),
  };
}
