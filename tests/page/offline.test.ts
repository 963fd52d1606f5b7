// Lost connections: the page says so, keeps what is written, and catches up after reconnecting.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { loggedTexts, storedSession, storedUserId } from "./support/api.ts";
import { openPage, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, message, send, texts } from "./support/room.ts";

useBrowser();

test("offline, the page shows a banner; back online, nothing is missing, duplicated or out of order", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await send(bo, "Before");
  await message(ada, "Before").waitFor();

  await ada.context().setOffline(true);
  await ada.getByRole("button", { name: "Try now" }).waitFor();
  for (const text of ["One", "Two", "Three"]) await send(bo, text);
  await message(bo, "Three").getByText("Sent", { exact: true }).waitFor();
  await send(ada, "Meanwhile");
  await message(ada, "Meanwhile").getByText("Waiting for the connection").waitFor();

  await ada.context().setOffline(false);
  await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
  await message(ada, "Meanwhile").getByText("Sent", { exact: true }).waitFor();
  await message(bo, "Meanwhile").waitFor();
  expect(await texts(ada)).toEqual(["Before", "One", "Two", "Three", "Meanwhile"]);
  expect(await texts(bo)).toEqual(await texts(ada));
});

test("two people who write while one is offline see the same messages afterwards, each once", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await send(ada, "Ada before");
  await send(bo, "Bo before");
  await message(ada, "Bo before").waitFor();
  await message(bo, "Ada before").waitFor();

  await ada.context().setOffline(true);
  await ada.getByText("You are offline.").waitFor();
  const numbers = [1, 2, 3, 4, 5];
  for (const n of numbers) {
    await send(ada, `Ada ${n}`);
    await send(bo, `Bo ${n}`);
  }
  await chooseAction(message(bo, "Bo before"), "Edit");
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
  expect(await loggedTexts(path)).toEqual(await texts(ada));
});

test.each(["visibilitychange", "pageshow", "online"] as const)(
  "a page that wakes up (%s) shows what it missed within 10 seconds, in order and once",
  async (event) => {
    const ada = await openPage("Ada");
    const path = await createRoom(ada);
    let sockets = 0;
    let asleep = false;
    await ada.routeWebSocket(addresses.webSocketUrl, (page) => {
      const server = page.connectToServer();
      const isFirst = ++sockets === 1;
      // Drops frames in both directions without a close frame, like a network that has forgotten the connection.
      page.onMessage((frame) => (isFirst && asleep) || server.send(frame));
      server.onMessage((frame) => (isFirst && asleep) || page.send(frame));
    });
    await ada.clock.install();
    await ada.reload();
    await send(ada, "Before");
    await message(ada, "Before").getByText("Sent", { exact: true }).waitFor();
    const bo = await openPage("Bo", { path });
    await ada.getByRole("heading", { name: "2 people here" }).waitFor();

    asleep = true;
    await ada.clock.pauseAt(await ada.evaluate(() => Date.now() + 1_000));
    const missed = ["One", "Two", "Three"];
    for (const text of missed) await send(bo, text);
    await message(bo, "Three").getByText("Sent", { exact: true }).waitFor();
    await wake(ada, event);
    expect(await texts(ada)).toEqual(["Before"]);
    // The page gets exactly this much time.
    await ada.clock.runFor(10_000);
    await message(ada, "Three").waitFor();
    expect(await texts(ada)).toEqual(["Before", ...missed]);
    expect(sockets).toBe(2);
  },
);

test("a refused guest token is replaced by a new one", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  await ada.evaluate(() => {
    const session = { token: "stale", userId: "nobody", name: "Ada", expiresAt: Date.now() + 1e9 };
    localStorage.setItem("parlor.session", JSON.stringify(session));
  });
  await ada.reload();
  await composer(ada).waitFor();
  await send(ada, "Still here");
  await message(ada, "Still here").getByText("Sent", { exact: true }).waitFor();
  expect(ada.url()).toContain(path);
  expect(await storedUserId(ada)).not.toBe("nobody");
});

