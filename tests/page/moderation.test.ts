// What moderators do on the page, and what those concerned see.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Person, Role } from "../../client/src/index.ts";
import { refusal } from "../../client/test/server.ts";
import { tabTo, violations } from "./support/accessibility.ts";
import { storedUserId } from "./support/api.ts";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { actionButton, chooseAction, composer, log, message, openDetails, people, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const ben: Person = { userId: "ben-1234", name: "Ben" };
const cleo: Person = { userId: "cleo-1234", name: "Cleo" };
const path = "/#/rooms/r";
const devices = [
  ["wide", {}],
  ["phone", phone],
] as const;

/** A stage whose room has Ben and Cleo in it, and that tells moderators about these people. */
async function moderatedStage(standings: object[] = []): Promise<TestStage> {
  const stage = await TestStage.start();
  stage.server.others.set("r", [ben, cleo]);
  stage.answer = ({ method, path }) => {
    if (path !== "/rooms/r/moderation") return undefined;
    return { json: method === "POST" ? {} : { may: [], people: standings, audit: [] } };
  };
  return stage;
}

async function openRoomAs(stage: TestStage, role: Role, options = {}): Promise<Page> {
  stage.server.roleOf = () => role;
  const page = await openPage("Ada", { siteUrl: stage.siteUrl, path, ...options });
  await composer(page).waitFor();
  return page;
}

/** What the page has asked the stage to do. */
function done(stage: TestStage): unknown[] {
  const requests = stage.requests.filter(({ method, path }) => method === "POST" && path === "/rooms/r/moderation");
  return requests.map(({ body }) => body);
}

function menuButton(page: Page, name: string) {
  return people(page).getByRole("button", { name: `Moderate ${name}` });
}

function entries(page: Page): Promise<string[]> {
  return page.getByRole("menuitem").allTextContents();
}

test("a moderator mutes somebody with the keyboard alone, and the focus returns", async () => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "moderator");
  await tabTo(ada, "Moderate Ben");
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Kick…");
  expect(await entries(ada)).toEqual(["Kick…", "Mute…", "Ban…"]);
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("ArrowDown");
  await ada.keyboard.press("Enter");
  const dialog = ada.getByRole("dialog", { name: "Mute Ben" });
  await dialog.getByText("Guests can come back under another name").waitFor();
  await expect.poll(() => focusedName(ada)).toContain("10 minutes");
  await dialog.getByLabel("For how long").selectOption("1 hour");
  await dialog.getByLabel(/^Explanation/).fill("  Too loud ");
  await ada.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(done(stage)).toEqual([
    { action: "mute", userId: ben.userId, name: "Ben", seconds: 3600, explanation: "Too loud" },
  ]);
  await expect.poll(() => focusedName(ada)).toBe("Moderate Ben");
});

test.each(devices)("the dialogs of moderators are accessible and fit on a %s screen", async (_, options) => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "owner", options);
  const expectGood = async (name: string) => {
    const dialog = ada.getByRole("dialog", { name });
    await dialog.waitFor();
    expect(await violations(ada)).toEqual([]);
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  };
  const details = await openDetails(ada);
  const button = details.getByRole("button", { name: "Moderate Ben" });
  await button.click();
  await ada.getByRole("menuitem", { name: "Ban…" }).click();
  await expectGood("Ban Ben");
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Moderate Ben");
  await button.click();
  await ada.getByRole("menuitem", { name: "Make owner…" }).click();
  await expectGood("Make Ben the owner?");
  await ada.getByRole("button", { name: "Cancel" }).click();
  await details.getByRole("button", { name: "Bans, mutes and what was done" }).click();
  await ada.getByText("Nothing yet").waitFor();
  await expectGood("Moderation");
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Bans, mutes and what was done");
  await expectGood("Room details");
});

