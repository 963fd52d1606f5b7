// A message's actions on a phone.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const sheet = (page: Page) => page.getByRole("dialog");

async function openRoom(): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  stage.server.say("r", "Hello, see https://example.org");
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r", ...phone });
  await composer(ada).waitFor();
  await send(ada, "Mine");
  await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
  return { ada, stage };
}

/** Puts a finger on a message. Returns a function that lifts it. */
async function press(page: Page, text: string, to = { x: 0, y: 0 }): Promise<() => Promise<void>> {
  const box = await message(page, text).locator(".bubble").boundingBox();
  if (!box) throw new Error("The message is not on screen.");
  const devtools = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 4, y: box.y + box.height / 2 };
  await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
  if (to.x || to.y) {
    const moved = { x: at.x + to.x, y: at.y + to.y };
    await devtools.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [moved] });
  }
  return async () => void (await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] }));
}

test("a long press opens a sheet that stays when the finger is lifted, keeps the focus and gives it back", async () => {
  const { ada } = await openRoom();
  const lift = await press(ada, "Mine");
  await sheet(ada).getByText("Your message").waitFor();
  await lift();
  expect(await violations(ada)).toEqual([]);
  for (let n = 0; n < 8; n++) {
    await ada.keyboard.press("Tab");
    expect(await ada.evaluate(() => document.activeElement?.closest(".message-header, .composer"))).toBe(null);
  }
  await sheet(ada).getByRole("button", { name: "Edit" }).waitFor();
  await ada.keyboard.press("Escape");
  await sheet(ada).waitFor({ state: "detached" });
  await expect.poll(() => ada.evaluate(() => document.activeElement?.textContent)).toContain("Mine");
});

test("its actions react, copy, edit and delete", async () => {
  const { ada } = await openRoom();
  const opened = async () => {
    const lift = await press(ada, "Mine");
    await sheet(ada).waitFor();
    await lift();
  };
  await message(ada, "Mine").locator(".bubble").tap();
  expect(await sheet(ada).count()).toBe(0);
  await opened();
  await sheet(ada).getByRole("button", { name: "React to" }).tap();
  await sheet(ada).getByRole("button", { name: "Party" }).tap();
  await message(ada, "Mine").getByRole("button", { name: "Party: 1 person" }).waitFor();
  await opened();
  await sheet(ada).getByRole("button", { name: "Copy the text" }).tap();
  await expect.poll(() => ada.evaluate(() => navigator.clipboard.readText())).toBe("Mine");
  await sheet(ada).getByRole("button", { name: "Edit" }).tap();
  await expect.poll(() => focusedName(ada)).toBe("Edit message");
  await ada.getByRole("textbox", { name: "Edit message" }).fill("Ours");
  await ada.getByRole("button", { name: "Save" }).tap();
  await message(ada, "Ours").getByText("(edited)").waitFor();
  await message(ada, "Ours").getByRole("button", { name: "Actions for" }).tap();
  await sheet(ada).getByRole("button", { name: "Delete" }).tap();
  expect(await violations(ada)).toEqual([]);
  await sheet(ada).getByRole("button", { name: "Delete", exact: true }).tap();
  await message(ada, "Message deleted").waitFor();
});

test("another's message cannot be edited, and a finger that moves scrolls", async () => {
  const { ada } = await openRoom();
  const lift = await press(ada, "Hello, see https://example.org", { x: 0, y: 60 });
  await lift();
  await message(ada, "Hello, see https://example.org").getByRole("button", { name: "Actions for" }).tap();
  await sheet(ada).getByText("Someone's message").waitFor();
  expect(
    await sheet(ada)
      .getByRole("button", { name: /^(Edit|Delete)/ })
      .count(),
  ).toBe(0);
  await ada.touchscreen.tap(195, 80);
  await sheet(ada).waitFor({ state: "detached" });
});
