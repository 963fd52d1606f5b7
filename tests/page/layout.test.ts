// The page fits its window: in every state and size, only lists and the log scroll.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, useBrowser, waitForAnimations } from "./support/browser.ts";
import { chooseAction, composer, log, message, openSettings, send } from "./support/room.ts";
import { roomInfo, TestStage } from "./support/test-stage.ts";

useBrowser();

const sizes = [
  ["a desktop", { viewport: { width: 1440, height: 900 } }],
  ["a tablet", { viewport: { width: 1024, height: 768 } }],
  ["a narrow window", { viewport: { width: 390, height: 844 } }],
  ["a window at 400 %", { viewport: { width: 320, height: 480 } }],
  ["a phone", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ["a small phone with its keyboard up", { viewport: { width: 320, height: 300 }, isMobile: true, hasTouch: true }],
] as const;

const long = "w".repeat(80);
const path = "/#/rooms/r";

for (const [device, options] of sizes) {
  test(`the lobby fits ${device}`, async () => {
    const stage = await TestStage.start();
    const { siteUrl } = stage;
    stage.rooms = "noAnswer";
    const ada = await openPage("Ada", { siteUrl, ...options });
    await ada.getByText("Loading rooms…").waitFor({ state: "attached" });
    await expectFits(ada, "loading");
    stage.rooms = { status: 503, code: "unavailable" };
    await ada.reload();
    await ada.getByText("Couldn't load").waitFor();
    await expectFits(ada, "failed");
    stage.rooms = { json: { rooms: [] } };
    await ada.getByRole("button", { name: "Try again" }).click();
    await ada.getByText("It's quiet here").waitFor();
    await expectFits(ada, "empty");
    await ada.getByText("Options", { exact: true }).click();
    await expectFits(ada, "options");
    const rooms = Array.from({ length: 50 }, (_, at) => roomInfo({ roomId: `${at}`, name: long, topic: long }));
    stage.rooms = { json: { rooms, cursor: "more" } };
    await ada.getByRole("button", { name: "Refresh the list" }).click();
    const more = ada.getByRole("button", { name: "Show more rooms" });
    await more.waitFor();
    await ada.mouse.move(10, 200);
    await ada.mouse.wheel(0, 20_000);
    await expect.poll(() => more.evaluate((button) => button.getBoundingClientRect().top < innerHeight)).toBe(true);
    await expectFits(ada, "full");
  });

  test(`a room that is not open fits ${device}`, async () => {
    const stage = await TestStage.start();
    const { siteUrl } = stage;
    const names = Array.from({ length: 20 }, () => "w".repeat(32));
    const rules = { maxPeople: 20, isFull: true, passwordRequired: true, uniqueNames: true, endsAt: Date.now() };
    const full = roomInfo({ name: long, topic: "t".repeat(200), people: 20, names, ...rules });
    stage.answer = ({ path }) => (path.endsWith("/passes") ? { json: { pass: "p", expiresAt: 0 } } : undefined);
    stage.room = { json: full };
    const bo = await openPage(undefined, { siteUrl, path, ...options });
    const join = bo.getByRole("button", { name: "Join room" });
    await join.scrollIntoViewIfNeeded();
    await expectFits(bo, "naming");
    await join.click();
    await bo.getByText("Enter the room's password.").waitFor();
    await expectFits(bo, "a missing password");
    await bo.getByLabel(/^Password/).fill("w".repeat(100));
    stage.server.intercept = ({ action }) => action === "join";
    await join.click();
    await bo.getByRole("heading", { name: "Opening the room…" }).waitFor();
    await expectFits(bo, "opening");
    for (const [code, title] of [
      ["roomNotFound", "Room not found"],
      ["roomClosed", "This room is closed"],
      ["tooManyRooms", "Couldn't open the room"],
    ] as const) {
      stage.server.intercept = ({ action }) => action === "join" && code;
      const ada = await openPage("Ada", { siteUrl, path, ...options });
      await ada.getByRole("heading", { name: title }).waitFor();
      await expectFits(ada, code);
    }
  });

  test(`an open room fits ${device}`, async () => {
    const stage = await TestStage.start();
    const { siteUrl, server } = stage;
    Object.assign(server.room("r"), { name: long, topic: long });
    server.room("r").rules.endsAt = server.now + 90_000;
    server.roleOf = () => "owner";
    const ada = await openPage("Ada", { siteUrl, path, ...options });
    await composer(ada).waitFor();
    await expectFits(ada, "empty");
    await ada.getByRole("main").getByText("ends in less than 5 minutes").waitFor();
    await expectFits(ada, "ending");
    await ada.getByRole("button", { name: "OK" }).click();
    await openSettings(ada);
    await expectFits(ada, "settings");
    await ada.keyboard.press("Escape");
    await expectFits(ada, "details");
    const end = ada.getByRole("button", { name: "End room now" });
    await end.scrollIntoViewIfNeeded();
    await end.click();
    await expectFits(ada, "asking");
    await ada.keyboard.press("Escape");
    server.changeRules("r", { endsAt: server.now + 3_600_000 });
    await expectWheelMovesNothing(ada);

    for (let n = 1; n <= 60; n++) server.say("r", `Message ${n}`);
    for (const text of ["w".repeat(300), "four thousand ".repeat(285), "line\n".repeat(60)]) server.say("r", text);
    for (const emoji of ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀"]) {
      server.change("r", 60, { kind: "reacted", emoji });
    }
    await send(ada, "Mine");
    await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
    await ada.reload();
    await message(ada, "Mine").waitFor();
    await expectFits(ada, "long");
    await log(ada).evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
    await expectFits(ada, "scrolled");
    await expectWheelMovesNothing(ada);
    await log(ada).evaluate((element) => element.scrollTo({ top: element.scrollHeight }));

    await composer(ada).fill("line\n".repeat(100));
    await expectFits(ada, "a long draft");
    await composer(ada).fill("x".repeat(4_100));
    await expectFits(ada, "a draft that is too long");
    await expectWheelMovesNothing(ada);
    await composer(ada).fill("");
    await composer(ada).press("ArrowUp");
    await ada.getByText("Editing your message").waitFor();
    await expectFits(ada, "editing");
    await ada.getByRole("button", { name: "Cancel" }).click();
    await chooseAction(message(ada, "Mine"), "React");
    await expectFits(ada, "reacting");
    await ada.keyboard.press("Escape");
    await chooseAction(message(ada, "Mine"), "Delete");
    await expectFits(ada, "deleting");
    await ada.keyboard.press("Escape");

    const people = ada.getByRole("button", { name: "Show people" });
    if (await people.isVisible()) {
      await people.click();
      await ada.getByRole("dialog").waitFor();
      await expectFits(ada, "people");
    }
    await ada.getByRole("button", { name: "Change your name" }).click();
    const save = ada.getByRole("dialog").getByRole("button", { name: "Save" });
    await save.scrollIntoViewIfNeeded();
    await expectFits(ada, "renaming");
    await ada.keyboard.press("Escape");

    server.intercept = ({ action }) => action === "send" && "forbidden";
    await send(ada, "Refused");
    await log(ada).getByText("Not sent.").waitFor();
    await expectFits(ada, "a failed message");
    server.intercept = () => false;
    const joins = server.received("join").length;
    await ada.context().setOffline(true);
    await ada.getByRole("button", { name: "Try now" }).waitFor();
    await expectFits(ada, "offline");
    await ada.context().setOffline(false);
    await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
    // The banner disappears once the connection is open, which is before the room is joined again.
    await expect.poll(() => server.received("join").length).toBeGreaterThan(joins);
    server.broadcast({ type: "left", room: "r", reason: "closed" });
    await ada.getByRole("main").getByText("This room was closed.").waitFor();
    await expectFits(ada, "closed");
    await expectWheelMovesNothing(ada);
  });
}

/** Expects that document and room fit the window, with the header, the composer and open dialogs inside. */
async function expectFits(page: Page, state: string): Promise<void> {
  await waitForAnimations(page);
  const beyond = await page.evaluate(() => {
    const excess: Record<string, number> = {};
    const note = (what: string, by: number) => {
      if (by > 0.5) excess[what] = by;
    };
    const { scrollHeight, scrollWidth } = document.documentElement;
    note("the document's height", scrollHeight - innerHeight);
    note("the document's width", scrollWidth - innerWidth);
    note("the body's width", document.body.scrollWidth - document.body.clientWidth);
    const room = document.querySelector(".room");
    if (room) {
      note("the body's height", document.body.scrollHeight - document.body.clientHeight);
      note("the room's height", room.scrollHeight - room.clientHeight);
      const main = document.querySelector(".room-main") as Element;
      note("the conversation's height", main.scrollHeight - main.clientHeight);
    }
    for (const element of document.querySelectorAll(".room-header, .composer, .closed-notice, dialog[open]")) {
      const { top, bottom, left, right } = element.getBoundingClientRect();
      note(`${element.className} above`, -top);
      note(`${element.className} below`, bottom - innerHeight);
      note(`${element.className} before`, -left);
      note(`${element.className} after`, right - innerWidth);
    }
    return excess;
  });
  expect(beyond, state).toEqual({});
}

/** Expects that the wheel over anything but the log moves nothing. */
async function expectWheelMovesNothing(page: Page): Promise<void> {
  const place = () =>
    page.evaluate(() => {
      const tops = [".room", ".room-header", ".log"].map(
        (name) => document.querySelector(name)?.getBoundingClientRect().top,
      );
      return [...tops, document.querySelector(".log")?.scrollTop, scrollY, document.body.scrollTop];
    });
  await twoFrames(page);
  const before = await place();
  for (const name of [".room-header", ".rooms-nav", ".people", ".composer", ".closed-notice", ".typing"]) {
    const part = page.locator(name);
    if (!(await part.isVisible())) continue;
    await part.hover({ position: { x: 3, y: 3 }, force: true });
    for (const way of [500, -500]) {
      await page.mouse.wheel(0, way);
      await twoFrames(page);
      expect(await place(), `the wheel over ${name}`).toEqual(before);
    }
  }
}

function twoFrames(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