test("nobody is offered what they may not do, and that follows the notices", async () => {
  const stage = await moderatedStage([{ ...cleo, role: "moderator" }]);
  const ada = await openRoomAs(stage, "member");
  const you = { userId: await storedUserId(ada), name: "Ada" };
  const by = cleo;
  stage.server.say("r", "Beer traps", { from: ben });
  await message(ada, "Beer traps").hover();
  await actionButton(message(ada, "Beer traps"), "React").waitFor();
  expect(await ada.getByRole("button", { name: /^Moderate/ }).count()).toBe(0);
  expect(await actionButton(message(ada, "Beer traps"), "Delete").count()).toBe(0);

  stage.server.roleOf = () => "moderator";
  stage.server.notice("r", { kind: "appointed", people: [you], by });
  await menuButton(ada, "Ben").waitFor();
  await actionButton(message(ada, "Beer traps"), "Delete").waitFor();
  // Who made somebody a moderator owns the room.
  await people(ada).filter({ hasText: "Cleo" }).getByText("owner").waitFor();
  await people(ada).filter({ hasText: "Ada" }).getByText("moderator").waitFor();
  expect(await menuButton(ada, "Cleo").count()).toBe(0);
  stage.server.notice("r", { kind: "appointed", people: [ben], by });
  await menuButton(ada, "Ben").waitFor({ state: "detached" });

  stage.server.roleOf = () => "owner";
  stage.server.notice("r", { kind: "handedOver", people: [you], by });
  await menuButton(ada, "Cleo").click();
  await expect.poll(() => entries(ada)).toEqual(["Kick…", "Mute…", "Ban…", "Remove as moderator", "Make owner…"]);
  await ada.keyboard.press("Escape");
  stage.server.roleOf = () => "member";
  stage.server.notice("r", { kind: "handedOver", people: [ben], by: you });
  stage.server.notice("r", { kind: "dismissed", people: [you], by: ben });
  await menuButton(ada, "Cleo").waitFor({ state: "detached" });
});

test("the menu knows from the stage who is muted or banned, and offers to lift it", async () => {
  const stage = await moderatedStage([
    { ...ben, role: "member", muted: { explanation: "Too loud" } },
    { ...cleo, role: "moderator" },
  ]);
  const ada = await openRoomAs(stage, "owner");
  await menuButton(ada, "Ben").click();
  await ada.getByRole("menuitem", { name: "Unmute" }).click();
  await expect.poll(() => done(stage)).toEqual([{ action: "unmute", userId: ben.userId }]);
  await people(ada).filter({ hasText: "Cleo" }).getByText("moderator").waitFor();
  stage.server.notice("r", { kind: "unmuted", people: [ben] });
  stage.server.notice("r", { kind: "banned", people: [cleo], until: Date.now() + 3_600_000 });
  await log(ada).getByText("banned Cleo for 1 hour").waitFor();
  await menuButton(ada, "Cleo").click();
  await expect.poll(() => entries(ada)).toEqual(["Unban"]);
  await ada.keyboard.press("Escape");
  await menuButton(ada, "Ben").click();
  await ada.getByRole("menuitem", { name: "Mute…" }).waitFor();
});

test.each(devices)("the author of a message who has gone can be banned, on a %s screen", async (_, options) => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "moderator", options);
  stage.server.say("r", "Buy watches", { from: { userId: "eve-1234", name: "Eve" } });
  const spam = message(ada, "Buy watches");
  await spam.waitFor();
  await chooseAction(spam, "Moderate the author of");
  await expect.poll(() => entries(ada)).toEqual(["Mute…", "Ban…"]);
  await ada.getByRole("menuitem", { name: "Ban…" }).click();
  const dialog = ada.getByRole("dialog", { name: "Ban Eve" });
  // As large as from anywhere else: it does not take on the styles of the message.
  const title = await dialog.getByRole("heading").boundingBox();
  expect(title?.width).toBeGreaterThan(2 * (title?.height ?? 0));
  await dialog.getByLabel("For how long").selectOption("For good");
  await dialog.getByRole("button", { name: "Ban", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  expect(done(stage)).toEqual([{ action: "ban", userId: "eve-1234", name: "Eve" }]);
});

test("what fails is explained", async () => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "owner");
  const usual = stage.answer;
  stage.answer = (request) =>
    request.method === "POST" && request.path.endsWith("/moderation")
      ? { status: 403, code: "forbidden" }
      : usual(request);
  await menuButton(ada, "Ben").click();
  await ada.getByRole("menuitem", { name: "Make moderator" }).click();
  const failure = ada.getByRole("dialog", { name: "That did not work" });
  await failure.getByText("You are not allowed to do that.").waitFor();
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Moderate Ben");
  await menuButton(ada, "Ben").click();
  await ada.getByRole("menuitem", { name: "Mute…" }).click();
  const dialog = ada.getByRole("dialog", { name: "Mute Ben" });
  await dialog.getByLabel(/^Explanation/).fill("x".repeat(201));
  await dialog.getByText("1 character too many. The limit is 200.").waitFor();
  await dialog.getByRole("button", { name: "Mute", exact: true }).click();
  expect(done(stage)).toEqual([{ action: "appoint", userId: ben.userId }]);
  await dialog.getByLabel(/^Explanation/).fill("Too loud");
  await dialog.getByRole("button", { name: "Mute", exact: true }).click();
  await dialog.getByRole("alert").getByText("You are not allowed to do that.").waitFor();
});

