// Editing, deleting and reacting to messages, and renaming the room.
import { expect, test } from "vitest";
import { callApi, roomIdOf } from "./support/api.ts";
import { openPage, secondTab, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, log, message, send, texts } from "./support/room.ts";

useBrowser();

test("an edited message is marked and keeps its position", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await send(ada, "Helo");
  await send(ada, "Bo?");
  await message(bo, "Bo?").waitFor();
  await composer(ada).fill("A draft");
  await chooseAction(message(ada, "Helo"), "Edit");
  const editor = ada.getByRole("textbox", { name: "Edit message" });
  expect(await editor.inputValue()).toBe("Helo");
  await editor.fill("Hello");
  await ada.getByRole("button", { name: "Save" }).click();
  for (const page of [ada, bo]) await message(page, "Hello").getByText("(edited)").waitFor();
  expect(await texts(bo)).toEqual(["Hello", "Bo?"]);
  expect(await composer(ada).inputValue()).toBe("A draft");
  await bo.reload();
  await message(bo, "Hello").getByText("(edited)").waitFor();
  expect(await bo.getByText("(edited)").count()).toBe(1);
});

test("a deleted message leaves a placeholder, for later joiners too", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  for (const text of ["One", "Two", "Three"]) await send(ada, text);
  await message(bo, "Three").waitFor();
  await chooseAction(message(ada, "Two"), "Delete");
  await ada.getByRole("button", { name: "Cancel" }).click();
  await chooseAction(message(ada, "Two"), "Delete");
  await ada.getByText("Delete for everyone?").waitFor();
  await message(ada, "Two").getByRole("button", { name: "Delete", exact: true }).click();
  for (const page of [ada, bo]) await message(page, "Message deleted").waitFor();
  await bo.reload();
  await message(bo, "Three").waitFor();
  expect(await texts(bo)).toEqual(["One", "Message deleted", "Three"]);
  expect(await message(ada, "Message deleted").getByRole("toolbar").count()).toBe(0);
});

test("reactions are counted, and pressing one adds or removes your own", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await send(ada, "Cake?");
  await chooseAction(message(bo, "Cake?"), "React");
  await bo.getByRole("button", { name: "Party" }).click();
  await message(bo, "Cake?").getByRole("button", { name: "Party: 1 person", pressed: true }).waitFor();
  await message(ada, "Cake?").getByRole("button", { name: "Party: 1 person", pressed: false }).click();
  const chip = message(ada, "Cake?").getByRole("button", { name: "Party: 2 people", pressed: true });
  await chip.waitFor();
  expect(await chip.getAttribute("title")).toBe("You, Bo");
  await message(bo, "Cake?").getByRole("button", { name: "Party: 2 people" }).click();
  await message(ada, "Cake?").getByRole("button", { name: "Party: 1 person" }).click();
  await message(bo, "Cake?").getByRole("group", { name: "Reactions" }).waitFor({ state: "detached" });
});

test("nobody can edit another's message, and only the room's owner can delete it", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await send(bo, "Rude");
  await send(ada, "Polite");
  await message(bo, "Polite").hover();
  const actions = (on: ReturnType<typeof message>) =>
    on
      .getByRole("toolbar")
      .getByRole("button")
      .evaluateAll((all) => all.map((button) => button.getAttribute("title")));
  await expect
    .poll(() => actions(message(bo, "Polite")))
    .toEqual(["React", "Reply", "Copy text", "Copy link", "Report"]);
  await expect
    .poll(() => actions(message(bo, "Rude")))
    .toEqual(["React", "Reply", "Edit", "Copy text", "Copy link", "Delete"]);
  await message(ada, "Rude").waitFor();
  await expect
    .poll(() => actions(message(ada, "Rude")))
    .toEqual(["React", "Reply", "Copy text", "Copy link", "Report", "Moderate", "Delete"]);
  await chooseAction(message(ada, "Rude"), "Delete");
  await message(ada, "Rude").getByRole("button", { name: "Delete", exact: true }).click();
  await message(bo, "Message deleted").waitFor();
});

test("a refused change shows the reason at the message", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  await send(ada, "Soon gone");
  await message(ada, "Soon gone").getByText("Sent", { exact: true }).waitFor();
  await chooseAction(message(ada, "Soon gone"), "Edit");
  const other = await secondTab(ada);
  await chooseAction(message(other, "Soon gone"), "Delete");
  await message(other, "Soon gone").getByRole("button", { name: "Delete", exact: true }).click();
  await message(ada, "Message deleted").waitFor();
  await ada.getByRole("textbox", { name: "Edit message" }).fill("Still here");
  await ada.keyboard.press("Enter");
  await message(ada, "Message deleted").getByText("Change not saved.").waitFor();
  await ada.getByRole("button", { name: "Dismiss" }).click();
  await log(ada).getByText("Change not saved.").waitFor({ state: "detached" });
});

test("clearing the room cancels an edit or deletion in progress, because its number now belongs to another message", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  for (const text of ["One", "Two"]) await send(ada, text);
  await message(ada, "Two").getByText("Sent", { exact: true }).waitFor();

  await chooseAction(message(ada, "Two"), "Edit");
  await ada.getByRole("textbox", { name: "Edit message" }).fill("Overwritten");
  await callApi(ada, "DELETE", `/rooms/${roomIdOf(path)}/messages`);
  await log(bo).getByText("deleted all earlier messages").waitFor();
  // The notice of clearing is number 1.
  await send(bo, "Another two");
  await message(ada, "Another two").waitFor();
  await composer(ada).waitFor();
  expect(await log(ada).locator(".editing").count()).toBe(0);
  await composer(ada).press("Enter");

  await chooseAction(message(ada, "Another two"), "Delete");
  await ada.getByText("Delete for everyone?").waitFor();
  await callApi(ada, "DELETE", `/rooms/${roomIdOf(path)}/messages`);
  await message(bo, "Another two").waitFor({ state: "detached" });
  await send(bo, "Yet another");
  await message(ada, "Yet another").waitFor();
  expect(await ada.getByText("Delete for everyone?").count()).toBe(0);
  await bo.reload();
  await message(bo, "Yet another").waitFor();
  expect(await texts(bo)).toEqual(["Yet another"]);
  expect(await bo.getByText("(edited)").count()).toBe(0);
});

test("a new room name appears in the header, the log and the list of rooms", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Coffee" });
  const bo = await openPage("Bo", { path });
  await send(bo, "Before");
  await message(ada, "Before").waitFor();
  await callApi(ada, "PATCH", `/rooms/${roomIdOf(path)}`, { name: "Tea", topic: "Green" });
  for (const page of [ada, bo]) {
    await page.getByRole("heading", { name: "Tea" }).waitFor();
    await page.locator("header").getByText("Green").waitFor();
    await log(page).getByText("named the room Tea, topic: Green").waitFor();
    await page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "Tea" }).first().waitFor();
  }
  await send(bo, "After");
  await bo.reload();
  await message(bo, "After").waitFor();
  expect(await log(bo).getByRole("listitem").allTextContents()).toEqual([
    expect.any(String),
    expect.stringContaining("Before"),
    expect.stringContaining("named the room Tea"),
    expect.stringContaining("After"),
  ]);
});
