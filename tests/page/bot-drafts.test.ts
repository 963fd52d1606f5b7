// What a bot is writing, on a stage that the test controls.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Person } from "../../client/src/index.ts";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, log, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const librarian: Person = { userId: "bot:librarian", name: "Librarian", bot: true };
const path = "/#/rooms/r";
const draft = (page: Page) => page.locator(".bot-draft");

/** Opens the room and asks the bot. Returns the page, and what lets the bot write. */
async function asked(stage: TestStage, options: object = {}) {
  const page = await openPage("Ada", { path, siteUrl: stage.siteUrl, ...options });
  await composer(page).waitFor();
  await send(page, "@Librarian, a book?");
  const room = stage.server.room("r");
  await expect.poll(() => room.seq).toBe(1);
  const write = (text: string) =>
    stage.server.broadcast({ type: "draft", room: "r", epoch: room.epoch, seq: 1, from: librarian, text });
  return { page, write };
}

test("a draft is marked as the bot's, grows, and gives way to the answer, which alone is announced", async () => {
  const stage = await TestStage.start();
  const { page, write } = await asked(stage);
  write("Try");
  await draft(page).getByText("Try").waitFor();
  expect((await draft(page).innerText()).replace(/\s+/g, " ")).toContain("Librarian Bot is writing");
  write("Try Dubliners");
  await draft(page).getByText("Try Dubliners", { exact: true }).waitFor();
  expect(await draft(page).count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  const announced = await page.locator("[aria-live], [role=status], [role=alert], [role=log]").allInnerTexts();
  expect(announced.join()).not.toContain("Dubliners");
  stage.server.say("r", "Try Dubliners, by Joyce.", { from: librarian, replyTo: 1 });
  await log(page).getByText("Try Dubliners, by Joyce.").waitFor();
  await expect.poll(() => draft(page).count()).toBe(0);
});

test("markup in a draft is text", async () => {
  const stage = await TestStage.start();
  const { page, write } = await asked(stage);
  write("<img src=x onerror=alert(1)> **bold**");
  await draft(page).getByText("<img src=x onerror=alert(1)> **bold**").waitFor();
  expect(await draft(page).locator("img, b, strong").count()).toBe(0);
});

test("a long draft fits a phone, shows its newest lines and leaves the composer in view", async () => {
  const stage = await TestStage.start();
  const { page, write } = await asked(stage, phone);
  write(Array.from({ length: 60 }, (_, n) => `Line ${n}: ${"word ".repeat(12)}`).join("\n"));
  await draft(page).getByText("Line 59").waitFor();
  const height = page.viewportSize()?.height ?? 0;
  const bubble = draft(page).locator(".bubble");
  const { y = 0, height: shown = 0 } = (await bubble.boundingBox()) ?? {};
  expect(shown).toBeLessThanOrEqual(height / 4 + 1);
  // The last line is inside the bubble's lower edge.
  const last = await bubble.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().bottom;
  });
  expect(last).toBeLessThanOrEqual(y + shown);
  const box = await composer(page).boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
  expect(await violations(page)).toEqual([]);
});

test("a lost connection takes the draft away", async () => {
  const stage = await TestStage.start();
  const { page, write } = await asked(stage);
  write("Try");
  await draft(page).waitFor();
  for (const { socket } of stage.server.connections) socket.terminate();
  await expect.poll(() => draft(page).count()).toBe(0);
});