test("a moderator says why they kick somebody", async () => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "moderator");
  await menuButton(ada, "Ben").click();
  await ada.getByRole("menuitem", { name: "Kick…" }).click();
  const dialog = ada.getByRole("dialog", { name: "Kick Ben" });
  await dialog.getByText("Ben is removed, and may come back.").waitFor();
  expect(await dialog.getByLabel("For how long").count()).toBe(0);
  await expect.poll(() => focusedName(ada)).toContain("Explanation");
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.type("Cool down");
  await ada.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(done(stage)).toEqual([{ action: "kick", userId: ben.userId, name: "Ben", explanation: "Cool down" }]);
  await expect.poll(() => focusedName(ada)).toBe("Moderate Ben");
});

test("a moderator slows the room down and locks it", async () => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "moderator");
  const details = await openDetails(ada);
  expect(await details.getByRole("button", { name: "Room settings" }).count()).toBe(0);
  await details.getByLabel("Slow mode").selectOption("One message every 30 seconds");
  await details.getByText("Lock the room").click();
  await expect
    .poll(() => done(stage))
    .toEqual([
      { action: "slowMode", seconds: 30 },
      { action: "lock", on: true },
    ]);
  stage.server.changeRules("r", { slowModeSeconds: 30, locked: true });
  await details.getByText("Locked: only moderators can write.").waitFor();
  await details.getByLabel("Slow mode").selectOption("Off");
  await expect.poll(() => done(stage).at(-1)).toEqual({ action: "slowMode" });
  await ada.keyboard.press("Escape");
  // Moderators are exempt from both.
  await send(ada, "One");
  await send(ada, "Two");
  await message(ada, "Two").getByText("Sent", { exact: true }).waitFor();
  expect(await ada.getByText(/^Slow mode/).count()).toBe(0);
});

test("moderators see who is restricted and what was done, page by page, and lift a ban", async () => {
  const stage = await moderatedStage();
  const at = Date.now();
  const usual = stage.answer;
  const eve = { userId: "eve-1234", name: "Eve" };
  const newest = [
    { at, kind: "banned", by: cleo, person: eve, until: at + 600_000, explanation: "Spam" },
    { at: at - 1, kind: "locked", by: cleo },
  ];
  stage.answer = (request) => {
    const { method, path, query } = request;
    if (method !== "GET" || path !== "/rooms/r/moderation") return usual(request);
    const older = [{ at: at - 2, kind: "appointed", by: ben, person: cleo }];
    const isFirst = query.get("cursor") === null;
    const people = [
      { ...cleo, role: "moderator" },
      { ...eve, role: "member", banned: { until: at + 600_000, explanation: "Spam" } },
    ];
    return { json: { may: [], people, audit: isFirst ? newest : older, ...(isFirst && { cursor: "next" }) } };
  };
  const ada = await openRoomAs(stage, "owner");
  await (await openDetails(ada)).getByRole("button", { name: "Bans, mutes and what was done" }).click();
  const dialog = ada.getByRole("dialog", { name: "Moderation" });
  const rows = dialog.getByRole("list").last().getByRole("listitem");
  await expect.poll(() => rows.count()).toBe(2);
  expect(await rows.first().textContent()).toMatch(/^Cleo banned Eve for 10 minutes Spam/);
  await dialog.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => rows.count()).toBe(3);
  expect(await dialog.getByRole("button", { name: "Show more" }).count()).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await dialog.getByRole("button", { name: "Lift the ban of Eve" }).click();
  await expect.poll(() => done(stage)).toEqual([{ action: "unban", userId: eve.userId }]);
  newest.unshift({ at: at + 1, kind: "unbanned", by: ben, person: eve } as (typeof newest)[0]);
  stage.server.notice("r", { kind: "unbanned", people: [eve], by: ben });
  await expect.poll(() => rows.count()).toBe(4);
});

