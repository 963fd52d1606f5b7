// Copying a message's text and its link, and where the link leads.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { actionButton, chooseAction, composer, log, message } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

async function openRoom(messages: number, at = "", options = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  for (let n = 1; n <= messages; n++) stage.server.say("r", `Message ${n}`);
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: path + at, ...options });
  await composer(ada).waitFor();
  return { ada, stage };
}

/** Waits until the message is in the middle of the log and has the focus, which shows it. */
async function expectShown(page: Page, text: string): Promise<void> {
  const row = message(page, text);
  await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
  const [offset, outline] = await row.evaluate((element) => {
    const frame = (element.closest(".log") as Element).getBoundingClientRect();
    const { top, bottom } = element.getBoundingClientRect();
    const { outlineWidth, outlineStyle } = getComputedStyle(element.querySelector(".bubble") as Element);
    return [Math.abs((top + bottom - frame.top - frame.bottom) / 2), `${outlineStyle} ${outlineWidth}`];
  });
  expect(offset).toBeLessThan(40);
  expect(outline).toBe("solid 3px");
}

for (const [device, options] of [
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  ["a phone", phone],
] as const) {
  test(`the text and the link of a message are copied on ${device}`, async () => {
    const { ada, stage } = await openRoom(2, "", options);
    stage.server.say("r", "a **b**");
    await message(ada, "a b").waitFor();
    await chooseAction(message(ada, "a b"), "Copy the text");
    await ada.getByRole("status").getByText("Copied").waitFor({ state: "attached" });
    expect(await clipboard(ada)).toBe("a **b**");
    expect(await violations(ada, ".log")).toEqual([]);
    await actionButton(message(ada, "a b"), "Copy a link").click();
    await expect.poll(() => clipboard(ada)).toBe(`${stage.siteUrl}${path}/3`);
  });
}

test("by keyboard, the arrow keys reach what copies", async () => {
  const { ada, stage } = await openRoom(1);
  await actionButton(message(ada, "Message 1"), "React").focus();
  for (let presses = 0; presses < 3; presses++) await ada.keyboard.press("ArrowRight");
  await ada.keyboard.press("Enter");
  await expect.poll(() => clipboard(ada)).toBe(`${stage.siteUrl}${path}/1`);
});

test("a browser that does not allow to copy is reported", async () => {
  const { ada } = await openRoom(1);
  await ada.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
    document.execCommand = () => false;
  });
  await chooseAction(message(ada, "Message 1"), "Copy the text");
  await ada.getByRole("status").getByText("Couldn't copy.").waitFor({ state: "attached" });
});

test("a message's link opens the room at it", async () => {
  const { ada } = await openRoom(50, "/20");
  await expectShown(ada, "Message 20");
  await ada.keyboard.type("An answer");
  expect(await composer(ada).inputValue()).toBe("An answer");
});

test("a link to an old message loads what is missing, and another link moves on without opening the room anew", async () => {
  const { ada, stage } = await openRoom(1500, "/7");
  await expectShown(ada, "Message 7");
  expect(await log(ada).locator(".message").count()).toBeLessThanOrEqual(300);
  await ada.evaluate(() => {
    location.hash = "#/rooms/r/1400";
  });
  await expectShown(ada, "Message 1400");
  expect(stage.server.received("join")).toHaveLength(1);
});

test("a link to an old message goes on after a page could not be loaded", async () => {
  const stage = await TestStage.start();
  for (let n = 1; n <= 200; n++) stage.server.say("r", `Message ${n}`);
  stage.server.intercept = ({ action }) => action === "history" && "forbidden";
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: `${path}/7` });
  await ada.getByText("Couldn't load older messages.").waitFor({ state: "attached" });
  stage.server.intercept = () => false;
  await ada.getByRole("button", { name: "Try again" }).click();
  await expectShown(ada, "Message 7");
});

test("a link to a message that does not exist opens the room, and says so", async () => {
  const { ada } = await openRoom(3, "/99");
  await ada.getByRole("status").getByText("That message is not in this room.").waitFor({ state: "attached" });
  await message(ada, "Message 3").waitFor();
});
