// The reader's place: what they read stays where it is, whatever changes around it; at the end of the log they stay there.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { ServerFrame } from "../../client/src/protocol.ts";
import { person, phone, secondTab, settle, useChromium } from "./support/chromium.ts";
import { composer, log, message, say } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useChromium();

const path = "/#/rooms/r";
const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`).join("\n");

for (const [device, options] of [
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  ["a phone", phone],
] as const) {
  test(`what changes above or below does not move what one reads on ${device}`, async () => {
    const { siteUrl, server } = await TestStage.start();
    for (let n = 1; n <= 120; n++) server.say("r", `Message ${n}`);
    const ada = await person("Ada", { siteUrl, path, ...options });
    await message(ada, "Message 120").waitFor();
    await log(ada).evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
    await ada.getByRole("button", { name: "Newest" }).waitFor();
    const read = await firstWhole(ada);
    const number = Number(read.text.split(" ")[1]);

    const above = number - 10;
    const expectToStay = async (what: string, seen: () => Promise<unknown>) => {
      await seen();
      await settle(ada);
      const { top } = await firstWhole(ada, read.text);
      expect(Math.abs(top - read.top), what).toBeLessThanOrEqual(2);
    };
    const one = (text: string) => () => message(ada, text).waitFor({ state: "attached" });
    server.change("r", above, { kind: "edited", text: lines(30) });
    await expectToStay("an edit above", one(lines(30)));
    server.change("r", above, { kind: "edited", text: "Short again" });
    await expectToStay("an edit back", one("Short again"));
    for (const emoji of ["👍", "❤️", "😂"]) server.change("r", above + 1, { kind: "reacted", emoji });
    await expectToStay("reactions above", () =>
      message(ada, `Message ${above + 1}`)
        .getByRole("button", { name: "Tears of joy" })
        .waitFor({ state: "attached" }),
    );
    for (const emoji of ["👍", "❤️", "😂"]) server.change("r", above + 1, { kind: "unreacted", emoji });
    await expectToStay("reactions taken back", () =>
      log(ada).getByRole("group", { name: "Reactions" }).waitFor({ state: "detached" }),
    );
    server.change("r", above + 2, { kind: "edited", text: lines(10) });
    await expectToStay("another edit above", one(lines(10)));
    server.change("r", above + 2, { kind: "deleted" });
    await expectToStay("a deletion above", one("Message deleted"));
    server.change("r", number - 1, { kind: "edited", text: lines(40) });
    await expectToStay("an edit of the message before", one(lines(40)));
    server.change("r", number - 1, { kind: "deleted" });
    await expectToStay("a deletion of the message before", () =>
      expect.poll(() => message(ada, "Message deleted").count()).toBe(2),
    );
    server.change("r", 119, { kind: "edited", text: lines(20) });
    await expectToStay("an edit below", one(lines(20)));
    server.say("r", lines(25));
    await expectToStay("a new message", one(lines(25)));
    server.rename("r", "Another name");
    await expectToStay("a notice", () => log(ada).getByText("named the room").first().waitFor({ state: "attached" }));

    server.broadcast({ type: "typing", room: "r", from: { userId: "bo", name: "Bo" } });
    await expectToStay("somebody who types", () => ada.getByText("is typing…").waitFor());
    await composer(ada).fill(lines(12));
    await expectToStay("a long draft", async () => undefined);
    await composer(ada).fill("");
    await expectToStay("a draft that is gone", async () => undefined);
    await ada.context().setOffline(true);
    await expectToStay("the banner", () => ada.getByRole("button", { name: "Try now" }).waitFor());
    await ada.context().setOffline(false);
    await expectToStay("the banner that is gone", () =>
      ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" }),
    );
    // Older messages load while one reads.
    const oldest = await log(ada).locator(".bubble").first().textContent();
    await log(ada).evaluate((element) => element.scrollTo({ top: 500 }));
    const again = await firstWhole(ada);
    await expect.poll(() => log(ada).locator(".bubble").first().textContent()).not.toBe(oldest);
    await settle(ada);
    expect(Math.abs((await firstWhole(ada, again.text)).top - again.top), "older messages").toBeLessThanOrEqual(2);
  });

  test(`who reads the newest stays there on ${device}`, async () => {
    const { siteUrl, server } = await TestStage.start();
    for (let n = 1; n <= 40; n++) server.say("r", `Message ${n}`);
    const ada = await person("Ada", { siteUrl, path, ...options });
    await message(ada, "Message 40").waitFor();
    const expectTheEnd = async (what: string) => {
      await settle(ada);
      await expect.poll(() => fromEnd(ada), { message: what }).toBeLessThanOrEqual(1);
      expect(await ada.locator(".to-bottom").count(), what).toBe(0);
    };
    await expectTheEnd("at first");
    for (const draft of ["one\ntwo\nthree", lines(30), "short", lines(5), ""]) {
      await composer(ada).fill(draft);
      await expectTheEnd(`a draft of ${draft.length} characters`);
    }
    await composer(ada).pressSequentially("a");
    for (let line = 0; line < 5; line++) {
      await composer(ada).press("Shift+Enter");
      await expectTheEnd(`line ${line} of a draft`);
    }
    await composer(ada).fill("");
    server.change("r", 38, { kind: "edited", text: lines(30) });
    await message(ada, lines(30)).waitFor();
    await expectTheEnd("an edit");
    server.change("r", 40, { kind: "reacted", emoji: "👍" });
    await log(ada).getByRole("button", { name: "Thumbs up" }).waitFor();
    await expectTheEnd("a reaction");
    server.change("r", 38, { kind: "deleted" });
    await message(ada, "Message deleted").waitFor();
    await expectTheEnd("a deletion");
    const { width, height } = ada.viewportSize() ?? { width: 0, height: 0 };
    await ada.setViewportSize({ width, height: 400 });
    await expectTheEnd("a keyboard");
    await ada.setViewportSize({ width: 360, height });
    await expectTheEnd("a turned screen");
    server.intercept = ({ action }) => action === "send" && "forbidden";
    await say(ada, "Refused");
    await log(ada).getByText("Not sent.").waitFor();
    await expectTheEnd("a failed message");
    for (let n = 41; n <= 60; n++) server.say("r", lines(3));
    await expectTheEnd("many messages");
  });
}

test("a message that waits, here or in another tab, leads to the end once: when it is written here", async () => {
  const { siteUrl, server } = await TestStage.start();
  for (let n = 1; n <= 40; n++) server.say("r", lines(3));
  server.intercept = ({ action }) => action === "send";
  const ada = await person("Ada", { siteUrl, path });
  await log(ada).getByText("line 0").last().waitFor();
  const other = await secondTab(ada);
  await composer(other).waitFor();
  // While something still changes, the log stays at its end.
  const readAbove = () =>
    expect
      .poll(async () => {
        await log(ada).evaluate((element) => element.scrollTo({ top: 1000 }));
        return await ada.locator(".to-bottom").count();
      })
      .toBe(1);
  await readAbove();
  await say(ada, "Written here");
  await ada.locator(".to-bottom").waitFor({ state: "detached" });
  await readAbove();

  for (const text of ["Written there", "And another"]) {
    await say(other, text);
    await message(ada, text).waitFor({ state: "attached" });
    await ada.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await settle(ada);
    expect(await log(ada).evaluate((element) => element.scrollTop), text).toBe(1000);
  }
});

test("the wheel over the button to the newest message scrolls the log", async () => {
  const { siteUrl, server } = await TestStage.start();
  for (let n = 1; n <= 40; n++) server.say("r", lines(3));
  const ada = await person("Ada", { siteUrl, path });
  await log(ada).getByText("line 0").last().waitFor();
  await log(ada).evaluate((element) => element.scrollTo({ top: 1000 }));
  await ada.getByRole("button", { name: "Newest" }).hover();
  await ada.mouse.wheel(0, -300);
  await expect.poll(() => log(ada).evaluate((element) => element.scrollTop)).toBeLessThan(1000);
});

test("a cleared room shows its new beginning", async () => {
  const { siteUrl, server } = await TestStage.start();
  for (let n = 1; n <= 60; n++) server.say("r", `Message ${n}`);
  const ada = await person("Ada", { siteUrl, path });
  await message(ada, "Message 60").waitFor();
  await log(ada).evaluate((element) => element.scrollTo({ top: 900 }));
  await ada.getByRole("button", { name: "Newest" }).waitFor();
  clear(server);
  await log(ada).getByText("deleted what was said here before").waitFor();
  await ada.getByRole("status").getByText("What was said here before was deleted").waitFor({ state: "attached" });
  await ada.locator(".to-bottom").waitFor({ state: "detached" });
  server.say("r", "Anew");
  await message(ada, "Anew").waitFor();
});

/** As the server does it: the log starts anew, in another epoch, with the notice. */
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

/** The first message that is wholly visible, or the one with this text, and where it is. */
function firstWhole(page: Page, text?: string): Promise<{ text: string; top: number }> {
  return log(page).evaluate((element, text) => {
    const edge = element.getBoundingClientRect().top;
    for (const bubble of element.querySelectorAll(".bubble")) {
      const top = bubble.getBoundingClientRect().top - edge;
      const said = bubble.textContent ?? "";
      if (text === undefined ? top >= 0 : said === text) return { text: said, top };
    }
    throw new Error("There is no such message");
  }, text);
}
