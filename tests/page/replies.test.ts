// Replying: the bar above the composer, the line above a reply, and where it leads.
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { callApi, roomIdOf } from "./support/api.ts";
import { openPage, phone, secondTab, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const replyBar = (page: Page) => page.getByRole("group", { name: "Reply", exact: true });
/** The line above a reply. */
const preview = (page: Page, original: string) => log(page).getByRole("link", { name: `In reply to ${original}` });
/** The message whose own text this is, not that of a message that answers it. */
const own = (page: Page, text: string): Locator =>
  log(page)
    .getByRole("listitem")
    .filter({ has: page.locator(".message-text", { hasText: new RegExp(`^${text}$`) }) });

async function openRoom(messages: number, options = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  for (let n = 1; n <= messages; n++) stage.server.say("r", `Message ${n}`);
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path, ...options });
  await composer(ada).waitFor();
  return { ada, stage };
}

for (const [device, options] of [
  ["a desktop", {}],
  ["a phone", phone],
] as const) {
  test(`a reply shows its original, which it leads to, on ${device}`, async () => {
    const ada = await openPage("Ada");
    const roomPath = await createRoom(ada);
    const bo = await openPage("Bo", { path: roomPath, ...options });
    await send(ada, "Tea or coffee?");
    await chooseAction(message(bo, "Tea or coffee?"), "Reply");
    await replyBar(bo).getByText("Ada").waitFor();
    await replyBar(bo).getByText("Tea or coffee?").waitFor();
    expect(await composer(bo).evaluate((area) => area === document.activeElement)).toBe(true);
    expect(await violations(bo, ".composer")).toEqual([]);
    await send(bo, "Tea");
    await replyBar(bo).waitFor({ state: "detached" });
    for (const page of [ada, bo]) await own(page, "Tea").getByText("Tea or coffee?").waitFor();
    for (const page of [ada, bo]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page, ".log"), colorScheme).toEqual([]);
      }
    }
    await preview(ada, "You Tea or coffee?").waitFor();
    await preview(bo, "Ada Tea or coffee?").click();
    const isFocused = () => own(bo, "Tea or coffee\\?").evaluate((row) => row === document.activeElement);
    await expect.poll(isFocused).toBe(true);
    await ada.getByRole("status").getByText("Bo replies to you: Tea").waitFor({ state: "attached" });

    await bo.reload();
    await preview(bo, "Ada Tea or coffee?").waitFor();
    await chooseAction(own(ada, "Tea or coffee\\?"), "Delete");
    await ada.getByRole("button", { name: "Delete", exact: true }).click();
    await own(bo, "Tea").getByText("Message deleted").waitFor();
    expect(await bo.getByText("Tea or coffee?").count()).toBe(0);
  });
}

test("Escape and the button cancel a reply, but keep the text", async () => {
  const { ada } = await openRoom(2);
  await composer(ada).fill("A draft");
  await chooseAction(message(ada, "Message 1"), "Reply");
  await composer(ada).press("Escape");
  await replyBar(ada).waitFor({ state: "detached" });
  await chooseAction(message(ada, "Message 1"), "Reply");
  await replyBar(ada).getByText("Message 1").waitFor();
  await chooseAction(message(ada, "Message 2"), "Reply");
  await replyBar(ada).getByText("Message 2").waitFor();
  await ada.getByRole("button", { name: "Cancel the reply" }).click();
  await replyBar(ada).waitFor({ state: "detached" });
  expect(await composer(ada).inputValue()).toBe("A draft");
  expect(await composer(ada).evaluate((area) => area === document.activeElement)).toBe(true);
});

test("a draft keeps the message that it answers over a reload, as long as the room is not cleared", async () => {
  const ada = await openPage("Ada");
  const roomPath = await createRoom(ada);
  await send(ada, "First");
  await message(ada, "First").getByText("Sent", { exact: true }).waitFor();
  await chooseAction(message(ada, "First"), "Reply");
  await composer(ada).fill("An answer");
  await ada.reload();
  await replyBar(ada).getByText("First").waitFor();
  expect(await composer(ada).inputValue()).toBe("An answer");
  await ada.getByRole("link", { name: "New room" }).click();
  await ada.goBack();
  await replyBar(ada).getByText("First").waitFor();
  await callApi(ada, "DELETE", `/rooms/${roomIdOf(roomPath)}/messages`);
  await replyBar(ada).waitFor({ state: "detached" });
  await ada.getByRole("status").getByText("you were replying to was deleted").waitFor({ state: "attached" });
  expect(await composer(ada).inputValue()).toBe("An answer");
});

test("a draft from before there were replies is still there", async () => {
  const { ada } = await openRoom(1);
  await ada.evaluate(() => localStorage.setItem("parlor.draft.r", JSON.stringify({ value: "Old draft", order: 1 })));
  await ada.reload();
  await expect.poll(() => composer(ada).inputValue()).toBe("Old draft");
});

