// A room's details: what it is, its link, its people, search, a copy of its messages, and its owner's tools.
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { LogEvent } from "../../client/src/index.ts";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, log, message, openDetails } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";

/** A stage whose API reads the log of its WebSocket server, which has this many messages. */
async function stageWith(messages: number): Promise<TestStage> {
  const stage = await TestStage.start();
  for (let n = 1; n <= messages; n++)
    stage.server.say("r", n % 50 === 7 ? `Message ${n} about Krákow` : `Message ${n}`);
  stage.answer = ({ method, path, query }) =>
    method === "GET" && path === "/rooms/r/messages" ? { json: page(stage, query) } : undefined;
  return stage;
}

function page(stage: TestStage, query: URLSearchParams): object {
  const { epoch, seq, events, messages } = stage.server.room("r");
  const before = Number(query.get("before") ?? seq + 1);
  const from = query.has("after") ? Number(query.get("after")) + 1 : Math.max(1, before - 100);
  const to = query.has("after") ? Math.min(seq, from + 99) : before - 1;
  const shown: LogEvent[] = [];
  for (let at = from; at <= to; at++) {
    const event = events.get(at);
    if (event?.type === "message") shown.push({ ...event, ...messages.get(at) });
    else if (event) shown.push(event);
  }
  return { room: "r", epoch, seq, from, to, events: shown };
}

async function openRoom(stage: TestStage, options = {}): Promise<Page> {
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path, ...options });
  await composer(ada).waitFor();
  return ada;
}

test("the details tell the whole topic, the rules and the end in words, and show the link and its QR code", async () => {
  const stage = await stageWith(1);
  const room = stage.server.room("r");
  room.topic = "Slugs, and what to do about them. ".repeat(5).trim();
  room.rules = { passwordRequired: false, uniqueNames: true, maxPeople: 20, endsAt: Date.now() + 2.4 * 3_600_000 };
  const ada = await openRoom(stage);
  const details = await openDetails(ada);
  await details.getByText(room.topic).waitFor();
  await details.getByText("At most 20 people.").waitFor();
  await details.getByText("No two names alike.").waitFor();
  await details.getByText(/^Ends (today|tomorrow) at \d\d?:\d\d, in 2 hours\.$/).waitFor();
  await details.getByRole("button", { name: "Copy link" }).click();
  await details.getByRole("button", { name: "Copied" }).waitFor();
  expect(await ada.evaluate(() => navigator.clipboard.readText())).toBe(stage.siteUrl + path);
  await details.getByRole("button", { name: "Show QR code" }).click();
  await details.getByRole("img", { name: "QR code of the room's link" }).waitFor();
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Room details");
});

test("the people of a room can be told apart, and its owner is marked", async () => {
  const stage = await stageWith(1);
  stage.server.others.set("r", [
    { userId: "guest-1111", name: "Bo" },
    { userId: "guest-2222", name: "Bo" },
    { userId: "someone", name: "Cy" },
  ]);
  const ada = await openRoom(stage);
  stage.server.rename("r", "Garden");
  const details = await openDetails(ada);
  await expect
    .poll(() => details.locator(".person").allTextContents())
    .toEqual([expect.stringContaining("Adayou"), "BBo #1111", "BBo #2222", "CCyowner"]);
});

test("search finds loaded messages at once, older ones on request, and leads to them", async () => {
  const stage = await stageWith(400);
  const ada = await openRoom(stage);
  const details = await openDetails(ada);
  const results = details.locator(".search-results a");
  await details.getByRole("searchbox", { name: "Search the messages" }).fill("KRAKOW");
  await details.getByText("1 message found.").waitFor();
  expect(await results.locator("mark").allTextContents()).toEqual(["Krákow"]);
  await details.getByRole("button", { name: "Search older messages" }).click();
  await details.getByText(/^8 messages found, back to /).waitFor();
  await expect.poll(() => details.getByRole("button", { name: "Search older messages" }).count()).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await results.filter({ hasText: "Message 57 about" }).click();
  await expect.poll(() => ada.evaluate(() => document.activeElement?.textContent)).toContain("Message 57 about");
  expect(new URL(ada.url()).hash).toBe("#/rooms/r/57");
});

