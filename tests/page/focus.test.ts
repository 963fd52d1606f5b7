// Focus and screen readers: where the focus goes when its element disappears, what is announced, and the names of buttons.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { actionButton, chooseAction, composer, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const announced = (page: Page) => page.getByRole("status").getByRole("paragraph").allTextContents();

for (const [device, options] of [
  ["a desktop", {}],
  ["a phone", phone],
] as const) {
  test(`the focus is never lost on ${device}`, async () => {
    const { siteUrl, server } = await TestStage.start();
    const ada = await openPage("Ada", { siteUrl, path, ...options });
    for (const text of ["One", "Two"]) await send(ada, text);
    await message(ada, "Two").getByText("Sent", { exact: true }).waitFor();

    // The confirmation: Tab reaches both buttons, and Escape returns to the opener.
    await chooseAction(message(ada, "Two"), "Delete");
    await expect.poll(() => focusedName(ada)).toBe("Cancel");
    await ada.keyboard.press("Tab");
    await expect.poll(() => focusedName(ada)).toBe("Delete");
    await ada.keyboard.press("Escape");
    const opener = device === "a phone" ? "Actions for your message: Two" : "Delete your message: Two";
    await expect.poll(() => focusedName(ada)).toBe(opener);
    await chooseAction(message(ada, "Two"), "React");
    await expect.poll(() => focusedName(ada)).toBe("Thumbs up");
    await ada.keyboard.press("Escape");
    const back = device === "a phone" ? "Actions for your message: Two" : "React to your message: Two";
    await expect.poll(() => focusedName(ada)).toBe(back);

    // Deleting a message focuses its placeholder, even if somebody else deletes it.
    await chooseAction(message(ada, "Two"), "Delete");
    await ada.getByRole("button", { name: "Delete", exact: true }).press("Enter");
    await message(ada, "Message deleted").waitFor();
    await expect.poll(() => focusedName(ada)).toContain("Message deleted");
    await chooseAction(message(ada, "One"), "React");
    await expect.poll(() => focusedName(ada)).toBe("Thumbs up");
    server.change("r", 1, { kind: "deleted" });
    await expect.poll(() => message(ada, "Message deleted").count()).toBe(2);
    await expect.poll(() => focusedName(ada)).toContain("Message deleted");

    // Discarding or retrying a failed message focuses the message before it.
    server.intercept = ({ action }) => action === "send" && "forbidden";
    await send(ada, "Refused");
    await ada.getByRole("button", { name: "Discard: Refused" }).press("Enter");
    await expect.poll(() => focusedName(ada)).toContain("Message deleted");
    await send(ada, "Again");
    await log(ada).getByText("Not sent.").waitFor();
    server.intercept = () => false;
    await ada.getByRole("button", { name: "Try again to send: Again" }).press("Enter");
    await message(ada, "Again").getByText("Sent", { exact: true }).waitFor();
    await expect.poll(() => focusedName(ada)).toContain("Message deleted");

    // Cancelling an edit with its button focuses the composer.
    await chooseAction(message(ada, "Again"), "Edit");
    await ada.getByRole("button", { name: "Cancel" }).press("Enter");
    await expect.poll(() => focusedName(ada)).toBe("Message");

    // Closing the room focuses the notice.
    server.broadcast({ type: "left", room: "r", reason: "closed" });
    await expect.poll(() => focusedName(ada)).toContain("This room was closed.");
  });
}

test("when the room closes, the focus moves from a message's button to the notice", async () => {
  const { siteUrl, server } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path });
  await send(ada, "Hello");
  await actionButton(message(ada, "Hello"), "React").focus();
  server.broadcast({ type: "left", room: "r", reason: "closed" });
  await ada.getByRole("main").getByText("This room was closed.").waitFor();
  await expect.poll(() => focusedName(ada)).toContain("This room was closed.");
  // Nobody is in a closed room.
  expect(
    await ada
      .getByText("here", { exact: false })
      .filter({ hasText: /people? here/ })
      .count(),
  ).toBe(0);
});

test("a refused name focuses its field", async () => {
  const { siteUrl } = await TestStage.start();
  const bo = await openPage(undefined, { siteUrl, path });
  await bo.getByRole("textbox", { name: "Your name" }).fill(" ");
  await bo.getByRole("button", { name: "Join room" }).click();
  await bo.getByText("Enter a name").waitFor();
  await expect.poll(() => focusedName(bo)).toBe("Your name");
});

test("the list of rooms keeps the focus when its last page has loaded", async () => {
  const stage = await TestStage.start();
  const { siteUrl } = stage;
  const room = (roomId: string) => ({ roomId, name: `Room ${roomId}`, people: 1, activeAt: Date.now() });
  stage.rooms = { json: { rooms: [room("a")], cursor: "more" } };
  const ada = await openPage("Ada", { siteUrl });
  const more = ada.getByRole("button", { name: "Show more rooms" });
  await more.waitFor();
  stage.rooms = { json: { rooms: [room("b")] } };
  await more.press("Enter");
  await more.waitFor({ state: "detached" });
  await expect.poll(() => focusedName(ada)).toContain("Public rooms");
});

test("failed messages and many new messages are announced at most once a second", async () => {
  const { siteUrl, server } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path });
  await composer(ada).waitFor();
  await ada.clock.install();
  await ada.clock.pauseAt(Date.now() + 60_000);
  for (let n = 1; n <= 24; n++) server.say("r", `Message ${n}`);
  await message(ada, "Message 24").waitFor();
  await ada.clock.runFor(1000);
  expect(await announced(ada)).toEqual(["24 new messages"]);
  server.intercept = ({ action }) => action === "send" && "forbidden";
  await send(ada, "Refused");
  await log(ada).getByText("Not sent.").waitFor();
  server.say("r", "One more");
  await message(ada, "One more").waitFor();
  await ada.clock.runFor(1000);
  expect((await announced(ada)).at(-1)).toBe("Not sent. You are not allowed to do that. Someone: One more");
});

test("every button of a message names the message", async () => {
  const { siteUrl, server } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path });
  server.say("r", "A long message that goes on and on, and on and on");
  await send(ada, "Mine");
  server.change("r", 1, { kind: "reacted", emoji: "👍" });
  await log(ada).getByRole("group", { name: "Reactions to Someone's message: A long" }).waitFor();
  const buttons = log(ada).getByRole("toolbar").getByRole("button");
  const names = () => buttons.evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  await expect
    .poll(names)
    .toEqual([
      "React to Someone's message: A long message that goes on and on, and …",
      "Reply to Someone's message: A long message that goes on and on, and …",
      "Copy the text of Someone's message: A long message that goes on and on, and …",
      "Copy a link to Someone's message: A long message that goes on and on, and …",
      "Report Someone's message: A long message that goes on and on, and …",
      "React to your message: Mine",
      "Reply to your message: Mine",
      "Edit your message: Mine",
      "Copy the text of your message: Mine",
      "Copy a link to your message: Mine",
      "Delete your message: Mine",
    ]);
});
