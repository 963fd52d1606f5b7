// The log by keyboard: one stop of the Tab key, and the arrow keys within.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, useBrowser } from "./support/browser.ts";
import { composer, log, message } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.querySelector(".bubble")?.textContent);

async function openRoom(messages: number): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  for (let n = 1; n <= messages; n++) stage.server.say("r", `Message ${n}, see https://example.org/${n}`);
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
  await message(ada, `Message ${messages}, see https://example.org/${messages}`).waitFor();
  // The chunk that handles the keys has loaded: the Tab key passes over the buttons of messages.
  await expect.poll(() => log(ada).locator(".message a").last().getAttribute("tabindex")).toBe("-1");
  return { ada, stage };
}

test("the arrow keys go from message to message, and the Tab key from the log to the composer", async () => {
  const { ada } = await openRoom(30);
  await log(ada).focus();
  await ada.keyboard.press("ArrowUp");
  await expect.poll(() => focusedText(ada)).toContain("Message 30,");
  await ada.keyboard.press("ArrowUp");
  await expect.poll(() => focusedText(ada)).toContain("Message 29,");
  await ada.keyboard.press("Home");
  await expect.poll(() => focusedText(ada)).toContain("Message 1,");
  await expect.poll(() => log(ada).evaluate((element) => element.scrollTop)).toBeLessThan(200);
  await ada.keyboard.press("ArrowDown");
  await expect.poll(() => focusedText(ada)).toContain("Message 2,");
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("End");
  await expect.poll(() => focusedText(ada)).toContain("Message 30,");
  await ada.keyboard.press("Tab");
  await expect.poll(() => focusedName(ada)).toBe("Message");
  await ada.keyboard.press("Shift+Tab");
  await expect.poll(() => focusedText(ada)).toContain("Message 30,");
});

test("left and right go through what can be pressed in a message, and Escape back to it", async () => {
  const { ada, stage } = await openRoom(2);
  stage.server.change("r", 2, { kind: "reacted", emoji: "👍" });
  await ada.getByRole("button", { name: "Thumbs up: 1 person" }).waitFor();
  await log(ada).focus();
  await ada.keyboard.press("ArrowUp");
  // What shows replies is a chunk of its own.
  await ada
    .getByRole("button", { name: /^Reply to/ })
    .first()
    .waitFor({ state: "attached" });
  const seen = [];
  for (let n = 0; n < 8; n++) {
    await ada.keyboard.press("ArrowRight");
    seen.push((await focusedName(ada))?.replace(/ Someone's message.*/, ""));
  }
  const all = [
    "https://example.org/2",
    "React to",
    "Reply to",
    "Copy the text of",
    "Copy a link to",
    "Report",
    "Thumbs up: 1 person",
  ];
  expect(seen).toEqual([...all, all[0]]);
  await ada.keyboard.press("ArrowLeft");
  expect(await focusedName(ada)).toBe("Thumbs up: 1 person");
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedText(ada)).toContain("Message 2,");
});

test("a log whose focused message is gone can still be reached", async () => {
  const { ada, stage } = await openRoom(2);
  await log(ada).focus();
  await ada.keyboard.press("ArrowUp");
  await composer(ada).focus();
  stage.server.room("r").epoch = "e2";
  stage.server.room("r").events.clear();
  stage.server.say("r", "After clearing");
  await message(ada, "After clearing").waitFor();
  await ada.keyboard.press("Shift+Tab");
  await expect.poll(() => focusedName(ada)).toBe("Messages");
});
