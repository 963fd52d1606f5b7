// The list of one's rooms: what is unread in each, in which order they are, and what can be done with them.
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, secondTab, setHidden, useBrowser } from "./support/browser.ts";
import { composer, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const list = (page: Page) => page.getByRole("region", { name: "Your rooms" });
const item = (page: Page, room: string) =>
  list(page)
    .getByRole("listitem")
    .filter({ hasText: `Room ${room}` });
const unread = (page: Page, room: string) => item(page, room).locator(".unread-count");
const names = (page: Page) => list(page).locator(".nav-name").allTextContents();

/** Opens these rooms one after another, and so makes them Ada's. The last one stays open. */
async function openRooms(rooms: readonly string[], options = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, ...options });
  for (const room of rooms) await open(ada, stage, room);
  return { ada, stage };
}

async function open(page: Page, stage: TestStage, room: string): Promise<void> {
  await page.goto(`${stage.siteUrl}/#/rooms/${room}`);
  await page.getByRole("heading", { name: `Room ${room}`, exact: true }).waitFor();
  await composer(page).waitFor();
}

async function choose(page: Page, room: string, entry: string): Promise<void> {
  await item(page, room).hover();
  await item(page, room).getByRole("button", { name: "Options for" }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

test("messages in rooms that are not open are counted, in the list and in the title, until they are read", async () => {
  const { ada, stage } = await openRooms(["a", "b"]);
  stage.server.say("a", "One");
  stage.server.say("a", "Two");
  await expect.poll(() => unread(ada, "a").textContent()).toBe("2 unread");
  await item(ada, "a").getByText("Someone: Two").waitFor();
  expect(await ada.title()).toBe("(2) Room b · Parlor");
  expect(await violations(ada)).toEqual([]);
  stage.server.change("a", 1, { kind: "deleted" });
  await expect.poll(() => unread(ada, "a").textContent()).toBe("1 unread");
  await item(ada, "a").getByRole("link").click();
  await message(ada, "Two").waitFor();
  await expect.poll(() => unread(ada, "a").count()).toBe(0);
  await expect.poll(() => ada.title()).toBe("Room a · Parlor");
  stage.server.say("a", "Three");
  await message(ada, "Three").waitFor();
  expect(await unread(ada, "a").count()).toBe(0);
});

test("after a reload, each room is joined once, from the place that was read, and the open one first", async () => {
  const { ada, stage } = await openRooms(["a", "b", "c"]);
  stage.server.say("a", "Read");
  await open(ada, stage, "a");
  await message(ada, "Read").waitFor();
  await open(ada, stage, "c");
  await ada.goto(`${stage.siteUrl}/config.json`);
  for (let n = 1; n <= 120; n++) stage.server.say("a", `New ${n}`);
  stage.server.frames.length = 0;
  await ada.goto(`${stage.siteUrl}/#/rooms/c`);
  await expect.poll(() => unread(ada, "a").textContent()).toBe("99+ unread");
  await expect.poll(() => stage.server.received("join").length).toBe(3);
  const joins = stage.server.received("join");
  expect(joins.map(({ room }) => room)).toEqual(["c", "a", "b"]);
  expect(joins[1]?.since).toEqual({ epoch: "e1", seq: 1 });
  await expect.poll(() => ada.title()).toBe("(99+) Room c · Parlor");
});

test("a room that was followed opens with its unread messages, a line before them and what came before", async () => {
  const { ada, stage } = await openRooms(["a"]);
  for (let n = 1; n <= 70; n++) stage.server.say("a", `Old ${n}`);
  await message(ada, "Old 70").waitFor();
  await open(ada, stage, "b");
  await ada.reload();
  await composer(ada).waitFor();
  for (let n = 1; n <= 3; n++) stage.server.say("a", `New ${n}`);
  await expect.poll(() => unread(ada, "a").textContent()).toBe("3 unread");
  await item(ada, "a").getByRole("link").click();
  await message(ada, "New 3").waitFor();
  await message(ada, "Old 70").waitFor();
  expect(await log(ada).locator(".new-messages + .message .bubble").allTextContents()).toEqual(["New 1"]);
});

test("what is read in one tab is read in all, and a mention is marked", async () => {
  const { ada, stage } = await openRooms(["a", "b"]);
  const other = await secondTab(ada);
  await composer(other).waitFor();
  const { userId } = await ada.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}"));
  stage.server.say("a", "Ada!", { mentions: [userId] });
  for (const page of [ada, other]) await item(page, "a").getByText("you are mentioned").waitFor({ state: "attached" });
  await item(ada, "a").getByRole("link").click();
  await message(ada, "Ada!").waitFor();
  await expect.poll(() => unread(other, "a").count()).toBe(0);
  await expect.poll(() => item(other, "a").getByText("you are mentioned").count()).toBe(0);
  await expect.poll(() => other.title()).toBe("Room b · Parlor");
});

test("rooms that cannot be joined say why, and are not tried again and again", async () => {
  const { ada, stage } = await openRooms(["a", "b", "c", "d"]);
  const refusals = new Map([
    ["a", "passRequired"],
    ["b", "roomFull"],
    ["c", "roomClosed"],
  ] as const);
  stage.server.frames.length = 0;
  stage.server.intercept = (frame) => frame.action === "join" && (refusals.get(frame.room as "a") ?? false);
  await ada.reload();
  await item(ada, "a").getByText("Password needed").waitFor();
  await item(ada, "b").getByText("Full").waitFor();
  await item(ada, "c").getByText("Closed").waitFor();
  await send(ada, "Still here");
  await message(ada, "Still here").waitFor();
  expect(
    stage.server
      .received("join")
      .map(({ room }) => room)
      .sort(),
  ).toEqual(["a", "b", "c", "d"]);
  expect(await violations(ada)).toEqual([]);
  stage.server.broadcast({ type: "left", room: "d", reason: "expired" });
  await ada.getByRole("main").getByText("Time is up").waitFor();
});

test("a new name is taken to the rooms that are not open, and to those in which the former one was taken", async () => {
  const { ada, stage } = await openRooms(["a", "b", "c"]);
  stage.server.intercept = (frame) =>
    frame.action === "join" && frame.room === "a" && frame.name === "Ada" && "nameTaken";
  await ada.reload();
  await item(ada, "a").getByText("Your name is taken there").waitFor();
  await item(ada, "b").getByText("Only you are here").waitFor();
  await ada.getByRole("button", { name: "Change your name" }).click();
  await ada.getByRole("textbox", { name: "Your name" }).fill("Grace");
  await ada.getByRole("button", { name: "Save" }).click();
  await item(ada, "a").getByText("Only you are here").waitFor();
  const joinedAsGrace = () =>
    stage.server
      .received("join")
      .filter(({ name }) => name === "Grace")
      .map(({ room }) => room)
      .sort();
  await expect.poll(joinedAsGrace).toEqual(["a", "b", "c"]);
});

test("the list keeps its order, with pinned rooms first, also after a reload and in another tab", async () => {
  const { ada, stage } = await openRooms(["a", "b", "c"]);
  const other = await secondTab(ada);
  await composer(other).waitFor();
  await ada.bringToFront();
  await open(ada, stage, "a");
  stage.server.say("b", "Hello");
  await expect.poll(() => unread(ada, "b").textContent()).toBe("1 unread");
  expect(await names(ada)).toEqual(["Room a", "Room b", "Room c"]);
  await choose(ada, "c", "Pin to the top");
  for (const page of [ada, other]) await expect.poll(() => names(page)).toEqual(["Room c", "Room a", "Room b"]);
  await ada.reload();
  await expect.poll(() => names(ada)).toEqual(["Room c", "Room a", "Room b"]);
  await choose(ada, "c", "Unpin");
  await expect.poll(() => names(ada)).toEqual(["Room a", "Room b", "Room c"]);
});

test("a muted room does not count in the title", async () => {
  const { ada, stage } = await openRooms(["a", "b"]);
  await choose(ada, "a", "Mute");
  stage.server.say("a", "Hello");
  await expect.poll(() => unread(ada, "a").textContent()).toBe("1 unread");
  expect(await ada.title()).toBe("Room b · Parlor");
  expect(await violations(ada)).toEqual([]);
  await choose(ada, "a", "Unmute");
  await expect.poll(() => ada.title()).toBe("(1) Room b · Parlor");
});

test("leaving a room takes it off the list and out of the room, and can be undone in its place", async () => {
  const { ada, stage } = await openRooms(["a", "b"]);
  await choose(ada, "a", "Pin to the top");
  await choose(ada, "a", "Leave");
  await expect.poll(() => names(ada)).toEqual(["Room b"]);
  await expect.poll(() => stage.server.received("leave").map(({ room }) => room)).toEqual(["a"]);
  await ada.getByRole("status").getByText("You left Room a").waitFor({ state: "attached" });
  expect(await violations(ada)).toEqual([]);
  await ada.getByRole("button", { name: "Undo" }).press("Enter");
  await expect.poll(() => names(ada)).toEqual(["Room a", "Room b"]);
  // Its button is gone, and the focus is in the list.
  expect(await focusedName(ada)).toContain("Room b");
  await expect.poll(() => [...stage.server.connections][0]?.rooms.has("a")).toBe(true);
  await choose(ada, "b", "Leave");
  await ada.getByRole("button", { name: "Create room" }).waitFor();
  await expect.poll(() => names(ada)).toEqual(["Room a"]);
  await ada.getByRole("button", { name: "Dismiss" }).click();
  expect(await ada.getByRole("button", { name: "Undo" }).count()).toBe(0);
});

test("by keyboard, the list is one stop of the Tab key; the arrow keys lead to a room and to its options", async () => {
  const { ada } = await openRooms(["a", "b", "c"]);
  await ada.getByRole("button", { name: "Find" }).focus();
  await ada.keyboard.press("Tab");
  await expect.poll(() => focusedName(ada)).toContain("Room c");
  await ada.keyboard.press("ArrowUp");
  await expect.poll(() => focusedName(ada)).toContain("Room b");
  await ada.keyboard.press("ArrowRight");
  await expect.poll(() => focusedName(ada)).toBe("Options for Room b");
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Pin to the top");
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("ArrowDown");
  await expect.poll(() => focusedName(ada)).toBe("Mute");
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Options for Room b");
  await ada.keyboard.press("ArrowLeft");
  await ada.keyboard.press("Enter");
  await ada.getByRole("heading", { name: "Room b", exact: true }).waitFor();
});

test("the menu of a room opens with the right mouse button too, and closes with a press elsewhere", async () => {
  const { ada } = await openRooms(["a", "b"]);
  await item(ada, "a").click({ button: "right" });
  await ada.getByRole("menuitem", { name: "Mute" }).waitFor();
  await ada.getByRole("heading", { name: "Room b" }).click();
  await ada.getByRole("menu").waitFor({ state: "hidden" });
});

test("on a phone, own rooms come before the form, and a drawer has them in a room, with a mark if something is new", async () => {
  const { ada, stage } = await openRooms(["a", "b"], phone);
  stage.server.say("a", "Hello");
  await ada.getByRole("button", { name: "Rooms: 1 unread" }).tap();
  const drawer = ada.getByRole("dialog", { name: "Rooms" });
  await drawer.getByRole("link", { name: "Room a" }).waitFor();
  expect(await violations(ada)).toEqual([]);
  await drawer.getByRole("button", { name: "Options for Room a" }).tap();
  await ada.getByRole("menuitem", { name: "Pin to the top" }).tap();
  await drawer.getByRole("link", { name: "Room a" }).tap();
  await message(ada, "Hello").waitFor();
  expect(await drawer.count()).toBe(0);
  await ada.goto(`${stage.siteUrl}/#/`);
  const top = (of: Locator) => of.evaluate((element) => element.getBoundingClientRect().top);
  expect(await top(list(ada))).toBeLessThan(await top(ada.getByLabel("Room name")));
  expect(await violations(ada)).toEqual([]);
});

test("in the lobby, what is unread is counted too, and many rooms are shown on request", async () => {
  const rooms = Array.from({ length: 8 }, (_, n) => `n${n}`);
  const { ada, stage } = await openRooms(rooms);
  await ada.goto(`${stage.siteUrl}/#/`);
  await expect.poll(() => names(ada)).toHaveLength(6);
  await ada.getByRole("button", { name: "Show all 8 rooms" }).click();
  await expect.poll(() => names(ada)).toHaveLength(8);
  stage.server.say("n7", "Hello");
  await expect.poll(() => ada.title()).toBe("(1) Parlor");
});

test("a hidden tab goes on counting", async () => {
  const { ada, stage } = await openRooms(["a", "b"]);
  await setHidden(ada, true);
  stage.server.say("a", "One");
  stage.server.say("b", "Two");
  await expect.poll(() => ada.title()).toBe("(2) Room b · Parlor");
  await setHidden(ada, false);
  await expect.poll(() => ada.title()).toBe("(1) Room b · Parlor");
});

test("a room keeps its scroll position while another one is open", async () => {
  const { ada, stage } = await openRooms(["a"]);
  for (let n = 1; n <= 80; n++) stage.server.say("a", `Message ${n}`);
  await message(ada, "Message 80").waitFor();
  await log(ada).evaluate((element) => element.scrollTo({ top: 1000 }));
  await ada.getByRole("button", { name: "Jump to latest" }).waitFor();
  const first = () =>
    log(ada).evaluate((element) => {
      const edge = element.getBoundingClientRect().top;
      const bubbles = [...element.querySelectorAll(".bubble")];
      const shown = bubbles.find((bubble) => bubble.getBoundingClientRect().top > edge);
      return [shown?.textContent, Math.round((shown?.getBoundingClientRect().top ?? 0) - edge)];
    });
  const before = await first();
  await item(ada, "a").waitFor();
  await open(ada, stage, "b");
  await item(ada, "a").getByRole("link").click();
  await expect.poll(first).toEqual(before);
  await ada.getByRole("button", { name: "Jump to latest" }).click();
  await open(ada, stage, "b");
  await item(ada, "a").getByRole("link").click();
  await message(ada, "Message 80").waitFor();
  expect(await ada.getByRole("button", { name: "Jump to latest" }).count()).toBe(0);
});
