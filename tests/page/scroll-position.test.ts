// Scroll position: visible messages stay where they are whatever changes around them, and the end of the log stays visible.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { ServerFrame } from "../../client/src/protocol.ts";
import { openPage, phone, secondTab, useBrowser, waitForAnimations } from "./support/browser.ts";
import { composer, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`).join("\n");

for (const [device, options] of [
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  ["a phone", phone],
] as const) {
  test(`changes above or below do not move the visible messages on ${device}`, async () => {
    const { siteUrl, server } = await TestStage.start();
    for (let n = 1; n <= 120; n++) server.say("r", `Message ${n}`);
    const ada = await openPage("Ada", { siteUrl, path, ...options });
    await message(ada, "Message 120").waitFor();
    await log(ada).evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
    await ada.getByRole("button", { name: "Jump to latest" }).waitFor();
    const read = await firstVisible(ada);
    const number = Number(read.text.split(" ")[1]);

    const above = number - 10;
    const expectNotMoved = async (what: string, isApplied: () => Promise<unknown>) => {
      await isApplied();
      await waitForAnimations(ada);
      const { top } = await firstVisible(ada, read.text);
      expect(Math.abs(top - read.top), what).toBeLessThanOrEqual(2);
    };
    const isAttached = (text: string) => () => message(ada, text).waitFor({ state: "attached" });
    server.change("r", above, { kind: "edited", text: lines(30) });
    await expectNotMoved("an edit above", isAttached(lines(30)));
    server.change("r", above, { kind: "edited", text: "Short again" });
    await expectNotMoved("an edit back", isAttached("Short again"));
    for (const emoji of ["👍", "❤️", "😂"]) server.change("r", above + 1, { kind: "reacted", emoji });
    await expectNotMoved("reactions above", () =>
      message(ada, `Message ${above + 1}`)
        .getByRole("button", { name: "Tears of joy" })
        .waitFor({ state: "attached" }),
    );
    for (const emoji of ["👍", "❤️", "😂"]) server.change("r", above + 1, { kind: "unreacted", emoji });
    await expectNotMoved("reactions taken back", () =>
      log(ada).getByRole("group", { name: "Reactions" }).waitFor({ state: "detached" }),
    );
    server.change("r", above + 2, { kind: "edited", text: lines(10) });
    await expectNotMoved("another edit above", isAttached(lines(10)));
    server.change("r", above + 2, { kind: "deleted" });
    await expectNotMoved("a deletion above", isAttached("Message deleted"));
    server.change("r", number - 1, { kind: "edited", text: lines(40) });
    await expectNotMoved("an edit of the message before", isAttached(lines(40)));
    server.change("r", number - 1, { kind: "deleted" });
    await expectNotMoved("a deletion of the message before", () =>
      expect.poll(() => message(ada, "Message deleted").count()).toBe(2),
    );
    server.change("r", 119, { kind: "edited", text: lines(20) });
    await expectNotMoved("an edit below", isAttached(lines(20)));
    server.say("r", lines(25));
    await expectNotMoved("a new message", isAttached(lines(25)));
    server.rename("r", "Another name");
    await expectNotMoved("a notice", () => log(ada).getByText("named the room").first().waitFor({ state: "attached" }));

    server.broadcast({ type: "typing", room: "r", from: { userId: "bo", name: "Bo" } });
    await expectNotMoved("a typing indicator", () => ada.getByText("is typing…").waitFor());
    await composer(ada).fill(lines(12));
    await expectNotMoved("a long draft", async () => undefined);
    await composer(ada).fill("");
    await expectNotMoved("a cleared draft", async () => undefined);
    await ada.context().setOffline(true);
    await expectNotMoved("the banner", () => ada.getByRole("button", { name: "Try now" }).waitFor());
    await ada.context().setOffline(false);
    await expectNotMoved("the banner disappearing", () =>
      ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" }),
    );
    // Older messages load.
    const oldest = await log(ada).locator(".bubble").first().textContent();
    await log(ada).evaluate((element) => element.scrollTo({ top: 500 }));
    const again = await firstVisible(ada);
    await expect.poll(() => log(ada).locator(".bubble").first().textContent()).not.toBe(oldest);
    await waitForAnimations(ada);
    expect(Math.abs((await firstVisible(ada, again.text)).top - again.top), "older messages").toBeLessThanOrEqual(2);
  });

  test(`a log that is scrolled to its end stays there on ${device}`, async () => {
    const { siteUrl, server } = await TestStage.start();
    for (let n = 1; n <= 40; n++) server.say("r", `Message ${n}`);
    const ada = await openPage("Ada", { siteUrl, path, ...options });
    await message(ada, "Message 40").waitFor();
    const expectAtEnd = async (what: string) => {
      await waitForAnimations(ada);
      await expect.poll(() => fromEnd(ada), { message: what }).toBeLessThanOrEqual(1);
      expect(await ada.locator(".to-bottom").count(), what).toBe(0);
    };
    await expectAtEnd("at first");
    for (const draft of ["one\ntwo\nthree", lines(30), "short", lines(5), ""]) {
      await composer(ada).fill(draft);
      await expectAtEnd(`a draft of ${draft.length} characters`);
    }
    await composer(ada).pressSequentially("a");
    for (let line = 0; line < 5; line++) {
      await composer(ada).press("Shift+Enter");
      await expectAtEnd(`line ${line} of a draft`);
    }
    await composer(ada).fill("");
    server.change("r", 38, { kind: "edited", text: lines(30) });
    await message(ada, lines(30)).waitFor();
    await expectAtEnd("an edit");
    server.change("r", 40, { kind: "reacted", emoji: "👍" });
    await log(ada).getByRole("button", { name: "Thumbs up" }).waitFor();
    await expectAtEnd("a reaction");
    server.change("r", 38, { kind: "deleted" });
    await message(ada, "Message deleted").waitFor();
    await expectAtEnd("a deletion");
    const { width, height } = ada.viewportSize() ?? { width: 0, height: 0 };
    await ada.setViewportSize({ width, height: 400 });
    await expectAtEnd("an on-screen keyboard");
    await ada.setViewportSize({ width: 360, height });
    await expectAtEnd("a rotated screen");
    server.intercept = ({ action }) => action === "send" && "forbidden";
    await send(ada, "Refused");
    await log(ada).getByText("Not sent.").waitFor();
    await expectAtEnd("a failed message");
    for (let n = 41; n <= 60; n++) server.say("r", lines(3));
    await expectAtEnd("many messages");
  });
}

test("a pending message scrolls to the end only once, and only in the tab that wrote it", async () => {
  const { siteUrl, server } = await TestStage.start();
  for (let n = 1; n <= 40; n++) server.say("r", lines(3));
  server.intercept = ({ action }) => action === "send";
  const ada = await openPage("Ada", { siteUrl, path });
  await log(ada).getByText("line 0").last().waitFor();
  const other = await secondTab(ada);
  await composer(other).waitFor();
  // Repeated, because changes still in progress keep the log at its end.
  const scrollUp = () =>
    expect
      .poll(async () => {
        await log(ada).evaluate((element) => element.scrollTo({ top: 1000 }));
        return await ada.locator(".to-bottom").count();
      })
      .toBe(1);
  await scrollUp();
  await send(ada, "Written here");
  await ada.locator(".to-bottom").waitFor({ state: "detached" });
  await scrollUp();

  for (const text of ["Written there", "And another"]) {
    await send(other, text);
    await message(ada, text).waitFor({ state: "attached" });
    await ada.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await waitForAnimations(ada);
    expect(await log(ada).evaluate((element) => element.scrollTop), text).toBe(1000);
  }
});

test("the wheel over the Newest button scrolls the log", async () => {
  const { siteUrl, server } = await TestStage.start();
  for (let n = 1; n <= 40; n++) server.say("r", lines(3));
  const ada = await openPage("Ada", { siteUrl, path });
  await log(ada).getByText("line 0").last().waitFor();
  await log(ada).evaluate((element) => element.scrollTo({ top: 1000 }));
  await ada.getByRole("button", { name: "Jump to latest" }).hover();
  await ada.mouse.wheel(0, -300);
  await expect.poll(() => log(ada).evaluate((element) => element.scrollTop)).toBeLessThan(1000);
});

test("a cleared room shows the start of its new log", async () => {
  const { siteUrl, server } = await TestStage.start();
  for (let n = 1; n <= 60; n++) server.say("r", `Message ${n}`);
  const ada = await openPage("Ada", { siteUrl, path });
  await message(ada, "Message 60").waitFor();
  await log(ada).evaluate((element) => element.scrollTo({ top: 900 }));
  await ada.getByRole("button", { name: "Jump to latest" }).waitFor();
  clear(server);
  await log(ada).getByText("deleted all earlier messages").waitFor();
  await ada.getByRole("status").getByText("Earlier messages were deleted").waitFor({ state: "attached" });
  await ada.locator(".to-bottom").waitFor({ state: "detached" });
  server.say("r", "Anew");
  await message(ada, "Anew").waitFor();
});

/** Clears the room as the server does: a new epoch starts with the notice. */
function clear(server: TestStage["server"]): void {
  const room = server.room("r");
  Object.assign(room, { epoch: "e2", seq: 1 });
  room.events.clear();
  room.messages.clear();
  const by = { userId: "owner", name: "Owner" };
  const about = { room: "r", epoch: "e2", seq: 1, name: room.name, by, at: Date.now() };
  const frame: ServerFrame & { type: "notice" } = { type: "notice", kind: "cleared", ...about };
  room.events.set(1, frame);
  server.broadcast(frame);
}

function fromEnd(page: Page): Promise<number> {
  return log(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
}

/** The text and position of the first fully visible message, or of the message with this text. */
function firstVisible(page: Page, text?: string): Promise<{ text: string; top: number }> {
  return log(page).evaluate((element, text) => {
    const edge = element.getBoundingClientRect().top;
    for (const bubble of element.querySelectorAll(".bubble")) {
      const top = bubble.getBoundingClientRect().top - edge;
      const content = bubble.textContent ?? "";
      if (text === undefined ? top >= 0 : content === text) return { text: content, top };
    }
    throw new Error("There is no such message");
  }, text);
}
