// Reporting a message, and what moderators do about it.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { tabTo, violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, log, message, openDetails, send } from "./support/room.ts";

useBrowser();

const devices = [
  ["wide", {}],
  ["phone", phone],
] as const;

/** Ada's room, with two messages of Ben's. Cleo has opened it too. */
async function setUp(options = {}): Promise<{ ada: Page; ben: Page; cleo: Page }> {
  const ada = await openPage("Ada", options);
  const path = await createRoom(ada, { name: "Garden club" });
  const [ben, cleo] = await Promise.all([openPage("Ben", { path }), openPage("Cleo", { path, ...options })]);
  await Promise.all([ben, cleo].map((page) => composer(page).waitFor()));
  for (const text of ["Cheap pots at pots.example", "Slugs are people, too"]) {
    await send(ben, text);
    await message(ben, text).getByText("Sent", { exact: true }).waitFor();
    await message(cleo, text).waitFor();
  }
  return { ada, ben, cleo };
}

async function report(page: Page, text: string, reason: string): Promise<void> {
  await chooseAction(message(page, text), "Report");
  const dialog = page.getByRole("dialog", { name: "Report Ben's message" });
  await dialog.getByRole("radio", { name: reason }).check();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Report", exact: true }).click();
  await dialog.getByText("Reported.").waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
}

async function openReports(page: Page) {
  const details = await openDetails(page);
  await details.getByRole("button", { name: "Reports" }).click();
  const dialog = page.getByRole("dialog", { name: "Reports" });
  return { dialog, rows: dialog.getByRole("listitem") };
}

test.each(devices)("a person reports messages and a moderator resolves them on a %s screen", async (_, options) => {
  const { ada, ben, cleo } = await setUp(options);
  await report(cleo, "Cheap pots at pots.example", "Spam");
  await message(cleo, "Cheap pots at pots.example").waitFor();
  await report(cleo, "Slugs are people, too", "Something else");
  await report(ada, "Cheap pots at pots.example", "Harassment");

  const { dialog, rows } = await openReports(ada);
  await expect.poll(() => rows.count()).toBe(2);
  const pots = rows.filter({ hasText: "Cheap pots" });
  await pots.getByText("2 people: Spam, Harassment").waitFor();
  expect(await violations(ada)).toEqual([]);
  expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);

  await pots.getByRole("button", { name: "Delete Ben's message" }).click();
  await expect.poll(() => rows.count()).toBe(1);
  await log(ben).getByText("Message deleted").waitFor();
  await rows.getByRole("button", { name: "Mute the author of" }).click();
  const mute = ada.getByRole("dialog", { name: "Mute Ben" });
  await mute.getByRole("button", { name: "Mute" }).click();
  await dialog.getByText("Nothing is reported").waitFor();
  await ben.getByText("A moderator muted you").first().waitFor();
  await ada.keyboard.press("Escape");
  await ada.getByRole("button", { name: "Bans, mutes and what was done" }).click();
  await ada.getByRole("dialog", { name: "Moderation" }).getByText("deleted a reported message of Ben").waitFor();
});

test("a moderator goes from a report to its message, and dismisses it with the keyboard", async () => {
  const { ada, cleo } = await setUp();
  await report(cleo, "Slugs are people, too", "Hate");
  const first = await openReports(ada);
  await first.rows.getByRole("link", { name: "Show in the room" }).click();
  await first.dialog.waitFor({ state: "detached" });
  await message(ada, "Slugs are people, too").waitFor();
  expect(ada.url()).toMatch(/\/\d+$/);

  const { dialog } = await openReports(ada);
  await dialog.getByText("1 person: Hate").waitFor();
  await tabTo(ada, "Dismiss the report of Ben's message");
  await ada.keyboard.press("Enter");
  await dialog.getByText("Nothing is reported").waitFor();
  await expect.poll(() => focusedName(ada)).not.toBe("");
  await message(cleo, "Slugs are people, too").waitFor();
});

test("only messages of others in rooms can be reported", async () => {
  const { ada, ben } = await setUp();
  await message(ben, "Slugs are people, too").hover();
  await message(ben, "Slugs are people, too")
    .getByRole("button", { name: /^Copy the text/ })
    .waitFor();
  expect(await ben.getByRole("button", { name: /^Report/ }).count()).toBe(0);
  await message(ada, "Slugs are people, too").hover();
  await message(ada, "Slugs are people, too")
    .getByRole("button", { name: /^Report/ })
    .waitFor();
});
