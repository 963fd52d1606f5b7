// What is new since this person looked, and what they had begun to write.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { tabTo, violations } from "./support/accessibility.ts";
import { openPage, phone, secondTab, setHidden, useBrowser } from "./support/browser.ts";
import { composer, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const jumpButton = (page: Page) => page.getByRole("button", { name: "Jump to new messages" });
const divider = (page: Page) =>
  log(page)
    .getByRole("listitem")
    .filter({ hasText: /^New messages$/ });

/** The text of the message after the line "New messages". */
const firstNew = (page: Page) => log(page).locator(".new-messages + .message .bubble").allTextContents();

async function openRoom(messages: number, options = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  for (let n = 1; n <= messages; n++) stage.server.say("r", `Message ${n}`);
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path, ...options });
  await message(ada, `Message ${messages}`).waitFor();
  return { ada, stage };
}

test("messages that arrive while the tab is hidden begin with a line, until the next ones do", async () => {
  const { ada, stage } = await openRoom(3);
  expect(await divider(ada).count()).toBe(0);
  await setHidden(ada, true);
  stage.server.say("r", "New 1");
  stage.server.say("r", "New 2");
  await message(ada, "New 2").waitFor();
  await expect.poll(() => firstNew(ada)).toEqual(["New 1"]);
  await setHidden(ada, false);
  expect(await violations(ada, ".log")).toEqual([]);
  stage.server.say("r", "Seen");
  await message(ada, "Seen").waitFor();
  await expect.poll(() => firstNew(ada)).toEqual(["New 1"]);
  await expect.poll(() => jumpButton(ada).count()).toBe(0);
  await setHidden(ada, true);
  await divider(ada).waitFor({ state: "detached" });
  stage.server.say("r", "New 3");
  await message(ada, "New 3").waitFor();
  await expect.poll(() => firstNew(ada)).toEqual(["New 3"]);
});

test("the line goes away when this person writes", async () => {
  const { ada, stage } = await openRoom(3);
  await setHidden(ada, true);
  stage.server.say("r", "New");
  await divider(ada).waitFor();
  await setHidden(ada, false);
  await send(ada, "An answer");
  await divider(ada).waitFor({ state: "detached" });
});

test("messages that arrive while the log is scrolled up begin with a line, a deleted one does not", async () => {
  const { ada, stage } = await openRoom(60);
  await log(ada).evaluate((element) => element.scrollTo({ top: 900 }));
  await ada.getByRole("button", { name: "Jump to latest" }).waitFor();
  stage.server.say("r", "Taken back");
  stage.server.say("r", "New");
  await message(ada, "New").waitFor({ state: "attached" });
  await expect.poll(() => firstNew(ada)).toEqual(["Taken back"]);
  stage.server.change("r", 61, { kind: "deleted" });
  await expect.poll(() => firstNew(ada)).toEqual(["New"]);
  expect(await jumpButton(ada).count()).toBe(0);
  await ada.getByRole("button", { name: "1 new message" }).click();
  await expect.poll(() => divider(ada).isVisible()).toBe(true);
});

for (const [device, options] of [
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  ["a phone", phone],
] as const) {
  test(`after a reload on ${device}, a button leads to the first message that came meanwhile`, async () => {
    const { ada, stage } = await openRoom(3, options);
    await ada.goto(`${stage.siteUrl}/config.json`);
    // More than the room shows at first, and more than two pages of older ones.
    for (let n = 1; n <= 230; n++) stage.server.say("r", `New ${n}`);
    await ada.goto(stage.siteUrl + path);
    await message(ada, "New 230").waitFor();
    await jumpButton(ada).waitFor();
    expect(await violations(ada, ".log")).toEqual([]);
    if (options === phone) {
      expect((await jumpButton(ada).boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await jumpButton(ada).tap();
    } else {
      await tabTo(ada, "Jump to new messages");
      await ada.keyboard.press("Enter");
    }
    await expect.poll(() => ada.evaluate(() => document.activeElement?.textContent)).toContain("New 1");
    await expect.poll(() => firstNew(ada)).toEqual(["New 1"]);
    await expect.poll(() => isInView(ada, "New 1")).toBe(true);
    await jumpButton(ada).waitFor({ state: "detached" });
    expect(await divider(ada).count()).toBe(1);
  });
}

test("what was read in another epoch or by another guest says nothing about this log", async () => {
  const { ada, stage } = await openRoom(3);
  await ada.evaluate(() => localStorage.removeItem("parlor.session"));
  await ada.goto(`${stage.siteUrl}/config.json`);
  stage.server.say("r", "New");
  await ada.goto(stage.siteUrl + path);
  await message(ada, "New").waitFor();
  expect(await divider(ada).count()).toBe(0);
  await ada.goto(`${stage.siteUrl}/config.json`);
  stage.server.room("r").epoch = "e2";
  stage.server.say("r", "Newer");
  await ada.goto(stage.siteUrl + path);
  await message(ada, "Newer").waitFor();
  expect(await divider(ada).count()).toBe(0);
});

test("a draft survives leaving the room and a reload, and belongs to its room; a sent one does not return", async () => {
  const { ada, stage } = await openRoom(1);
  await composer(ada).fill("Half a\nthought");
  await ada.reload();
  await message(ada, "Message 1").waitFor();
  expect(await composer(ada).inputValue()).toBe("Half a\nthought");
  await ada.goto(`${stage.siteUrl}/#/rooms/other`);
  await ada.getByRole("heading", { name: "Room other" }).waitFor();
  expect(await composer(ada).inputValue()).toBe("");
  await ada.goto(stage.siteUrl + path);
  await message(ada, "Message 1").waitFor();
  expect(await composer(ada).inputValue()).toBe("Half a\nthought");
  await composer(ada).press("Enter");
  await ada.reload();
  await message(ada, "Message 1").waitFor();
  expect(await composer(ada).inputValue()).toBe("");
});

test("another tab does not replace a draft", async () => {
  const { ada } = await openRoom(1);
  await composer(ada).fill("Mine");
  const other = await secondTab(ada);
  await expect.poll(() => composer(other).inputValue()).toBe("Mine");
  await composer(other).fill("Changed");
  await send(ada, "Sent");
  await message(ada, "Sent").waitFor();
  await composer(ada).press("ArrowUp");
  await ada.keyboard.press("Escape");
  expect(await composer(ada).inputValue()).toBe("");
  expect(await composer(other).inputValue()).toBe("Changed");
});

function isInView(page: Page, text: string): Promise<boolean> {
  return message(page, text).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const frame = element.closest(".log")?.getBoundingClientRect();
    return frame !== undefined && top >= frame.top && bottom <= frame.bottom;
  });
}
