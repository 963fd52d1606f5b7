// What waits to be sent, and as whom, on a stage that the test controls.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { LeftReason } from "../../client/src/protocol.ts";
import { person, secondTab, useChromium } from "./support/chromium.ts";
import { composer, message, people, say } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useChromium();

const path = "/#/rooms/r";
const HOUR_MS = 60 * 60 * 1000;

const sent = ({ server }: TestStage) =>
  [...server.room("r").messages.values()].map(({ text, from }) => [text, from.userId]);
const notSent = (page: Page, text: string) => message(page, text).getByText("Not sent.");
const waiting = (page: Page, text: string) => message(page, text).getByText("Waiting for the connection");
const userId = (page: Page) => page.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}").userId);
const storeSession = (page: Page, user: string | undefined) =>
  page.evaluate((user) => {
    const session = { token: user, userId: user, name: "Ada", expiresAt: Date.now() + 1e9 };
    if (user === undefined) localStorage.removeItem("parlor.session");
    else localStorage.setItem("parlor.session", JSON.stringify(session));
  }, user);

test.each(["another", undefined])("a tab becomes who another tab has become: %s", async (becomes) => {
  const stage = await TestStage.start();
  const ada = await person("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  const former = await userId(ada);
  const other = await secondTab(ada);
  await composer(other).waitFor();
  await storeSession(other, becomes);
  await expect.poll(() => [...stage.server.connections].filter(({ you }) => you.userId === former).length).toBe(1);
  await expect.poll(() => stage.server.connections.size).toBe(2);
  await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
  await say(ada, "As who I am");
  await message(ada, "As who I am").getByText("Sent", { exact: true }).waitFor();
  const now = await userId(ada);
  expect(now).not.toBe(former);
  expect(sent(stage)).toEqual([["As who I am", now]]);
});

test("a tab that was not told sends nothing as who it was", async () => {
  const stage = await TestStage.start();
  const ada = await person("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  const former = await userId(ada);
  await storeSession(ada, "another");
  await say(ada, "Who says this?");
  await notSent(ada, "Who says this?").waitFor();
  await message(ada, "Who says this?").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Who says this?")
    .getByText("Sent", { exact: true })
    .or(notSent(ada, "Who says this?"))
    .first()
    .waitFor();
  expect(sent(stage).filter(([, from]) => from === former)).toEqual([]);
});

test("a name chosen while messages wait is not undone by sending them", async () => {
  const stage = await TestStage.start();
  const ada = await person("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  await ada.context().setOffline(true);
  await say(ada, "Waits");
  await waiting(ada, "Waits").waitFor();
  await ada.getByRole("button", { name: "Change your name" }).click();
  await ada.getByRole("textbox", { name: "Your name" }).fill("Grace");
  await ada.getByRole("button", { name: "Save" }).click();
  await ada.context().setOffline(false);
  await message(ada, "Waits").getByText("Sent", { exact: true }).waitFor();
  await people(ada).filter({ hasText: "Grace" }).waitFor();
  expect(stage.server.received("join").map(({ name }) => name)).not.toContainEqual(undefined);
  expect(stage.server.received("join").at(-1)?.name).toBe("Grace");
  expect(await ada.evaluate(() => localStorage.getItem("parlor.name"))).toBe('"Grace"');
});

test("whoever was removed from a room does not come back by sending", async () => {
  const stage = await TestStage.start();
  const ada = await person("Ada", { siteUrl: stage.siteUrl, path });
  stage.server.intercept = ({ action }) => action === "send" && "forbidden";
  await say(ada, "Refused");
  await notSent(ada, "Refused").waitFor();
  stage.server.intercept = () => false;
  stage.server.broadcast({ type: "left", room: "r", reason: "ofTheFuture" as LeftReason });
  await ada.getByRole("main").getByText("no longer in this room").waitFor();
  await message(ada, "Refused").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Refused").getByText("You are not in this room any more.").waitFor();
  expect([stage.server.received("join").length, sent(stage)]).toEqual([1, []]);
  // Only by opening it, and then it is left again like any other.
  await ada.getByRole("link", { name: "New room" }).click();
  await ada.getByRole("link", { name: "Room r" }).click();
  await composer(ada).waitFor();
  await message(ada, "Refused").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Refused").getByText("Sent", { exact: true }).waitFor();
  await ada.getByRole("link", { name: "New room" }).click();
  await expect.poll(() => [...stage.server.connections].flatMap(({ rooms }) => [...rooms])).toEqual([]);
});

test("once every token is refused, writing starts no attempt and makes no guest", async () => {
  const stage = await TestStage.start();
  const ada = await person("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  const former = await userId(ada);
  const guests: string[] = [];
  await ada.route("**/api/me", (route) => route.fulfill({ status: 401, json: { code: "unauthorized", detail: "" } }));
  ada.on("request", (request) => request.url().endsWith("/sessions") && guests.push(request.url()));
  let attempts = 0;
  stage.server.refuses = () => ++attempts > 0;
  stage.server.cut();
  await ada.getByText("Parlor does not recognise you any more.").first().waitFor();
  // Another tab has it back.
  await storeSession(ada, former);
  const before = [attempts, guests.length];
  await say(ada, "Kept");
  await waiting(ada, "Kept").waitFor();
  // Behind whatever the message has set going.
  await ada.evaluate((user) => navigator.locks.request(`parlor.outbox.${user}.r`, () => {}), former);
  expect(before).toEqual([attempts, guests.length]);
});

test("what could never be sent is sent however late; what may have been sent a day ago is not", async () => {
  const stage = await TestStage.start();
  const ada = await person("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  await setClockBack(ada, 24 * HOUR_MS);
  stage.server.intercept = ({ action }) => action === "send";
  await say(ada, "Tried");
  await expect.poll(() => stage.server.received("send").length).toBe(1);
  await ada.context().setOffline(true);
  await say(ada, "Never tried");
  await waiting(ada, "Never tried").waitFor();
  await setClockBack(ada, 0);
  stage.server.intercept = () => false;
  await ada.context().setOffline(false);
  await notSent(ada, "Tried").waitFor();
  await expect.poll(() => sent(stage).map(([text]) => text)).toEqual(["Never tried"]);
});

test("where the browser blocks all site data, the page works as long as the tab lives", async () => {
  const stage = await TestStage.start();
  const ada = await person(undefined, { siteUrl: stage.siteUrl });
  await ada.addInitScript(() => {
    const block = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    Object.defineProperty(window, "localStorage", { get: block });
    Object.defineProperty(window, "indexedDB", { get: block });
    window.BroadcastChannel = class {
      constructor() {
        block();
      }
    } as unknown as typeof BroadcastChannel;
    Object.defineProperty(LockManager.prototype, "request", { value: async () => block() });
  });
  await ada.goto(`${stage.siteUrl}/?blocked${path.slice(1)}`);
  await ada.getByRole("textbox", { name: "Your name" }).fill("Ada");
  await ada.getByRole("button", { name: "Join the room" }).click();
  await say(ada, "Hello");
  await message(ada, "Hello").getByText("Sent", { exact: true }).waitFor();
  await ada.context().setOffline(true);
  await say(ada, "Later");
  await waiting(ada, "Later").waitFor();
  await ada.context().setOffline(false);
  await message(ada, "Later").getByText("Sent", { exact: true }).waitFor();
});

test("tabs that wake at the same moment send each message over one of them only", async () => {
  const stage = await TestStage.start();
  const ada = await person("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  const tabs = [ada, await secondTab(ada), await secondTab(ada)];
  for (const tab of tabs) await composer(tab).waitFor();
  await ada.context().setOffline(true);
  for (const text of ["One", "Two", "Three"]) await say(ada, text);
  for (const tab of tabs) await waiting(tab, "Three").waitFor();
  await ada.context().setOffline(false);
  for (const tab of tabs) await message(tab, "Three").getByText("Sent", { exact: true }).waitFor();
  expect(stage.server.received("send").map(({ text }) => text)).toEqual(["One", "Two", "Three"]);
});

/** Not with Playwright's clock: under that, timers that run already can no longer be cleared. */
function setClockBack(page: Page, by: number): Promise<void> {
  return page.evaluate((ms) => {
    Date.now = () => performance.timeOrigin + performance.now() - ms;
  }, by);
}
