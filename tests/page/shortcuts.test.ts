// Keys that work anywhere in a room.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { tabTo, violations } from "./support/accessibility.ts";
import { focusedName, openPage, useBrowser } from "./support/browser.ts";
import { actionButton, composer, log, message, texts } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";

async function openRoom(): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  stage.server.say("r", "Hello");
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await message(ada, "Hello").waitFor();
  return { ada, stage };
}

test("text that is typed anywhere in a room goes to the composer", async () => {
  const { ada } = await openRoom();
  const places = [
    log(ada),
    ada.getByRole("button", { name: "Copy link" }),
    actionButton(message(ada, "Hello"), "React"),
  ];
  for (const [at, place] of places.entries()) {
    await place.focus();
    await ada.keyboard.type(`text ${at}`);
    expect(await composer(ada).inputValue()).toBe(`text ${at}`);
    await composer(ada).fill("");
  }
  await log(ada).focus();
  await ada.keyboard.type("Bye");
  await ada.keyboard.press("Enter");
  await message(ada, "Bye").waitFor();
});

test("keys that are not text, and keys with a modifier, stay where the focus is", async () => {
  const { ada } = await openRoom();
  await log(ada).focus();
  for (const key of ["PageUp", "F2", "Space", "Shift", "Control+b", "Alt+x", "Meta+k"]) {
    await ada.keyboard.press(key);
    expect(await focusedName(ada), key).toBe("Messages");
  }
  await ada.getByRole("button", { name: "Copy link" }).focus();
  await ada.keyboard.press("Space");
  await ada.getByRole("button", { name: "Copied" }).waitFor();
  expect(await composer(ada).inputValue()).toBe("");
  expect(await texts(ada)).toEqual(["Hello"]);
});

test("text that is typed in a dialog or another field stays there", async () => {
  const { ada } = await openRoom();
  await ada.getByRole("button", { name: "Change your name" }).click();
  await ada.getByRole("textbox", { name: "Your name" }).fill("");
  await ada.keyboard.type("Bo?");
  expect(await ada.getByRole("textbox", { name: "Your name" }).inputValue()).toBe("Bo?");
  await ada.getByRole("button", { name: "Close" }).focus();
  await ada.keyboard.type("x?");
  expect(await focusedName(ada)).toBe("Close");
  await ada.keyboard.press("Escape");
  expect(await composer(ada).inputValue()).toBe("");
});

for (const [how, open] of [
  [
    "with ?",
    async (ada: Page) => {
      await log(ada).focus();
      await ada.keyboard.press("?");
    },
  ],
  [
    "with its button",
    async (ada: Page) => {
      await tabTo(ada, "Keyboard shortcuts");
      await ada.keyboard.press("Enter");
    },
  ],
] as const) {
  test(`the list of keyboard shortcuts opens ${how}, closes with Escape and gives the focus back`, async () => {
    const { ada } = await openRoom();
    await open(ada);
    const dialog = ada.getByRole("dialog", { name: "Keyboard shortcuts" });
    await dialog.getByText("Start a new line").waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await focusedName(ada)).toBe(how === "with ?" ? "Messages" : "Keyboard shortcuts");
  });
}

test("in the composer ? is text, and elsewhere too once the shortcut is turned off", async () => {
  const { ada, stage } = await openRoom();
  await composer(ada).focus();
  await ada.keyboard.type("Why?");
  expect(await composer(ada).inputValue()).toBe("Why?");
  await log(ada).focus();
  await ada.keyboard.press("?");
  await ada.getByRole("checkbox", { name: "Open this list with ?" }).uncheck();
  await ada.keyboard.press("Escape");
  await ada.reload();
  await message(ada, "Hello").waitFor();
  await composer(ada).fill("Why");
  await log(ada).focus();
  await ada.keyboard.press("?");
  expect(await composer(ada).inputValue()).toBe("Why?");
  expect(stage.server.received("send")).toEqual([]);
});

test("if the list of shortcuts cannot be loaded, the page says so", async () => {
  const { ada } = await openRoom();
  await ada.route("**/shortcuts-dialog-*.js", (route) => route.abort());
  await log(ada).focus();
  await ada.keyboard.press("?");
  await ada.getByRole("status").getByText("Couldn't load the keyboard shortcuts").waitFor({ state: "attached" });
  await ada.keyboard.type("Then I write");
  expect(await composer(ada).inputValue()).toBe("Then I write");
});
