// Accessibility: axe, keyboard, screen reader, both color schemes, small screens.
import { describe, expect, test } from "vitest";
import { tabTo, violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, goToLobby, log, message, send } from "./support/room.ts";

useBrowser();

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test("axe finds no violations in the lobby, the name form, the room and its dialog", async () => {
    const ada = await openPage("Ada", { colorScheme });
    await ada.getByRole("heading", { name: "Public rooms" }).waitFor();
    expect(await violations(ada)).toEqual([]);
    const path = await createRoom(ada, { topic: "Tea", isPublic: true });
    expect(await violations(ada)).toEqual([]);

    const bo = await openPage(undefined, { path, colorScheme });
    await bo.getByRole("button", { name: "Join room" }).waitFor();
    expect(await violations(bo)).toEqual([]);
    await bo.getByRole("button", { name: "Join room" }).click();
    await composer(bo).waitFor();
    await send(bo, "Hello, see https://example.org");
    await message(ada, "Hello, see https://example.org").waitFor();
    await send(ada, "Hello");
    await message(ada, "Hello").getByText("Sent", { exact: true }).waitFor();
    await composer(bo).pressSequentially("x".repeat(10));
    await ada.getByText("is typing…").waitFor();
    expect(await violations(ada)).toEqual([]);

    await chooseAction(message(ada, "Hello"), "React");
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "Party" }).click();
    await message(ada, "Hello").getByRole("button", { name: "Party: 1 person" }).waitFor();
    await chooseAction(message(ada, "Hello"), "Edit");
    await ada.getByRole("textbox", { name: "Edit message" }).fill("Hello!");
    expect(await violations(ada)).toEqual([]);
    await ada.keyboard.press("Enter");
    await message(ada, "Hello!").getByText("(edited)").waitFor();
    await chooseAction(message(ada, "Hello!"), "Delete");
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "Delete", exact: true }).last().click();
    await message(ada, "Message deleted").waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "Change your name" }).click();
    await ada.getByRole("dialog").waitFor();
    expect(await violations(ada)).toEqual([]);
  });

  test("axe finds no violations on a phone", async () => {
    const ada = await openPage("Ada", { ...phone, colorScheme });
    await createRoom(ada);
    await send(ada, "Hello");
    await message(ada, "Hello").getByText("Sent", { exact: true }).waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "Actions for" }).tap();
    await ada.getByRole("toolbar").waitFor();
    expect(await violations(ada)).toEqual([]);
    // A press outside the sheet closes it.
    await ada.touchscreen.tap(195, 120);
    await ada.getByRole("toolbar").waitFor({ state: "detached" });
    await ada.getByRole("button", { name: "Show people: 1 person here" }).click();
    await ada.getByRole("dialog").waitFor();
    expect(await violations(ada)).toEqual([]);
  });
});

test("one polite live region announces messages of others and who joins", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  const announcements = ada.getByRole("status");
  await announcements.getByText("Bo joined").waitFor();
  await send(bo, "Hello");
  await announcements.getByText("Bo: Hello").waitFor();
  await send(ada, "My own");
  await message(ada, "My own").getByText("Sent", { exact: true }).waitFor();
  expect(await announcements.getByText("My own").count()).toBe(0);
  expect(await ada.locator("[aria-live], [role=status], [role=alert], [role=log]").count()).toBe(1);
});

test("everything works by keyboard", async () => {
  const ada = await openPage("Ada");
  await tabTo(ada, "Create room");
  await ada.keyboard.press("Enter");
  await composer(ada).waitFor();
  await expect.poll(() => focusedName(ada)).toBe("Message");
  await ada.keyboard.type("By hand");
  await ada.keyboard.press("Enter");
  await message(ada, "By hand").getByText("Sent", { exact: true }).waitFor();
  await tabTo(ada, "Change your name");
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Your name");
  await ada.keyboard.type("Ada L.");
  await ada.keyboard.press("Enter");
  await ada.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(() => focusedName(ada)).toBe("Change your name");
  await tabTo(ada, "New room");
  await ada.keyboard.press("Enter");
  await ada.getByRole("button", { name: "Create room" }).waitFor();
  await expect.poll(() => ada.evaluate(() => document.activeElement?.tagName)).toBe("H1");
});

test("a message is edited, reacted to and deleted by keyboard", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  await send(ada, "Helo");
  await message(ada, "Helo").getByText("Sent", { exact: true }).waitFor();
  await ada.keyboard.press("ArrowUp");
  await expect.poll(() => focusedName(ada)).toBe("Edit message");
  await ada.keyboard.type(" not this");
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Message");
  expect(await composer(ada).inputValue()).toBe("");
  await ada.keyboard.press("ArrowUp");
  await ada.getByRole("textbox", { name: "Edit message" }).waitFor();
  await ada.keyboard.press("End");
  await ada.keyboard.press("Backspace");
  await ada.keyboard.type("lo");
  await ada.keyboard.press("Enter");
  await message(ada, "Hello").getByText("(edited)").waitFor();

  await log(ada).focus();
  await ada.keyboard.press("ArrowUp");
  await expect.poll(() => focusedName(ada)).toContain("Hello");
  await ada.keyboard.press("ArrowRight");
  await expect.poll(() => focusedName(ada)).toBe("React to your message: Hello");
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Thumbs up");
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("React to your message: Hello");
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Thumbs up");
  await ada.keyboard.press("ArrowRight");
  await ada.keyboard.press("Enter");
  await message(ada, "Hello").getByRole("button", { name: "Heart: 1 person", pressed: true }).waitFor();

  await expect.poll(() => focusedName(ada)).toBe("React to your message: Hello");
  await ada.keyboard.press("ArrowLeft");
  await expect.poll(() => focusedName(ada)).toBe("Heart: 1 person");
  await ada.keyboard.press("ArrowLeft");
  await expect.poll(() => focusedName(ada)).toBe("Delete your message: Hello");
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Cancel");
  await ada.keyboard.press("Escape");
  await expect.poll(() => focusedName(ada)).toBe("Delete your message: Hello");
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Cancel");
  await ada.keyboard.press("Tab");
  await expect.poll(() => focusedName(ada)).toBe("Delete");
  await ada.keyboard.press("Enter");
  await message(ada, "Message deleted").waitFor();
  await expect.poll(() => focusedName(ada)).toContain("Message deleted");
});

test("a phone shows one column, with the people in a drawer", async () => {
  const ada = await openPage("Ada", phone);
  await createRoom(ada, { name: "A room with a name that is much too long for a phone", topic: "w".repeat(200) });
  await send(ada, "w".repeat(300));
  await message(ada, "w".repeat(300)).getByText("Sent", { exact: true }).waitFor();
  expect(await ada.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await ada.getByRole("button", { name: "Actions for" }).tap();
  await ada.getByRole("button", { name: "React to" }).tap();
  expect(await ada.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await ada.getByRole("button", { name: "Thumbs up" }).tap();
  await ada.getByRole("button", { name: "Thumbs up: 1 person" }).waitFor();
  const opener = ada.getByRole("button", { name: "Show people: 1 person here" });
  await opener.tap();
  await ada.getByRole("dialog", { name: "1 person here" }).getByText("Ada").waitFor();
  await ada.keyboard.press("Escape");
  await ada.getByRole("dialog").waitFor({ state: "detached" });
  await goToLobby(ada);
  await ada.getByRole("button", { name: "Create room" }).waitFor();
});
