// Four people in a moderated room of the stage under test: the owner, a moderator, and two whom they moderate.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, log, message, openDetails, people, send } from "./support/room.ts";

useBrowser();

/** Chooses from the menu of somebody in the list of people. */
async function moderate(page: Page, name: string, entry: string): Promise<void> {
  await people(page)
    .getByRole("button", { name: `Moderate ${name}` })
    .click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

async function expectSent(page: Page, text: string): Promise<void> {
  await send(page, text);
  await message(page, text).getByText("Sent", { exact: true }).waitFor();
}

test("four people live through moderation", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Garden club" });
  const [cleo, ben, dan] = await Promise.all(["Cleo", "Ben", "Dan"].map((name) => openPage(name, { path })));
  if (!cleo || !ben || !dan) throw new Error("Somebody is missing.");
  await Promise.all([cleo, ben, dan].map((page) => composer(page).waitFor()));

  await moderate(ada, "Cleo", "Make moderator");
  await log(ben).getByText("made Cleo a moderator").waitFor();
  await people(ben).filter({ hasText: "Cleo" }).getByText("moderator").waitFor();
  expect(await ben.getByRole("button", { name: /^Moderate/ }).count()).toBe(0);
  expect(
    await people(cleo)
      .filter({ hasText: "Ada" })
      .getByRole("button", { name: /^Moderate/ })
      .count(),
  ).toBe(0);

  await expectSent(ben, "Hello");
  await composer(ben).fill("And another thing");
  await moderate(cleo, "Ben", "Mute…");
  await cleo.getByLabel(/^Explanation/).fill("One at a time");
  await cleo.getByRole("button", { name: "Mute", exact: true }).click();
  await ben.getByText("A moderator muted you until").waitFor();
  await ben.getByText("One at a time").waitFor();
  expect(await dan.getByText("One at a time").count()).toBe(0);
  await moderate(cleo, "Ben", "Unmute");
  await expect.poll(() => composer(ben).inputValue()).toBe("And another thing");

  const details = await openDetails(cleo);
  await details.getByLabel("Slow mode").selectOption("One message every 5 seconds");
  await log(ben).getByText("turned on slow mode").waitFor();
  await expectSent(ben, "One");
  await ben.getByText("Slow mode: you can write again in").waitFor();
  await composer(ben).fill("Two");
  await expect.poll(() => ben.getByRole("button", { name: "Send" }).isEnabled()).toBe(true);
  await expectSent(ben, "Two");
  await details.getByLabel("Slow mode").selectOption("Off");
  await log(ben).getByText("turned off slow mode").waitFor();

  await details.getByText("Lock the room").click();
  await dan.getByText("This room is locked.").waitFor();
  await cleo.keyboard.press("Escape");
  await expectSent(cleo, "Please wait");
  await message(dan, "Please wait").waitFor();
  await (await openDetails(cleo)).getByText("Lock the room").click();
  await composer(dan).waitFor();
  await cleo.keyboard.press("Escape");

  await moderate(cleo, "Dan", "Kick…");
  await cleo.getByLabel(/^Explanation/).fill("Cool down");
  await cleo.getByRole("button", { name: "Kick", exact: true }).click();
  await dan.getByRole("main").getByText("A moderator removed you from this room.").waitFor();
  await dan.getByText("Cool down").waitFor();
  await people(cleo).filter({ hasText: "Dan" }).waitFor({ state: "detached" });
  await dan.getByRole("button", { name: "Join again" }).click();
  await expectSent(dan, "Back again");

  await expectSent(ben, "Buy watches");
  await chooseAction(message(cleo, "Buy watches"), "Moderate the author of");
  await cleo.getByRole("menuitem", { name: "Ban…" }).click();
  await cleo.getByLabel("For how long").selectOption("1 hour");
  await cleo.getByLabel(/^Explanation/).fill("Advertising");
  await cleo.getByRole("button", { name: "Ban", exact: true }).click();
  await ben.getByRole("main").getByText("A moderator banned you from this room.").waitFor();
  await ben.getByText("Advertising").waitFor();
  await log(dan).getByText("banned Ben for 1 hour").waitFor();
  await ben.reload();
  await ben.getByRole("heading", { name: "You are banned from Garden club" }).waitFor();
  await ben.getByText("Advertising").waitFor();
  await chooseAction(message(cleo, "Buy watches"), "Delete");
  await cleo.getByRole("button", { name: "Delete", exact: true }).click();
  await log(dan).getByText("Message deleted").waitFor();

  await (await openDetails(ada)).getByRole("button", { name: "Bans, mutes and what was done" }).click();
  const audit = ada.getByRole("dialog", { name: "Moderation" });
  const what = audit.getByRole("list").last().getByRole("listitem");
  await expect
    .poll(async () => (await what.allTextContents()).map((text) => text.replace(/\d\d?:\d\d$/, "").trim()))
    .toEqual([
      "Cleo banned Ben for 1 hour Advertising",
      "Cleo removed Dan from the room Cool down",
      "Cleo unlocked the room: everyone can write",
      "Cleo locked the room: only moderators can write",
      "Cleo turned off slow mode",
      "Cleo turned on slow mode: one message every 5 seconds",
      "Cleo unmuted Ben",
      "Cleo muted Ben for 10 minutes One at a time",
      "Ada made Cleo a moderator",
    ]);
  await audit.getByRole("button", { name: "Lift the ban of Ben" }).click();
  await audit.getByText("Nobody").waitFor();
  await log(dan).getByText("unbanned Ben").waitFor();
  await ben.reload();
  await expectSent(ben, "Sorry");
  await message(dan, "Sorry").waitFor();

  await ada.keyboard.press("Escape");
  await ada.keyboard.press("Escape");
  await moderate(ada, "Cleo", "Make owner…");
  await ada.getByRole("button", { name: "Make owner" }).click();
  await people(dan).filter({ hasText: "Cleo" }).getByText("owner").waitFor();
  await moderate(cleo, "Ada", "Remove as moderator");
  await people(ada).getByRole("button", { name: "Moderate Dan" }).waitFor({ state: "detached" });
});
