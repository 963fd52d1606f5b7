// The outbox and the identity that its messages are sent under, on a test stage.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { LeftReason } from "../../client/src/protocol.ts";
import { storedUserId } from "./support/api.ts";
import { openPage, secondTab, useBrowser } from "./support/browser.ts";
import { composer, message, people, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const HOUR_MS = 60 * 60 * 1000;

const storedMessages = ({ server }: TestStage) =>
  [...server.room("r").messages.values()].map(({ text, from }) => [text, from.userId]);
const failedLabel = (page: Page, text: string) => message(page, text).getByText("Not sent.");
const pendingLabel = (page: Page, text: string) => message(page, text).getByText("Waiting for the connection");

const storeSession = (page: Page, user: string | undefined) =>
  page.evaluate((user) => {
    const session = { token: user, userId: user, name: "Ada", expiresAt: Date.now() + 1e9 };
    if (user === undefined) localStorage.removeItem("parlor.session");
    else localStorage.setItem("parlor.session", JSON.stringify(session));
  }, user);

test.each(["another", undefined])("a tab takes the identity that another tab has stored: %s", async (becomes) => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  const former = await storedUserId(ada);
  const other = await secondTab(ada);
  await composer(other).waitFor();
  await storeSession(other, becomes);
  // Ada's connection leaves the former identity. The other tab's follows once Ada's stores something, at once as a new guest.
  await expect
    .poll(() => [...stage.server.connections].filter(({ you }) => you.userId === former).length)
    .toBeLessThanOrEqual(becomes === undefined ? 0 : 1);
  await expect.poll(() => stage.server.connections.size).toBe(2);
  await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
  await send(ada, "As who I am");
  await message(ada, "As who I am").getByText("Sent", { exact: true }).waitFor();
  const now = await storedUserId(ada);
  expect(now).not.toBe(former);
  expect(storedMessages(stage)).toEqual([["As who I am", now]]);
});

test("a tab that has not noticed a new identity sends nothing under the old one", async () => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  await storeSession(ada, "another");
  await send(ada, "Who says this?");
  await failedLabel(ada, "Who says this?").waitFor();
  await message(ada, "Who says this?").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Who says this?").getByText("Sent", { exact: true }).waitFor();
  expect(storedMessages(stage)).toEqual([["Who says this?", "another"]]);
});

test("sending pending messages keeps a name chosen meanwhile", async () => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  await ada.context().setOffline(true);
  await send(ada, "Waits");
  await pendingLabel(ada, "Waits").waitFor();
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

test("a person removed from a room does not rejoin by sending", async () => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  stage.server.intercept = ({ action }) => action === "send" && "forbidden";
  await send(ada, "Refused");
  await failedLabel(ada, "Refused").waitFor();
  stage.server.intercept = () => false;
  stage.server.broadcast({ type: "left", room: "r", reason: "ofTheFuture" as LeftReason });
  await ada.getByRole("main").getByText("no longer in this room").waitFor();
  await message(ada, "Refused").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Refused").getByText("You are no longer in this room.").waitFor();
  expect([stage.server.received("join").length, storedMessages(stage)]).toEqual([1, []]);
  // Only opening the room joins it again.
  await ada.getByRole("link", { name: "New room" }).click();
  await ada.getByRole("link", { name: "Room r" }).click();
  await composer(ada).waitFor();
  await message(ada, "Refused").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Refused").getByText("Sent", { exact: true }).waitFor();
  expect(stage.server.received("join").length).toBe(2);
  // Nothing keeps the tab in the room that this person leaves.
  await ada.getByRole("link", { name: "Room r" }).hover();
  await ada.getByRole("button", { name: "Options for Room r" }).click();
  await ada.getByRole("menuitem", { name: "Leave" }).click();
  await expect.poll(() => [...stage.server.connections].flatMap(({ rooms }) => [...rooms])).toEqual([]);
});

test("once every token is refused, writing a message neither connects nor creates a guest", async () => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  const former = await storedUserId(ada);
  const guests: string[] = [];
  await ada.route("**/api/me", (route) => route.fulfill({ status: 401, json: { code: "unauthorized", detail: "" } }));
  ada.on("request", (request) => request.url().endsWith("/sessions") && guests.push(request.url()));
  let attempts = 0;
  stage.server.refuses = () => ++attempts > 0;
  stage.server.cut();
  await ada.getByText("Your session is no longer valid.", { exact: true }).first().waitFor();
  // Another tab stores the former session again.
  await storeSession(ada, former);
  const before = [attempts, guests.length];
  await send(ada, "Kept");
  await pendingLabel(ada, "Kept").waitFor();
  // The lock is granted only after everything that the message started.
  await ada.evaluate((user) => navigator.locks.request(`parlor.outbox.${user}.r`, () => {}), former);
  expect(before).toEqual([attempts, guests.length]);
});

test("a message that was never sent is sent however late, but one that may have been sent a day ago is not", async () => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  await setClockBack(ada, 24 * HOUR_MS);
  stage.server.intercept = ({ action }) => action === "send";
  await send(ada, "Tried");
  await expect.poll(() => stage.server.received("send").length).toBe(1);
  await ada.context().setOffline(true);
  await send(ada, "Never tried");
  await pendingLabel(ada, "Never tried").waitFor();
  await setClockBack(ada, 0);
  stage.server.intercept = () => false;
  await ada.context().setOffline(false);
  await failedLabel(ada, "Tried").waitFor();
  await expect.poll(() => storedMessages(stage).map(([text]) => text)).toEqual(["Never tried"]);
});

test("if the browser blocks all site data, the page works for as long as the tab is open", async () => {
  const stage = await TestStage.start();
  const ada = await openPage(undefined, { siteUrl: stage.siteUrl });
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
  await ada.getByRole("button", { name: "Join room" }).click();
  await send(ada, "Hello");
  await message(ada, "Hello").getByText("Sent", { exact: true }).waitFor();
  await ada.context().setOffline(true);
  await send(ada, "Later");
  await pendingLabel(ada, "Later").waitFor();
  await ada.context().setOffline(false);
  await message(ada, "Later").getByText("Sent", { exact: true }).waitFor();
});

test("tabs that reconnect at the same moment send each message from only one of them", async () => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await composer(ada).waitFor();
  const tabs = [ada, await secondTab(ada), await secondTab(ada)];
  for (const tab of tabs) await composer(tab).waitFor();
  await ada.context().setOffline(true);
  for (const text of ["One", "Two", "Three"]) await send(ada, text);
  for (const tab of tabs) await pendingLabel(tab, "Three").waitFor();
  await ada.context().setOffline(false);
  for (const tab of tabs) await message(tab, "Three").getByText("Sent", { exact: true }).waitFor();
  expect(stage.server.received("send").map(({ text }) => text)).toEqual(["One", "Two", "Three"]);
});

/** Playwright's clock would not do: it cannot clear timers that already run. */
function setClockBack(page: Page, by: number): Promise<void> {
  return page.evaluate((ms) => {
    Date.now = () => performance.timeOrigin + performance.now() - ms;
  }, by);
}