test("a guest whose token is refused while the page is open continues as a new guest and is told so, each time", async () => {
  const ada = await openPage("Ada");
  const { refuse } = await tokenRefusals(ada);
  const path = await createRoom(ada);
  await send(ada, "Said before");
  await message(ada, "Said before").getByText("Sent", { exact: true }).waitFor();
  const bo = await openPage("Bo", { path });
  for (const time of ["first", "second"]) {
    await refuse((await storedSession(ada)).token);
    await ada.getByText("You are now a new guest.").first().waitFor();
    await ada.getByRole("button", { name: "OK" }).click();
    await send(ada, `Said after the ${time} time`);
    await message(ada, `Said after the ${time} time`).getByText("Sent", { exact: true }).waitFor();
    await message(bo, `Said after the ${time} time`).waitFor();
  }
  // To the server, the old message now belongs to another person.
  await message(ada, "Said before").hover();
  const actions = message(ada, "Said before").getByRole("toolbar").getByRole("button");
  const titles = () => actions.evaluateAll((all) => all.map((button) => button.getAttribute("title")));
  await expect.poll(titles).toEqual(["React", "Reply", "Copy text", "Copy link"]);
});

test("a guest whose token an HTTP request finds refused has one new identity everywhere, and owns the rooms they create", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  const { token: former } = await storedSession(ada);
  await ada.route("**/api/rooms", async (route) => {
    const isRefused = route.request().headers().authorization === `Bearer ${former}`;
    if (isRefused) await route.fulfill({ status: 401, json: { code: "unauthorized", detail: "Nobody." } });
    else await route.continue();
  });
  await ada.getByRole("link", { name: "New room" }).click();
  const path = await createRoom(ada);
  await ada.getByText("You are now a new guest.").first().waitFor();
  const bo = await openPage("Bo", { path });
  await send(bo, "Rude");
  await chooseAction(message(ada, "Rude"), "Delete");
  await message(ada, "Rude").getByRole("button", { name: "Delete", exact: true }).click();
  await message(bo, "Message deleted").waitFor();
});

test("a page whose every token is refused says so, stops retrying, keeps what is written, and sends it on request", async () => {
  const ada = await openPage("Ada");
  const { refuse, attempts } = await tokenRefusals(ada);
  await createRoom(ada);
  await ada.clock.install();
  await refuse("all");
  await ada.getByText("Your session is no longer valid.", { exact: true }).first().waitFor();
  await send(ada, "Kept");
  await message(ada, "Kept").waitFor();
  const before = await attempts();
  await ada.clock.fastForward("01:00:00");
  expect(await attempts()).toBe(before);
  await refuse("none");
  await ada.getByRole("button", { name: "Try now" }).click();
  // It was written under the former identity, so the person decides.
  await ada.getByRole("button", { name: "Try again to send: Kept" }).click();
  await message(ada, "Kept").getByText("Sent", { exact: true }).waitFor();
});

test("a guest whose connections are refused although the token is valid keeps the identity and keeps retrying", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  const before = await storedUserId(ada);
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
  await send(ada, "Still me");
  await message(ada, "Still me").getByText("Sent", { exact: true }).waitFor();
  expect(await storedUserId(ada)).toBe(before);
  expect(sessions).toEqual([]);
});

/** Dispatches what the browser dispatches when the computer wakes up or the person returns to the page. */
async function wake(page: Page, event: "visibilitychange" | "pageshow" | "online"): Promise<void> {
  await page.evaluate((event) => {
    if (event !== "visibilitychange") return void dispatchEvent(new Event(event));
    for (const hidden of [true, false]) {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event(event));
    }
  }, event);
}

interface TokenRefusals {
  /** Makes the server refuse this token, `all` or `none`, and ends the open connection. */
  refuse(token: string): Promise<void>;
  /** Returns how many sockets the page has opened. */
  attempts(): Promise<number>;
}

/** Reloads the page so that the API and sockets can refuse tokens that the server has issued. */
async function tokenRefusals(page: Page): Promise<TokenRefusals> {
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
          // Makes the client drop its connection.
          dispatchEvent(new Event("offline"));
        },
        [...refused],
      );
    },
    attempts: () => page.evaluate(() => (window as unknown as { rules: { sockets: unknown[] } }).rules.sockets.length),
  };
}