test("somebody who is muted reads why and until when instead of writing, and keeps their draft", async () => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "member");
  const you = { userId: await storedUserId(ada), name: "Ada" };
  stage.server.change("r", stage.server.say("r", "Beer traps", { from: ben }).seq, { kind: "reacted", emoji: "👍" });
  await composer(ada).fill("I was about to say");
  const end = Date.now() + 600_000;
  stage.server.muted.set(you.userId, { until: end, explanation: "Too loud" });
  stage.server.notice("r", { kind: "muted", people: [you], by: cleo, until: end });
  const note = ada.getByText(/^A moderator muted you until/);
  await note.waitFor();
  await ada.getByText("Too loud").waitFor();
  await ada.getByRole("status").getByText("Cleo muted Ada for 10 minutes").waitFor({ state: "attached" });
  expect(await composer(ada).count()).toBe(0);
  await expect.poll(() => focusedName(ada)).toContain("A moderator muted you");
  expect(await ada.getByRole("button", { name: /^Thumbs up/ }).isDisabled()).toBe(true);
  await message(ada, "Beer traps").hover();
  expect(await actionButton(message(ada, "Beer traps"), "Reply").count()).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await ada.reload();
  await ada.getByText("Too loud").waitFor();
  stage.server.muted.clear();
  stage.server.notice("r", { kind: "unmuted", people: [you], by: cleo });
  await expect.poll(() => composer(ada).inputValue()).toBe("I was about to say");
});

test("a locked room says so in the place of the composer", async () => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "member");
  stage.server.changeRules("r", { locked: true });
  await ada.getByText("This room is locked.").waitFor();
  await log(ada).getByText("locked the room: only moderators can write").waitFor();
  expect(await violations(ada)).toEqual([]);
  stage.server.changeRules("r", { locked: false });
  await log(ada).getByText("unlocked the room: everyone can write").waitFor();
  await expect.poll(() => focusedName(ada)).toBe("Message");
});

test("slow mode counts down after each message; what is written meanwhile stays", async () => {
  const stage = await moderatedStage();
  const ada = await openRoomAs(stage, "member");
  await send(ada, "Zero");
  await message(ada, "Zero").getByText("Sent", { exact: true }).waitFor();
  stage.server.changeRules("r", { slowModeSeconds: 300 });
  await ada.getByText("Slow mode: one message every 5 minutes", { exact: true }).waitFor();
  await send(ada, "One");
  await ada.getByText("Slow mode: you can write again in").waitFor();
  await composer(ada).fill("Two");
  await composer(ada).press("Enter");
  expect(await ada.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
  expect(await composer(ada).inputValue()).toBe("Two");
  await ada.getByRole("status").getByText("Slow mode: wait a moment").waitFor({ state: "attached" });
  expect(await violations(ada)).toEqual([]);
  delete stage.server.room("r").rules.slowModeSeconds;
  stage.server.changeRules("r", {});
  await expect.poll(() => ada.getByRole("button", { name: "Send" }).isDisabled()).toBe(false);
  await composer(ada).press("Enter");
  await message(ada, "Two").getByText("Sent", { exact: true }).waitFor();
  expect(stage.server.received("send").map(({ text }) => text)).toEqual(["Zero", "One", "Two"]);
});

test.each(devices)(
  "somebody who was removed can join again, unless they are banned, on a %s screen",
  async (_, options) => {
    const stage = await moderatedStage();
    const ada = await openRoomAs(stage, "member", options);
    await composer(ada).fill("Draft");
    stage.server.broadcast({ type: "left", room: "r", reason: "kicked", explanation: "Cool down" });
    const main = ada.getByRole("main");
    await main.getByText("A moderator removed you from this room.").waitFor();
    await main.getByText("Cool down").waitFor();
    expect(await violations(ada)).toEqual([]);
    await main.getByRole("button", { name: "Join again" }).click();
    await expect.poll(() => composer(ada).inputValue()).toBe("Draft");

    const ban = { until: Date.now() + 86_400_000, explanation: "Advertising" };
    stage.server.broadcast({ type: "left", room: "r", reason: "banned", ...ban });
    await main.getByText("A moderator banned you from this room.").waitFor();
    await main.getByText("You cannot read or write here until").waitFor();
    await main.getByText("Advertising").waitFor();
    expect(await main.getByRole("button", { name: "Join again" }).count()).toBe(0);
    expect(await violations(ada)).toEqual([]);
    stage.server.intercept = ({ action }) => action === "join" && { ...refusal("banned"), ...ban };
    await ada.reload();
    await ada.getByRole("heading", { name: "You are banned from Room r" }).waitFor();
    await main.getByText("Advertising").waitFor();
    expect(await violations(ada)).toEqual([]);
  },
);
