// Choosing emoji: as reactions, in the composer, and by their short codes.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const picker = (page: Page) => page.locator("dialog.emoji-picker, dialog.sheet").last();
const search = (page: Page) => picker(page).getByRole("searchbox", { name: "Search emoji" });
const emojiButton = (page: Page, name: string) => picker(page).getByRole("button", { name, exact: true });
const list = (page: Page) => page.getByRole("listbox", { name: "Emoji" });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

async function openRoom(options = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  stage.server.say("r", "Hello");
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r", ...options });
  await composer(ada).waitFor();
  return { ada, stage };
}

test("any emoji can be a reaction, which the others see, and choosing it again takes it back", async () => {
  const ada = await openPage("Ada");
  const bo = await openPage("Bo", { path: await createRoom(ada) });
  await composer(bo).waitFor();
  await send(ada, "Dinner?");
  const row = (page: Page) => message(page, "Dinner?");
  async function reactWithFlamingo() {
    await chooseAction(row(bo), "React");
    await row(bo)
      .getByRole("button", { name: /^All emoji/ })
      .click();
    await search(bo).fill("flamin");
    await search(bo).press("Enter");
    await picker(bo).waitFor({ state: "detached" });
  }
  await reactWithFlamingo();
  await row(ada).getByText("🦩").waitFor();
  await reactWithFlamingo();
  await row(ada).getByText("🦩").waitFor({ state: "detached" });
});

test("an emoji is inserted where the caret is, in the chosen skin tone, and the recently used come first", async () => {
  const { ada } = await openRoom();
  await composer(ada).fill("Hi !");
  await composer(ada).press("ArrowLeft");
  const open = () => ada.getByRole("button", { name: "Insert an emoji" }).click();
  await open();
  await emojiButton(ada, "grinning face").waitFor();
  expect(await violations(ada)).toEqual([]);
  await picker(ada).getByRole("combobox", { name: "Skin tone" }).selectOption("🏽");
  await search(ada).fill("waving hand");
  await emojiButton(ada, "waving hand").click();
  await picker(ada).waitFor({ state: "detached" });
  expect(await composer(ada).inputValue()).toBe("Hi 👋🏽!");
  await expect.poll(() => ada.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  await ada.reload();
  await open();
  await picker(ada).getByRole("heading", { name: "Recently used" }).waitFor();
  expect(await picker(ada).locator(".emoji-grid button").first().textContent()).toBe("👋🏽");
  await emojiButton(ada, "thumbs up").first().waitFor();
  expect(await emojiButton(ada, "thumbs up").first().textContent()).toBe("👍🏽");
});

test("in the picker, arrow keys go from emoji to emoji and from row to row; only one is a stop of the Tab key", async () => {
  const { ada } = await openRoom();
  await ada.getByRole("button", { name: "Insert an emoji" }).click();
  await emojiButton(ada, "grinning face").waitFor();
  const buttons = picker(ada).locator(".emoji-grid button");
  expect(await buttons.count()).toBeGreaterThan(1_800);
  expect(await picker(ada).locator(".emoji-grid button[tabindex='0']").count()).toBe(1);
  await search(ada).press("ArrowDown");
  await expect.poll(() => focused(ada)).toBe("grinning face");
  await ada.keyboard.press("ArrowRight");
  const second = await focused(ada);
  expect(second).toBe(await buttons.nth(1).getAttribute("aria-label"));
  await ada.keyboard.press("ArrowDown");
  const below = await focused(ada);
  const columns = await picker(ada)
    .locator(".emoji-grid")
    .first()
    .evaluate((grid) => getComputedStyle(grid).gridTemplateColumns.split(" ").length);
  expect(below).toBe(await buttons.nth(1 + columns).getAttribute("aria-label"));
  await ada.keyboard.press("ArrowUp");
  expect(await focused(ada)).toBe(second);
  await ada.keyboard.press("End");
  expect(await focused(ada)).toBe("flag: Wales");
  await ada.keyboard.press("Home");
  expect(await focused(ada)).toBe("grinning face");
  await ada.keyboard.press("Enter");
  await picker(ada).waitFor({ state: "detached" });
  expect(await composer(ada).inputValue()).toBe("😀");
});

test("short codes are completed while they are written, and a complete one becomes its emoji", async () => {
  const { ada } = await openRoom();
  await composer(ada).pressSequentially("Well done :tad");
  await list(ada).getByText("🎉").waitFor();
  expect(await violations(ada, ".composer")).toEqual([]);
  await composer(ada).press("Enter");
  expect(await composer(ada).inputValue()).toBe("Well done 🎉 ");
  await composer(ada).pressSequentially(":rocket:");
  await expect.poll(() => composer(ada).inputValue()).toBe("Well done 🎉 🚀");
  await list(ada).waitFor({ state: "detached" });
  await composer(ada).pressSequentially(" at 10:30, see http://example.org");
  expect(await list(ada).count()).toBe(0);
  await composer(ada).press("Enter");
  await log(ada).getByText("Well done 🎉 🚀 at 10:30").waitFor();
});

test("on a phone, a reaction is chosen in a sheet, and the keyboard stays closed", async () => {
  const { ada } = await openRoom(phone);
  await chooseAction(message(ada, "Hello"), "React");
  await ada.getByRole("button", { name: /^All emoji/ }).tap();
  await emojiButton(ada, "grinning face").waitFor();
  expect(await ada.evaluate(() => document.activeElement?.tagName)).not.toBe("INPUT");
  const box = await emojiButton(ada, "grinning face").boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  await emojiButton(ada, "grinning face").tap();
  await message(ada, "Hello").getByText("😀").waitFor();
});
