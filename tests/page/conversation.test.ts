// Two people create a room, join it by its link and exchange messages.
import { expect, test } from "vitest";
import { openPage, secondTab, setHidden, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, message, people, send, texts } from "./support/room.ts";

useBrowser();

test("one click creates a room, its link lets a second person join, and they exchange messages", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada, { name: "Tea time", topic: "Biscuits" });
  await ada.getByRole("button", { name: "Copy link" }).click();
  await ada.getByRole("button", { name: "Copied" }).waitFor();
  const link = await ada.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(ada.url());

  const bo = await openPage(undefined);
  await bo.goto(link);
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  await bo.getByRole("textbox", { name: "Your name" }).fill("Bo");
  await bo.getByRole("button", { name: "Join room" }).click();
  await bo.getByText("Biscuits").waitFor();

  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  expect(await people(bo).allTextContents()).toEqual([
    expect.stringContaining("Boyou"),
    expect.stringContaining("Ada"),
  ]);
  await send(ada, "Hello Bo");
  await message(bo, "Hello Bo").waitFor();
  await send(bo, "Hello Ada");
  await message(ada, "Hello Ada").waitFor();
  await message(ada, "Hello Bo").getByText("Sent", { exact: true }).waitFor();
  expect(await texts(ada)).toEqual(["Hello Bo", "Hello Ada"]);
});

test("others see who is typing until the message arrives", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await composer(bo).pressSequentially("Hm");
  await ada.getByText("Bo is typing…").waitFor();
  await composer(bo).press("Enter");
  await message(ada, "Hm").waitFor();
  await ada.getByText("Bo is typing…").waitFor({ state: "detached" });
});

test("a new name is visible to others and remembered for the next room", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await bo.getByRole("button", { name: "Change your name" }).click();
  await bo.getByRole("textbox", { name: "Your name" }).fill("Bodil");
  await bo.getByRole("button", { name: "Save" }).click();
  await people(ada).filter({ hasText: "Bodil" }).waitFor();
  await bo.getByRole("link", { name: "New room" }).click();
  await createRoom(bo);
  await people(bo).filter({ hasText: "Bodil" }).waitFor();
});

test("a reload keeps the identity and shows the history", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  await send(ada, "Before");
  await message(ada, "Before").getByText("Sent", { exact: true }).waitFor();
  await ada.reload();
  await message(ada, "Before").getByText("You").waitFor();
  await ada.getByRole("heading", { name: "1 person here" }).waitFor();
});

test("two tabs of one person count as one, and both receive everything", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  const other = await secondTab(ada);
  await send(ada, "From one tab");
  await message(other, "From one tab").waitFor();
  await send(other, "From the other");
  await message(ada, "From the other").waitFor();
  await other.getByRole("heading", { name: "1 person here" }).waitFor();
});

test("Back leads to the lobby, but not out of the room; Forward returns, and a draft survives", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  await composer(ada).fill("Not yet said");
  await ada.goBack();
  await ada.getByRole("button", { name: "Create room" }).waitFor();
  await send(bo, "Are you there?");
  await ada.getByRole("link", { name: "Bo: Are you there?" }).getByText("1 unread").waitFor();
  expect(await bo.getByRole("heading", { name: "2 people here" }).count()).toBe(1);
  await ada.goForward();
  await message(ada, "Are you there?").waitFor();
  await expect.poll(() => composer(ada).inputValue()).toBe("Not yet said");
});

test("the title counts messages that arrive while the page is hidden, except deleted ones", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  const bo = await openPage("Bo", { path });
  await setHidden(ada, true);
  await send(bo, "One");
  await send(bo, "Two");
  await expect.poll(() => ada.title()).toBe("(2) Tea time · Parlor");
  await chooseAction(message(bo, "One"), "Delete");
  await message(bo, "One").getByRole("button", { name: "Delete", exact: true }).last().click();
  await expect.poll(() => ada.title()).toBe("(1) Tea time · Parlor");
  await chooseAction(message(bo, "Two"), "Delete");
  await message(bo, "Two").getByRole("button", { name: "Delete", exact: true }).last().click();
  await expect.poll(() => ada.title()).toBe("Tea time · Parlor");
  await send(bo, "Three");
  await expect.poll(() => ada.title()).toBe("(1) Tea time · Parlor");
  await setHidden(ada, false);
  await expect.poll(() => ada.title()).toBe("Tea time · Parlor");
});
