// Changing one's mind: messages are edited, deleted and reacted to, and the room gets another name.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { person, secondTab, useChromium } from "./support/chromium.ts";
import { act, composer, log, makeRoom, message, say, texts } from "./support/room.ts";

useChromium();

test("an edited message is marked, and keeps its place", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await say(ada, "Helo");
  await say(ada, "Bo?");
  await message(bo, "Bo?").waitFor();
  await composer(ada).fill("A draft");
  await act(message(ada, "Helo"), "Edit");
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

test("a deleted message leaves its place, for those who come later too", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  for (const text of ["One", "Two", "Three"]) await say(ada, text);
  await message(bo, "Three").waitFor();
  await act(message(ada, "Two"), "Delete");
  await ada.getByRole("button", { name: "Keep" }).click();
  await act(message(ada, "Two"), "Delete");
  await ada.getByText("Delete for everybody?").waitFor();
  await message(ada, "Two").getByRole("button", { name: "Delete", exact: true }).click();
  for (const page of [ada, bo]) await message(page, "Message deleted").waitFor();
  await bo.reload();
  await message(bo, "Three").waitFor();
  expect(await texts(bo)).toEqual(["One", "Message deleted", "Three"]);
  expect(await message(ada, "Message deleted").getByRole("toolbar").count()).toBe(0);
});

test("reactions are counted, and pressing one adds or takes away one's own", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await say(ada, "Cake?");
  await act(message(bo, "Cake?"), "React");
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

test("others' messages are changed by nobody, and deleted only by the room's owner", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await say(bo, "Rude");
  await say(ada, "Polite");
  await message(bo, "Polite").hover();
  const actions = (on: ReturnType<typeof message>) =>
    on
      .getByRole("toolbar")
      .getByRole("button")
      .evaluateAll((all) => all.map((button) => button.getAttribute("title")));
  expect(await actions(message(bo, "Polite"))).toEqual(["React"]);
  expect(await actions(message(bo, "Rude"))).toEqual(["React", "Edit", "Delete"]);
  await message(ada, "Rude").waitFor();
  expect(await actions(message(ada, "Rude"))).toEqual(["React", "Delete"]);
  await act(message(ada, "Rude"), "Delete");
  await message(ada, "Rude").getByRole("button", { name: "Delete", exact: true }).click();
  await message(bo, "Message deleted").waitFor();
});

test("a refused change says why, at the message", async () => {
  const ada = await person("Ada");
  await makeRoom(ada);
  await say(ada, "Soon gone");
  await message(ada, "Soon gone").getByText("Sent", { exact: true }).waitFor();
  await act(message(ada, "Soon gone"), "Edit");
  const other = await secondTab(ada);
  await act(message(other, "Soon gone"), "Delete");
  await message(other, "Soon gone").getByRole("button", { name: "Delete", exact: true }).click();
  await message(ada, "Message deleted").waitFor();
  await ada.getByRole("textbox", { name: "Edit message" }).fill("Still here");
  await ada.keyboard.press("Enter");
  await message(ada, "Message deleted").getByText("Not changed.").waitFor();
  await ada.getByRole("button", { name: "Dismiss" }).click();
  await log(ada).getByText("Not changed.").waitFor({ state: "detached" });
});

test("what one was about to change ends when the room is cleared: its number is another message's then", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  for (const text of ["One", "Two"]) await say(ada, text);
  await message(ada, "Two").getByText("Sent", { exact: true }).waitFor();

  await act(message(ada, "Two"), "Edit");
  await ada.getByRole("textbox", { name: "Edit message" }).fill("Overwritten");
  await callApi(ada, "DELETE", `${roomApi(path)}/messages`);
  await log(bo).getByText("deleted what was said here before").waitFor();
  // The notice of clearing is number 1.
  await say(bo, "Another two");
  await message(ada, "Another two").waitFor();
  await composer(ada).waitFor();
  expect(await log(ada).locator(".editing").count()).toBe(0);
  await composer(ada).press("Enter");

  await act(message(ada, "Another two"), "Delete");
  await ada.getByText("Delete for everybody?").waitFor();
  await callApi(ada, "DELETE", `${roomApi(path)}/messages`);
  await message(bo, "Another two").waitFor({ state: "detached" });
  await say(bo, "Yet another");
  await message(ada, "Yet another").waitFor();
  expect(await ada.getByText("Delete for everybody?").count()).toBe(0);
  await bo.reload();
  await message(bo, "Yet another").waitFor();
  expect(await texts(bo)).toEqual(["Yet another"]);
  expect(await bo.getByText("(edited)").count()).toBe(0);
});

test("a renamed room is called so in the header, the log and the list of rooms", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Coffee" });
  const bo = await person("Bo", { path });
  await say(bo, "Before");
  await message(ada, "Before").waitFor();
  await callApi(ada, "PATCH", roomApi(path), { name: "Tea", topic: "Green" });
  for (const page of [ada, bo]) {
    await page.getByRole("heading", { name: "Tea" }).waitFor();
    await page.locator("header").getByText("Green").waitFor();
    await log(page).getByText("named the room Tea, topic: Green").waitFor();
    await page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "Tea" }).first().waitFor();
  }
  await say(bo, "After");
  await bo.reload();
  await message(bo, "After").waitFor();
  expect(await log(bo).getByRole("listitem").allTextContents()).toEqual([
    expect.any(String),
    expect.stringContaining("Before"),
    expect.stringContaining("named the room Tea"),
    expect.stringContaining("After"),
  ]);
});

function roomApi(path: string): string {
  return `/rooms/${path.split("/").at(-1)}`;
}

/** Calls the API as the person whose page it is. */
async function callApi(page: Page, method: string, path: string, body?: object): Promise<void> {
  const status = await page.evaluate(
    async ([method, path, body]) => {
      const { apiUrl } = await (await fetch("/config.json")).json();
      const { token } = JSON.parse(localStorage.getItem("parlor.session") ?? "{}");
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      return (await fetch(apiUrl + path, { method, headers, ...(body && { body }) })).status;
    },
    [method, path, body && JSON.stringify(body)] as const,
  );
  expect(status).toBeLessThan(300);
}
