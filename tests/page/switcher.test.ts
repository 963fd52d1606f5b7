// Going to a room by its name.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { composer } from "./support/room.ts";
import { roomInfo, TestStage } from "./support/test-stage.ts";

useBrowser();

const dialog = (page: Page) => page.getByRole("dialog", { name: "Go to a room" });
const options = (page: Page) => dialog(page).getByRole("option").locator("bdi").allTextContents();
const chosen = (page: Page) => dialog(page).getByRole("option", { selected: true }).locator("bdi").allTextContents();

async function openRooms(options = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  stage.rooms = {
    json: { rooms: [roomInfo({ roomId: "p", name: "Ärzte & Tea" }), roomInfo({ roomId: "a", name: "Tea" })] },
  };
  for (const [id, name] of [
    ["a", "Tea"],
    ["b", "Café am Eck"],
    ["c", "Garden"],
  ] as const)
    stage.server.room(id).name = name;
  stage.server.room("p").name = "Ärzte & Tea";
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, ...options });
  for (const room of ["a", "b", "c"]) {
    await ada.goto(`${stage.siteUrl}/#/rooms/${room}`);
    await ada.getByRole("heading", { name: stage.server.room(room).name }).waitFor();
    await composer(ada).waitFor();
  }
  return { ada, stage };
}

test("Ctrl+K lists rooms, the latest first, and goes to the chosen one", async () => {
  const { ada, stage } = await openRooms();
  await composer(ada).fill("Draft");
  await ada.keyboard.press("Control+k");
  await expect.poll(() => focusedName(ada)).toBe("Name of a room");
  await expect.poll(() => options(ada)).toEqual(["Café am Eck", "Tea", "Ärzte & Tea"]);
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("ArrowDown");
  expect(await chosen(ada)).toEqual(["Tea"]);
  await ada.keyboard.press("Enter");
  await ada.getByRole("heading", { name: "Tea", exact: true }).waitFor();
  expect(await dialog(ada).count()).toBe(0);
  await ada.keyboard.press("Control+k");
  await expect.poll(() => options(ada)).toEqual(["Garden", "Café am Eck", "Ärzte & Tea"]);
  await ada.keyboard.press("Control+k");
  await dialog(ada).waitFor({ state: "detached" });
  expect(stage.server.received("leave")).toEqual([]);
});

test("words may be in any order, with or without accents and capitals", async () => {
  const { ada } = await openRooms();
  await ada.keyboard.press("Control+k");
  await dialog(ada).waitFor();
  for (const [query, expected] of [
    ["eck cafe", ["Café am Eck"]],
    ["ARZ", ["Ärzte & Tea"]],
    ["tea", ["Tea", "Ärzte & Tea"]],
    ["ea", ["Tea", "Ärzte & Tea"]],
    ["nowhere", []],
  ] as const) {
    await dialog(ada).getByRole("combobox").fill(query);
    await expect.poll(() => options(ada)).toEqual(expected);
  }
  await dialog(ada).getByText("No room has this name").waitFor();
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("Enter");
  await dialog(ada).getByRole("combobox").fill("arz");
  await ada.keyboard.press("Enter");
  await ada.getByRole("heading", { name: "Ärzte & Tea" }).waitFor();
});

test("it shows what is unread, works in the lobby, and gives the focus back", async () => {
  const { ada, stage } = await openRooms();
  await ada.goto(`${stage.siteUrl}/#/`);
  stage.server.say("b", "Hello");
  await expect.poll(() => ada.title()).toBe("(1) Parlor");
  await ada.getByLabel("Room name").focus();
  await ada.keyboard.press("Control+k");
  await dialog(ada).getByRole("option", { name: "Café am Eck 1 unread" }).waitFor();
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Room name");
});

test("on a phone, a button in the drawer opens it, and a tap chooses", async () => {
  const { ada } = await openRooms(phone);
  await ada.getByRole("button", { name: /^Rooms/ }).tap();
  await ada.getByRole("button", { name: "Find" }).tap();
  await dialog(ada).getByRole("option", { name: "Tea" }).first().tap();
  await ada.getByRole("heading", { name: "Tea", exact: true }).waitFor();
});

test("the list of keyboard shortcuts names it, and a failed download is reported", async () => {
  const { ada } = await openRooms();
  await ada.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await ada.getByText("Go to a room by its name").waitFor();
  await ada.keyboard.press("Escape");
  await ada.route("**/switcher-dialog-*.js", (route) => route.abort());
  await ada.keyboard.press("Control+k");
  await ada.getByRole("status").getByText("Couldn't load the list of rooms.").waitFor({ state: "attached" });
});