test("a search of older messages can be cancelled, and goes on where it was", async () => {
  const stage = await stageWith(400);
  const ada = await openRoom(stage);
  const details = await openDetails(ada);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await ada.route(/before=251/, async (route) => {
    await held;
    await route.continue();
  });
  await details.getByRole("searchbox").fill("Krakow");
  await details.getByRole("button", { name: "Search older messages" }).click();
  await details.getByText(/^3 messages found/).waitFor();
  await details.getByRole("progressbar", { name: "Searching older messages" }).waitFor();
  await details.getByRole("button", { name: "Cancel" }).click();
  release();
  await details.getByRole("button", { name: "Search older messages" }).click();
  await details.getByText(/^8 messages found/).waitFor();
  const asked = stage.requests.map(({ query }) => query.get("before"));
  expect(asked.filter((before) => before === "351")).toHaveLength(1);
});

test("a failed search says so", async () => {
  const stage = await stageWith(400);
  const ada = await openRoom(stage);
  stage.answer = () => ({ status: 503, code: "unavailable" });
  const details = await openDetails(ada);
  await details.getByRole("searchbox").fill("Message");
  await details.getByRole("button", { name: "Search older messages" }).click();
  await details.getByText("Couldn't search further back.").waitFor();
});

test("a copy of all messages is saved as a text file, in their latest version", async () => {
  const stage = await stageWith(250);
  stage.server.change("r", 2, { kind: "edited", text: "Edited" });
  stage.server.change("r", 3, { kind: "deleted" });
  stage.server.rename("r", "Tea / time");
  const ada = await openRoom(stage);
  const details = await openDetails(ada);
  const downloading = ada.waitForEvent("download");
  await details.getByRole("button", { name: "Save as text" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("Tea  time.txt");
  const lines = (await readFile(await download.path(), "utf8")).split("\n");
  expect(lines[0]).toBe("Tea / time");
  const texts = lines
    .slice(3)
    .map((line) => line.replace(/^\[[\d :-]{19}\] /, "").replace(/\(edited [\d :-]{19}\)/, "(edited)"));
  expect(texts.slice(0, 4)).toEqual([
    "Someone: Message 1",
    "Someone: Edited (edited)",
    "Someone: (deleted)",
    "Someone: Message 4",
  ]);
  expect(texts.slice(-3)).toEqual(["Someone: Message 250", "* Someone named the room Tea / time", ""]);
  expect(texts).toHaveLength(252);
});

test("saving a copy can be cancelled, and a failure is told", async () => {
  const stage = await stageWith(250);
  const ada = await openRoom(stage);
  const details = await openDetails(ada);
  await ada.route(/after=100/, () => {});
  await details.getByRole("button", { name: "Save as text" }).click();
  await details.getByRole("progressbar", { name: "Reading the messages" }).waitFor();
  await details.getByRole("button", { name: "Cancel" }).click();
  await ada.unrouteAll({ behavior: "ignoreErrors" });
  stage.answer = () => ({ status: 503, code: "unavailable" });
  await details.getByRole("button", { name: "Save as text" }).click();
  await details.getByText("Couldn't read all messages.").waitFor();
});

test("the owner deletes all messages, but only after confirming it", async () => {
  const stage = await stageWith(3);
  const ada = await openRoom(stage);
  expect(await (await openDetails(ada)).getByRole("button", { name: "Delete all messages" }).count()).toBe(0);
  await ada.keyboard.press("Escape");
  stage.server.roleOf = () => "owner";
  await ada.reload();
  await composer(ada).waitFor();
  const details = await openDetails(ada);
  const cleared = () =>
    stage.requests.filter(({ method }) => method === "DELETE").map(({ path, query }) => `${path}?${query}`);
  await details.getByRole("button", { name: "Delete all messages" }).click();
  await expect.poll(() => focusedName(ada)).toBe("Cancel");
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("Enter");
  expect(cleared()).toEqual([]);
  await details.getByRole("button", { name: "Delete all messages" }).click();
  await details.getByRole("button", { name: "Delete all", exact: true }).click();
  await expect.poll(cleared).toEqual(["/rooms/r/messages?epoch=e1"]);
  await expect.poll(() => focusedName(ada)).toBe("Delete all messages");
});

test("on a phone the details fit, and a failed download is reported", async () => {
  const stage = await stageWith(30);
  const ada = await openRoom(stage, phone);
  const details = await openDetails(ada);
  await details.getByRole("button", { name: "Show QR code" }).tap();
  expect(await details.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await ada.route("**/room-details-*.js", (route) => route.abort());
  await ada.reload();
  await message(ada, "Message 30").waitFor();
  await ada.getByRole("button", { name: "Room details" }).tap();
  await ada.getByRole("status").getByText("Couldn't load the room's details.").waitFor({ state: "attached" });
  await log(ada).waitFor();
});
