// What a bot suggests: buttons for whom it answers, on a stage that the test controls.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, log, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const hotel = { userId: "bot:hotel", name: "Hotel", bot: true };
const quickReplies = [
  { text: "Yes, please", value: "yes" },
  { text: "Rather not", value: "no" },
  { text: "Another city, with a name so long that it fits no phone", value: "other" },
];

const path = "/#/rooms/r";
const buttons = (page: Page) => page.getByRole("group", { name: "Answers that Hotel suggests" }).getByRole("button");

/** Opens the room, sends a message and lets the bot answer it. */
async function asked(stage: TestStage, options: object = {}) {
  const page = await openPage("Ada", { path, siteUrl: stage.siteUrl, ...options });
  await composer(page).waitFor();
  await send(page, "Two nights in Oslo");
  const room = stage.server.room("r");
  await expect.poll(() => room.seq).toBe(1);
  stage.server.say("r", "2 nights in Oslo: shall I book them?", { from: hotel, replyTo: 1, quickReplies });
  await buttons(page).first().waitFor();
  return page;
}

test("a suggestion sends its value to the bot, and then they are gone; others do not see them", async () => {
  const stage = await TestStage.start();
  const ben = await openPage("Ben", { path, siteUrl: stage.siteUrl });
  await composer(ben).waitFor();
  const ada = await asked(stage);
  expect(await buttons(ada).allInnerTexts()).toEqual(quickReplies.map(({ text }) => text));
  await log(ben).getByText("shall I book them?").waitFor();
  expect(await buttons(ben).count()).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await buttons(ada).getByText("Yes, please").click();
  await log(ben).getByText("@Hotel yes").waitFor();
  expect(await focusedName(ada)).toBe("Message");
  await expect.poll(() => buttons(ada).count()).toBe(0);
  expect(stage.server.received("send").at(-1)).toMatchObject({ text: "@Hotel yes", mentions: ["bot:hotel"] });
});

test("suggestions fit a phone, and are gone once something else is written", async () => {
  const stage = await TestStage.start();
  const ada = await asked(stage, phone);
  for (const button of await buttons(ada).all()) {
    const { x = 0, width = 0 } = (await button.boundingBox()) ?? {};
    expect(x + width).toBeLessThanOrEqual(ada.viewportSize()?.width ?? 0);
  }
  expect(await violations(ada)).toEqual([]);
  await send(ada, "Let me think");
  await expect.poll(() => buttons(ada).count()).toBe(0);
});
