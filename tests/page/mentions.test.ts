// Mentioning people: the list that completes names, and how mentions are shown.
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { storedUserId } from "./support/api.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const list = (page: Page) => page.getByRole("listbox", { name: "People to mention" });
const options = (page: Page) => list(page).getByRole("option");
const names = (page: Page) => list(page).locator("bdi").allTextContents();
const mentions = (row: Locator) => row.locator(".mention").allTextContents();

/** A room with these other people in it. */
async function openRoom(people: readonly string[], pageOptions = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  const others = people.map((name) => ({ userId: name, name }));
  stage.server.others.set("r", others);
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path, ...pageOptions });
  await composer(ada).waitFor();
  return { ada, stage };
}

test("a person who was chosen from the list is told that they are mentioned", async () => {
  const ada = await openPage("Ada");
  const roomPath = await createRoom(ada);
  const bo = await openPage("Bo", { path: roomPath });
  const cleo = await openPage("Cleo", { path: roomPath });
  await composer(cleo).waitFor();
  await ada.getByRole("heading", { name: "3 people here" }).waitFor();
  await composer(ada).pressSequentially("Hello @b");
  await options(ada).getByText("Bo").waitFor();
  expect(await violations(ada, ".composer")).toEqual([]);
  await composer(ada).press("Enter");
  await list(ada).waitFor({ state: "detached" });
  expect(await composer(ada).inputValue()).toBe("Hello @Bo ");
  await composer(ada).pressSequentially("and @Cleo");
  await composer(ada).press("Escape");
  await composer(ada).press("Enter");
  const text = "Hello @Bo and @Cleo";
  const row = (page: Page) => log(page).getByRole("listitem").filter({ hasText: text });
  for (const page of [ada, bo, cleo]) await expect.poll(() => mentions(row(page))).toEqual(["@Bo"]);
  await bo.getByRole("status").getByText(`Ada mentions you: ${text}`).waitFor({ state: "attached" });
  await cleo.getByRole("status").getByText(`Ada: ${text}`).waitFor({ state: "attached" });
  await row(bo).getByText("Mentions you.").waitFor({ state: "attached" });
  for (const page of [ada, cleo]) expect(await row(page).getByText("Mentions you.").count()).toBe(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await bo.emulateMedia({ colorScheme });
    expect(await violations(bo, ".log"), colorScheme).toEqual([]);
  }
  await bo.reload();
  await row(bo).getByText("Mentions you.").waitFor({ state: "attached" });

  // Without Bo's name in its text, the message mentions nobody.
  await chooseAction(row(ada), "Edit");
  await ada.getByRole("textbox", { name: "Edit message" }).fill(`${text}!`);
  await ada.keyboard.press("Enter");
  await log(bo).getByText("and @Cleo!").waitFor();
  expect(await mentions(row(bo))).toEqual(["@Bo"]);
  await row(bo).getByText("Mentions you.").waitFor({ state: "attached" });
  await chooseAction(row(ada), "Edit");
  await ada.getByRole("textbox", { name: "Edit message" }).fill("Hello all");
  await ada.keyboard.press("Enter");
  await message(bo, "Hello all").waitFor();
  expect(await bo.getByText("Mentions you.").count()).toBe(0);
});

test("by keyboard, arrows go through the list, Enter and Tab choose, and Escape closes it", async () => {
  const { ada, stage } = await openRoom(["Ben", "Bertha", "Cleo", "Ben Byron"]);
  const area = composer(ada);
  const active = () =>
    area.evaluate((field) => {
      const option = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
      return option?.getAttribute("aria-selected") === "true" ? option.querySelector("bdi")?.textContent : undefined;
    });
  await area.pressSequentially("@");
  await expect.poll(() => names(ada)).toEqual(["Ben", "Bertha", "Cleo", "Ben Byron"]);
  await ada.getByRole("status").getByText("4 suggestions").waitFor({ state: "attached" });
  await expect.poll(active).toBe("Ben");
  await area.press("ArrowUp");
  await expect.poll(active).toBe("Ben Byron");
  await area.press("ArrowDown");
  await area.press("ArrowDown");
  await expect.poll(active).toBe("Bertha");
  await area.press("Tab");
  expect(await area.inputValue()).toBe("@Bertha ");
  expect(await area.evaluate((field) => field.getAttribute("aria-activedescendant"))).toBe(null);
  await area.pressSequentially("@by");
  await expect.poll(() => names(ada)).toEqual(["Ben Byron"]);
  await area.press("Enter");
  expect(await area.inputValue()).toBe("@Bertha @Ben Byron ");
  await area.pressSequentially("@c");
  await options(ada).first().waitFor();
  await area.press("Escape");
  await list(ada).waitFor({ state: "detached" });
  await area.press("Enter");
  await expect.poll(() => stage.server.received("send").length).toBe(1);
  const [sent] = stage.server.received("send");
  expect(sent).toMatchObject({ text: "@Bertha @Ben Byron @c", mentions: ["Bertha", "Ben Byron"] });
  expect(sent).not.toHaveProperty("mentionsRoom");
});

