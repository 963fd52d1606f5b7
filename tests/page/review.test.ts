// Review: what an author sees of a message that is refused or held, and what a moderator does about it.
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, createRoom, log, message, openDetails, send } from "./support/room.ts";

useBrowser();

test.each([
  ["wide", {}],
  ["phone", phone],
] as const)("a held message waits, and appears once a moderator approves it, on a %s screen", async (_, options) => {
  const ada = await openPage("Ada", options);
  const path = await createRoom(ada, { name: "Garden club" });
  const ben = await openPage("Ben", { path, ...options });
  await composer(ben).waitFor();

  const details = await openDetails(ada);
  await details.getByRole("checkbox", { name: "Review messages" }).check();
  await log(ben).getByText("turned on the review of messages").waitFor();
  expect(await violations(ada)).toEqual([]);

  await send(ben, "You blockhead");
  await message(ben, "You blockhead")
    .getByText("Not sent. This contains something that is not allowed. Change it, then try again.")
    .waitFor();
  await ben.getByRole("button", { name: "Discard: You blockhead" }).click();
  await send(ben, "Free money for all");
  const held = message(ben, "Free money for all");
  await held.getByText("Waiting for a moderator.").waitFor();
  expect(await held.getByRole("button", { name: "Try again" }).count()).toBe(0);
  expect(await violations(ben)).toEqual([]);

  await details.getByRole("button", { name: "Held messages" }).click();
  const dialog = ada.getByRole("dialog", { name: "Held messages" });
  const row = dialog.getByRole("listitem");
  await row.getByText("Free money for all").waitFor();
  await row.getByText("Word list: free money").waitFor();
  expect(await violations(ada)).toEqual([]);
  expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  await row.getByRole("button", { name: "Approve Ben's message" }).click();
  await dialog.getByText("Nothing waits for you").waitFor();
  await message(ben, "Free money for all").getByText("Sent", { exact: true }).waitFor();
  await ben.reload();
  await message(ben, "Free money for all").getByText("Sent", { exact: true }).waitFor();
  expect(await message(ben, "Free money for all").count()).toBe(1);
});

test("a rejected message says so to its author, with the moderator's reason, and can be discarded", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Garden club" });
  const ben = await openPage("Ben", { path });
  await composer(ben).waitFor();
  const details = await openDetails(ada);
  await details.getByRole("checkbox", { name: "Review messages" }).check();
  await log(ben).getByText("turned on the review of messages").waitFor();
  await send(ben, "Free money for all");
  const held = message(ben, "Free money for all");
  await held.getByText("Waiting for a moderator.").waitFor();

  await details.getByRole("button", { name: "Held messages" }).click();
  const dialog = ada.getByRole("dialog", { name: "Held messages" });
  const reject = dialog.getByRole("button", { name: "Reject Ben's message" });
  await reject.click();
  await dialog.getByRole("button", { name: "Cancel Ben's message" }).click();
  await reject.click();
  await dialog.getByRole("textbox", { name: "Why" }).fill("Not here, please");
  expect(await violations(ada)).toEqual([]);
  await reject.click();
  await dialog.getByText("Nothing waits for you").waitFor();
  await held.getByText("Not sent.").waitFor();
  await held.getByText("Not here, please").waitFor();
  await ben.reload();
  await held.getByText("Not here, please").waitFor();
  await ben.getByRole("button", { name: "Discard: Free money for all" }).click();
  await held.waitFor({ state: "detached" });
});
