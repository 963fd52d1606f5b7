// Touch screens: everything to press is large enough, and nothing covers a message.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, phone, useBrowser, waitForAnimations } from "./support/browser.ts";
import { chooseAction, composer, goToLobby, log, message, openSettings, send } from "./support/room.ts";
import { roomInfo, TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";

for (const width of [390, 320]) {
  test(`on a touch screen ${width} px wide, everything to press is at least 44 px wide and high`, async () => {
    const stage = await TestStage.start();
    const { siteUrl, server } = stage;
    const screen = { ...phone, viewport: { width, height: 700 } };
    stage.rooms = { status: 503, code: "unavailable" };
    const ada = await openPage("Ada", { siteUrl, ...screen });
    await ada.getByText("Couldn't load").waitFor();
    await expectLargeTargets(ada, "lobby, failed");
    stage.rooms = { json: { rooms: [roomInfo({ name: "A" })], cursor: "more" } };
    await ada.getByRole("button", { name: "Try again" }).tap();
    await ada.getByRole("button", { name: "Show more rooms" }).waitFor();
    await expectLargeTargets(ada, "lobby");
    await ada.getByText("Options", { exact: true }).tap();
    await expectLargeTargets(ada, "options");

    stage.room = { json: roomInfo({ passwordRequired: true }) };
    const bo = await openPage(undefined, { siteUrl, path, ...screen });
    await bo.getByRole("button", { name: "Join room" }).waitFor();
    await expectLargeTargets(bo, "naming");

    for (let n = 1; n <= 60; n++) server.say("r", `Message ${n}`);
    server.change("r", 60, { kind: "reacted", emoji: "👍" });
    server.room("r").rules.endsAt = server.now + 200_000;
    server.roleOf = () => "owner";
    await ada.goto(siteUrl + path);
    await ada.getByRole("main").getByText("ends in less than 5 minutes").waitFor();
    await expectLargeTargets(ada, "ending");
    await ada.getByRole("button", { name: "OK" }).tap();
    await openSettings(ada);
    await expectLargeTargets(ada, "settings");
    await ada.keyboard.press("Escape");
    await ada.getByRole("searchbox", { name: "Search the messages" }).fill("Message");
    await ada.getByRole("button", { name: "End room now" }).tap();
    await expectLargeTargets(ada, "details");
    await ada.getByRole("button", { name: "Close", exact: true }).tap();
    await ada.getByRole("button", { name: /^Rooms/ }).tap();
    await ada.getByRole("dialog", { name: "Rooms" }).getByRole("button", { name: "Options for" }).first().tap();
    await ada.getByRole("menuitem", { name: "Leave" }).waitFor();
    await expectLargeTargets(ada, "rooms");
    await ada.keyboard.press("Escape");
    await ada.keyboard.press("Escape");
    server.changeRules("r", { endsAt: server.now + 3_600_000 });
    await send(ada, "Mine");
    await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
    await expectLargeTargets(ada, "room");
    await chooseAction(message(ada, "Mine"), "React");
    await expectLargeTargets(ada, "reacting");
    await ada.keyboard.press("Escape");
    await chooseAction(message(ada, "Message 60"), "React");
    await expectLargeTargets(ada, "reacting to another's");
    await ada.keyboard.press("Escape");
    await ada.getByRole("button", { name: "Actions for your message" }).tap();
    await expectLargeTargets(ada, "tools");
    await ada.keyboard.press("Escape");
    await chooseAction(message(ada, "Mine"), "Delete");
    await expectLargeTargets(ada, "deleting");
    await ada.keyboard.press("Escape");
    await chooseAction(message(ada, "Mine"), "Edit");
    await expectLargeTargets(ada, "editing");
    await ada.getByRole("button", { name: "Cancel" }).tap();
    server.intercept = ({ action }) => action === "send" && "forbidden";
    await send(ada, "Refused");
    await log(ada).getByText("Not sent.").waitFor();
    await expectLargeTargets(ada, "failed");
    await log(ada).evaluate((element) => element.scrollTo({ top: 900 }));
    await ada.getByRole("button", { name: "Jump to latest" }).waitFor();
    await expectLargeTargets(ada, "scrolled");
    await ada.getByRole("button", { name: "Show people" }).tap();
    await ada.getByRole("dialog").waitFor();
    await expectLargeTargets(ada, "people");
    await ada.getByRole("button", { name: "Change your name" }).tap();
    await ada.getByRole("textbox", { name: "Your name" }).waitFor();
    await expectLargeTargets(ada, "renaming");
    await ada.keyboard.press("Escape");
    await ada.context().setOffline(true);
    await ada.getByRole("button", { name: "Try now" }).waitFor();
    await expectLargeTargets(ada, "offline");
    await ada.context().setOffline(false);
    await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
    server.broadcast({ type: "left", room: "r", reason: "closed" });
    await ada.getByRole("main").getByText("This room was closed.").waitFor();
    await expectLargeTargets(ada, "closed");
  });
}

test("a lobby that is opened offline shows the logo", async () => {
  const { siteUrl } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path, ...phone });
  await composer(ada).waitFor();
  await ada.context().setOffline(true);
  await goToLobby(ada);
  await ada.getByRole("link", { name: "Parlor" }).locator("svg").waitFor();
  expect(await ada.locator("img").count()).toBe(0);
});

/** Expects 44 px of everything to press, except links within a text, which are as high as its lines. */
async function expectLargeTargets(page: Page, state: string): Promise<void> {
  await waitForAnimations(page);
  const small = await page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>(
      "a, button, input:not([type=radio]), select, summary, textarea, .option",
    );
    return [...targets]
      .filter((target) => target.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((target) => !target.closest(".bubble"))
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      .filter(({ box: { width, height } }) => Math.min(width, height) < 43.9)
      .map(({ target, box: { width, height } }) => `${target.outerHTML.slice(0, 80)}: ${width} × ${height}`);
  });
  expect(small, state).toEqual([]);
}