test("the list opens wherever a mention is written, and nowhere else", async () => {
  const { ada } = await openRoom(["Ben"]);
  const area = composer(ada);
  for (const text of ["ben@b", "@x", "@ben b", "b"]) {
    await area.fill("");
    await area.pressSequentially(text);
    expect(await list(ada).count(), text).toBe(0);
  }
  await area.fill("Hello , how are you?");
  await area.press("Home");
  for (let presses = 0; presses < 6; presses++) await area.press("ArrowRight");
  await area.pressSequentially("@");
  await options(ada).getByText("Ben").click();
  expect(await area.inputValue()).toBe("Hello @Ben , how are you?");
  await area.pressSequentially("x");
  expect(await area.inputValue()).toBe("Hello @Ben x, how are you?");
});

test("on a phone, a tap chooses, and the keyboard stays", async () => {
  const { ada, stage } = await openRoom(["Ben", "Zoë"], phone);
  await composer(ada).tap();
  await ada.keyboard.type("@zo");
  const option = options(ada).getByText("Zoë");
  await option.waitFor();
  expect((await options(ada).first().boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await option.tap();
  expect(await composer(ada).evaluate((area) => area === document.activeElement)).toBe(true);
  await ada.keyboard.type("hello");
  await ada.getByRole("button", { name: "Send" }).tap();
  await expect
    .poll(() => stage.server.received("send").at(-1))
    .toMatchObject({ text: "@Zoë hello", mentions: ["Zoë"] });
});

test("only the owner is offered to mention the room, which everyone is told", async () => {
  const { ada, stage } = await openRoom(["Ben"]);
  await composer(ada).pressSequentially("@");
  await expect.poll(() => names(ada)).toEqual(["Ben"]);
  await composer(ada).fill("");
  stage.server.roleOf = () => "owner";
  await ada.reload();
  await composer(ada).pressSequentially("@r");
  await options(ada).getByText("Everyone in this room").waitFor();
  await composer(ada).press("Enter");
  await composer(ada).pressSequentially("tea");
  await composer(ada).press("Enter");
  await expect
    .poll(() => stage.server.received("send").at(-1))
    .toMatchObject({ text: "@room tea", mentionsRoom: true });
  expect(await ada.getByText("Mentions you.").count()).toBe(0);
  stage.server.say("r", "@room come", { mentionsRoom: true });
  const row = log(ada).getByRole("listitem").filter({ hasText: "@room come" });
  await row.getByText("Mentions you.").waitFor({ state: "attached" });
  expect(await mentions(row)).toEqual(["@room"]);
  await ada.getByRole("status").getByText("Someone mentions you: @room come").waitFor({ state: "attached" });
});

test("a draft keeps whom it mentions over a reload", async () => {
  const { ada, stage } = await openRoom(["Ben"]);
  await composer(ada).pressSequentially("@be");
  await options(ada).first().click();
  await ada.reload();
  await composer(ada).press("End");
  await send(ada, `${await composer(ada).inputValue()}hi`);
  await expect.poll(() => stage.server.received("send").at(-1)).toMatchObject({ text: "@Ben hi", mentions: ["Ben"] });
});

test("an edit keeps the mention of a person who has left, and a chosen one is added", async () => {
  const { ada, stage } = await openRoom(["Ben"]);
  const you = await storedUserId(ada);
  const { server } = stage;
  await composer(ada).pressSequentially("@be");
  await options(ada).first().click();
  await send(ada, "@Ben hi");
  await expect.poll(() => server.received("send").at(-1)).toMatchObject({ mentions: ["Ben"] });
  server.others.set("r", [{ userId: "Cleo", name: "Cleo" }]);
  await ada.reload();
  const row = log(ada).getByRole("listitem").filter({ hasText: "@Ben hi" });
  await chooseAction(row, "Edit");
  const editor = ada.getByRole("textbox", { name: "Edit message" });
  await editor.press("End");
  await editor.pressSequentially(" @cl");
  await options(ada).first().click();
  await editor.press("Enter");
  await expect
    .poll(() => server.received("edit").at(-1))
    .toMatchObject({ text: "@Ben hi @Cleo ", mentions: ["Ben", "Cleo"] });
  await expect.poll(() => mentions(log(ada).getByRole("listitem").filter({ hasText: "hi" }))).toEqual(["@Cleo"]);
  expect(server.room("r").messages.get(1)?.from.userId).toBe(you);
});
