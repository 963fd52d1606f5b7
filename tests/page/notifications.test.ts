// Notifications of the browser, recorded by a stand-in for its `Notification`.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { storedUserId } from "./support/api.ts";
import { openPage, phone, secondTab, setHidden, useBrowser } from "./support/browser.ts";
import { composer, createRoom, log, people, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

interface Shown {
  title: string;
  body?: string;
  silent?: boolean;
}

declare global {
  interface Window {
    shown: (Shown & { press(): void })[];
  }
}

/** Records what is shown, instead of showing it. */
function fakeNotifications({ permission, throws }: { permission: string; throws: boolean }): void {
  window.shown = [];
  class FakeNotification {
    static requestPermission = async () => permission;
    onclick: (() => void) | undefined;
    constructor(title: string, { body, silent }: NotificationOptions = {}) {
      if (throws) throw new TypeError("Illegal constructor");
      window.shown.push({
        title,
        ...(body !== undefined && { body }),
        ...(silent && { silent }),
        press: () => this.onclick?.(),
      });
    }
    close() {}
  }
  Object.assign(window, { Notification: FakeNotification });
}

/** What turning them on shows. */
const ON = { title: "Notifications are on" };

const item = (page: Page, room: string) =>
  page
    .getByRole("region", { name: "Your rooms" })
    .getByRole("listitem")
    .filter({ hasText: `Room ${room}` });

async function choose(page: Page, room: string, entry: string): Promise<void> {
  await item(page, room).hover();
  await item(page, room).getByRole("button", { name: "Options for" }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

const shown = (page: Page): Promise<Shown[]> =>
  page.evaluate(() => window.shown.map(({ press, ...each }) => each as Shown));

async function openRooms(
  rooms: readonly string[],
  { permission = "granted", throws = false, ...options } = {},
): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, ...options });
  await ada.context().addInitScript(fakeNotifications, { permission, throws });
  for (const room of rooms) {
    await ada.goto(`${stage.siteUrl}/#/rooms/${room}`);
    await ada.getByRole("heading", { name: `Room ${room}`, exact: true }).waitFor();
    await composer(ada).waitFor();
  }
  await ada.reload();
  await composer(ada).waitFor();
  return { ada, stage };
}

async function openOptions(page: Page): Promise<void> {
  await page.locator(".account-name").first().click();
  await page.getByRole("checkbox", { name: "Notify me" }).waitFor();
}

async function turnOn(page: Page): Promise<void> {
  await openOptions(page);
  await page.getByText("Notify me", { exact: true }).click();
  await expect.poll(() => shown(page)).toEqual([ON]);
  await page.keyboard.press("Escape");
}

test("a hidden page notifies of mentions in any of your rooms, and pressing one leads to the message", async () => {
  const { ada, stage } = await openRooms(["a", "b"]);
  await turnOn(ada);
  const mentions = [await storedUserId(ada)];
  stage.server.say("a", "While you look @Ada", { mentions });
  await item(ada, "a").getByText("While you look").waitFor();
  await setHidden(ada, true);
  stage.server.say("a", "Nothing for you");
  stage.server.say("a", "Hello @Ada", { mentions });
  await expect.poll(() => shown(ada)).toEqual([ON, { title: "Someone in Room a", body: "Hello @Ada" }]);
  await ada.evaluate(() => window.shown.at(-1)?.press());
  await ada.getByRole("heading", { name: "Room a", exact: true }).waitFor();
  expect(new URL(ada.url()).hash).toBe("#/rooms/a/3");
});

test("a room can notify of every message; a muted one notifies of nothing", async () => {
  const { ada, stage } = await openRooms(["a", "b"]);
  await turnOn(ada);
  const mentions = [await storedUserId(ada)];
  await choose(ada, "a", "Notify me of every message");
  await choose(ada, "b", "Mute");
  await setHidden(ada, true);
  stage.server.say("b", "Hello @Ada", { mentions });
  stage.server.say("a", "Tea?");
  await expect.poll(() => shown(ada)).toEqual([ON, { title: "Someone in Room a", body: "Tea?" }]);
  await setHidden(ada, false);
  await choose(ada, "a", "Notify me of mentions only");
  await setHidden(ada, true);
  stage.server.say("a", "No tea?");
  stage.server.say("a", "@Ada", { mentions });
  await expect.poll(async () => (await shown(ada)).map(({ body }) => body)).toEqual([undefined, "Tea?", "@Ada"]);
});