test("a reply that was written offline is sent as a reply, even after a reload", async () => {
  const { ada, stage } = await openRoom(2);
  await chooseAction(message(ada, "Message 1"), "Reply");
  stage.server.intercept = ({ action }) => action === "send";
  await send(ada, "Offline");
  await own(ada, "Offline").getByRole("link").waitFor();
  await ada.reload();
  await own(ada, "Offline").getByRole("link").waitFor();
  stage.server.intercept = () => false;
  stage.server.cut();
  await own(ada, "Offline").getByText("Sent", { exact: true }).waitFor();
  expect(stage.server.received("send").at(-1)).toMatchObject({ text: "Offline", replyTo: 1, epoch: "e1" });
});

test("a reply whose original is gone can be sent without it", async () => {
  const { ada, stage } = await openRoom(1);
  await chooseAction(message(ada, "Message 1"), "Reply");
  stage.server.intercept = (frame) => frame.action === "send" && frame.replyTo !== undefined && "messageNotFound";
  await send(ada, "Too late");
  await own(ada, "Too late").getByText("The message it replies to no longer exists.").waitFor();
  await own(ada, "Too late").getByRole("button", { name: "Try again" }).click();
  await own(ada, "Too late").getByText("Sent", { exact: true }).waitFor();
  expect(await own(ada, "Too late").getByRole("link").count()).toBe(0);
});

test("an original that is not loaded is read once, follows its changes, and is loaded when one goes to it", async () => {
  const stage = await TestStage.start();
  const { server } = stage;
  for (let n = 1; n <= 300; n++) server.say("r", `Message ${n}`);
  for (const text of ["One", "Two"]) server.say("r", text, { replyTo: 5 });
  server.say("r", "Of nothing", { replyTo: 301 + 5 });
  server.say("r", "Next");
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await own(ada, "One").getByText("Message 5").waitFor();
  await own(ada, "Two").getByText("Message 5").waitFor();
  const reads = () => server.received("history").filter(({ limit }) => limit === 1).length;
  expect(reads()).toBe(1);
  await own(ada, "Of nothing").getByText("Message not found").waitFor();
  server.change("r", 5, { kind: "edited", text: "Message five" });
  await own(ada, "One").getByText("Message five").waitFor();
  await own(ada, "Two").getByRole("link").click();
  await expect.poll(() => own(ada, "Message five").evaluate((row) => row === document.activeElement)).toBe(true);
  expect(ada.url()).toBe(`${stage.siteUrl}${path}`);
  server.change("r", 5, { kind: "deleted" });
  await ada.getByRole("button", { name: "Jump to latest" }).click();
  await own(ada, "One").getByText("Message deleted").waitFor();
  expect(reads()).toBe(1);
});

test("an original that cannot be read is still led to", async () => {
  const stage = await TestStage.start();
  for (let n = 1; n <= 100; n++) stage.server.say("r", `Message ${n}`);
  stage.server.say("r", "Answer", { replyTo: 5 });
  stage.server.intercept = (frame) => frame.action === "history" && frame.limit === 1 && "forbidden";
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await preview(ada, "Earlier message").click();
  await expect.poll(() => own(ada, "Message 5").evaluate((row) => row === document.activeElement)).toBe(true);
});

test("starting an edit pauses a reply, and starting a reply ends an edit", async () => {
  const { ada } = await openRoom(1);
  await send(ada, "Mine");
  await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
  await chooseAction(message(ada, "Message 1"), "Reply");
  await chooseAction(message(ada, "Mine"), "Edit");
  await replyBar(ada).waitFor({ state: "detached" });
  await ada.keyboard.press("Escape");
  await replyBar(ada).waitFor();
  await chooseAction(message(ada, "Mine"), "Edit");
  await chooseAction(message(ada, "Message 1"), "Reply");
  await replyBar(ada).waitFor();
  expect(await composer(ada).inputValue()).toBe("");
});

test("two tabs of a person both show the reply", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  await send(ada, "Question");
  await message(ada, "Question").getByText("Sent", { exact: true }).waitFor();
  const other = await secondTab(ada);
  await chooseAction(message(ada, "Question"), "Reply");
  await send(ada, "Answer");
  for (const page of [ada, other]) await own(page, "Answer").getByText("Question").waitFor();
});

test("without what shows replies, messages are shown without their originals, and none can be written", async () => {
  const stage = await TestStage.start();
  stage.server.say("r", "Question");
  stage.server.say("r", "Answer", { replyTo: 1 });
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl });
  await ada.route("**/reply-preview-*.js", (route) => route.abort());
  await ada.goto(stage.siteUrl + path);
  await message(ada, "Answer").waitFor();
  expect(await log(ada).getByRole("link").count()).toBe(0);
  await message(ada, "Answer").hover();
  expect(await log(ada).getByRole("button", { name: "Reply to" }).count()).toBe(0);
});
