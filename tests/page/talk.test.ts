// Two people make a room, find each other and talk.
import { expect, test } from "vitest";
import { person, secondTab, useChromium } from "./support/chromium.ts";
import { act, composer, makeRoom, message, people, say, texts } from "./support/room.ts";

useChromium();

test("one click makes a room, its link brings the second person in, and they talk", async () => {
  const ada = await person("Ada");
  await makeRoom(ada, { name: "Tea time", topic: "Biscuits" });
  await ada.getByRole("button", { name: "Copy link" }).click();
  await ada.getByRole("button", { name: "Copied" }).waitFor();
  const link = await ada.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(ada.url());

  const bo = await person(undefined);
  await bo.goto(link);
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  await bo.getByRole("textbox", { name: "Your name" }).fill("Bo");
  await bo.getByRole("button", { name: "Join the room" }).click();
  await bo.getByText("Biscuits").waitFor();

  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  expect(await people(bo).allTextContents()).toEqual([
    expect.stringContaining("Boyou"),
    expect.stringContaining("Ada"),
  ]);
  await say(ada, "Hello Bo");
  await message(bo, "Hello Bo").waitFor();
  await say(bo, "Hello Ada");
  await message(ada, "Hello Ada").waitFor();
  await message(ada, "Hello Bo").getByText("Sent", { exact: true }).waitFor();
  expect(await texts(ada)).toEqual(["Hello Bo", "Hello Ada"]);
});

test("one sees who is typing, until they have said it", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await composer(bo).pressSequentially("Hm");
  await ada.getByText("Bo is typing…").waitFor();
  await composer(bo).press("Enter");
  await message(ada, "Hm").waitFor();
  await ada.getByText("Bo is typing…").waitFor({ state: "detached" });
});

test("a new name is seen by the others and remembered for the next room", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await bo.getByRole("button", { name: "Change your name" }).click();
  await bo.getByRole("textbox", { name: "Your name" }).fill("Bodil");
  await bo.getByRole("button", { name: "Save" }).click();
  await people(ada).filter({ hasText: "Bodil" }).waitFor();
  await bo.getByRole("link", { name: "New room" }).click();
  await makeRoom(bo);
  await people(bo).filter({ hasText: "Bodil" }).waitFor();
});

test("a reload keeps the person, and the history is there", async () => {
  const ada = await person("Ada");
  await makeRoom(ada);
  await say(ada, "Before");
  await message(ada, "Before").getByText("Sent", { exact: true }).waitFor();
  await ada.reload();
  await message(ada, "Before").getByText("You").waitFor();
  await ada.getByRole("heading", { name: "1 person here" }).waitFor();
});

test("two tabs of one person are one person, and both get everything", async () => {
  const ada = await person("Ada");
  await makeRoom(ada);
  const other = await secondTab(ada);
  await say(ada, "From one tab");
  await message(other, "From one tab").waitFor();
  await say(other, "From the other");
  await message(ada, "From the other").waitFor();
  await other.getByRole("heading", { name: "1 person here" }).waitFor();
});

test("Back leaves the room, Forward returns, and a draft survives", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  await composer(ada).fill("Not yet said");
  await ada.goBack();
  await ada.getByRole("button", { name: "Make a room" }).waitFor();
  await bo.getByRole("heading", { name: "1 person here" }).waitFor();
  await ada.goForward();
  await bo.getByRole("heading", { name: "2 people here" }).waitFor();
  await expect.poll(() => composer(ada).inputValue()).toBe("Not yet said");
});

test("the title counts what is said while nobody looks, and not what is deleted again", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Tea time" });
  const bo = await person("Bo", { path });
  await setHidden(ada, true);
  await say(bo, "One");
  await say(bo, "Two");
  await expect.poll(() => ada.title()).toBe("(2) Tea time · Parlor");
  await act(message(bo, "One"), "Delete");
  await message(bo, "One").getByRole("button", { name: "Delete", exact: true }).last().click();
  await expect.poll(() => ada.title()).toBe("(1) Tea time · Parlor");
  await act(message(bo, "Two"), "Delete");
  await message(bo, "Two").getByRole("button", { name: "Delete", exact: true }).last().click();
  await expect.poll(() => ada.title()).toBe("Tea time · Parlor");
  await say(bo, "Three");
  await expect.poll(() => ada.title()).toBe("(1) Tea time · Parlor");
  await setHidden(ada, false);
  await expect.poll(() => ada.title()).toBe("Tea time · Parlor");
});

function setHidden(page: Awaited<ReturnType<typeof person>>, hidden: boolean): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}