test("of several tabs one notifies, and none while any of them is visible", async () => {
  const { ada, stage } = await openRooms(["a"]);
  await turnOn(ada);
  const other = await secondTab(ada);
  await composer(other).waitFor();
  const mentions = [await storedUserId(ada)];
  const all = async () => (await Promise.all([ada, other].map(shown))).flat().map(({ body }) => body);
  await setHidden(ada, true);
  stage.server.say("a", "One @Ada", { mentions });
  await other.getByText("One").first().waitFor();
  await setHidden(other, true);
  stage.server.say("a", "Two @Ada", { mentions });
  await expect.poll(all).toEqual([undefined, "Two @Ada"]);
});

test("nothing is shown in quiet hours, and without a sound if so chosen", async () => {
  const { ada, stage } = await openRooms(["a"]);
  await turnOn(ada);
  const mentions = [await storedUserId(ada)];
  await openOptions(ada);
  expect(await violations(ada)).toEqual([]);
  await ada.getByText("Without a sound").click();
  await ada.getByText("Quiet hours").click();
  const time = (hours: number) => new Date(Date.now() + hours * 3_600_000).toTimeString().slice(0, 5);
  await ada.getByLabel("From").fill(time(-1));
  await ada.getByLabel("Until").fill(time(1));
  await ada.keyboard.press("Escape");
  await setHidden(ada, true);
  stage.server.say("a", "Sleep @Ada", { mentions });
  await item(ada, "a").getByText("Sleep").waitFor();
  await setHidden(ada, false);
  await openOptions(ada);
  await ada.getByLabel("From").fill(time(1));
  await ada.getByLabel("Until").fill(time(2));
  await ada.keyboard.press("Escape");
  await setHidden(ada, true);
  stage.server.say("a", "Wake @Ada", { mentions });
  await expect.poll(() => shown(ada)).toEqual([ON, { title: "Someone in Room a", body: "Wake @Ada", silent: true }]);
});

test("the first direct message of a person and later ones are notified of, one's own and those that were read are not", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Square" });
  const bo = await openPage("Bo", { path });
  await composer(bo).waitFor();
  await ada.context().addInitScript(fakeNotifications, { permission: "granted", throws: false });
  await ada.reload();
  await composer(ada).waitFor();
  await ada.getByText("No conversations yet.").waitFor();
  await turnOn(ada);
  await setHidden(ada, true);
  await people(bo).getByRole("button", { name: "Message Ada" }).click();
  await bo.getByRole("heading", { name: "Ada", level: 1 }).waitFor();
  await send(bo, "Psst");
  await expect.poll(() => shown(ada)).toEqual([ON, { title: "Bo", body: "Psst" }]);
  await send(bo, "Are you there?");
  await expect
    .poll(() => shown(ada))
    .toEqual([ON, { title: "Bo", body: "Psst" }, { title: "Bo", body: "Are you there?" }]);
  await ada.evaluate(() => window.shown.at(-1)?.press());
  await setHidden(ada, false);
  await log(ada).getByText("Are you there?").waitFor();
  await setHidden(ada, true);
  await send(ada, "Yes");
  await send(bo, "Good");
  await expect.poll(async () => (await shown(ada)).slice(3)).toEqual([{ title: "Bo", body: "Good" }]);
});

for (const [why, refused, text] of [
  ["blocks them", { permission: "denied" }, "Your browser blocks notifications"],
  ["has none for pages", { throws: true }, "This browser shows no notifications"],
] as const) {
  test(`a browser that ${why} says so, and they stay off`, async () => {
    const { ada } = await openRooms(["a"], { ...refused, ...phone });
    await ada.getByRole("button", { name: /^Rooms/ }).tap();
    await openOptions(ada);
    await ada.getByText("Notify me", { exact: true }).tap();
    await ada.getByText(text).waitFor();
    expect(await ada.getByRole("checkbox", { name: "Notify me" }).isChecked()).toBe(false);
  });
}
