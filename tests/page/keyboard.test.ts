// Keys: Enter and its modifiers on desktop and touch screens, and the keys of input methods.
import type { CDPSession, Page } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { actionButton, chooseAction, composer, log, message, send, texts } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";

/** Android reports a key of its on-screen keyboard without a place on a hardware keyboard. */
const pressOnScreen = async (page: Page, key: string) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Input.dispatchKeyEvent", {
    type: "keyDown",
    key,
    code: "",
    windowsVirtualKeyCode: 13,
    text: "\r",
  });
  await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", key, code: "", windowsVirtualKeyCode: 13 });
};

test("on an on-screen keyboard Enter starts a new line, and the button or Control+Enter sends", async () => {
  const { siteUrl } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path, ...phone });
  await composer(ada).tap();
  await ada.keyboard.type("one");
  await pressOnScreen(ada, "Enter");
  await ada.keyboard.type("two");
  expect(await composer(ada).inputValue()).toBe("one\ntwo");
  expect(await composer(ada).getAttribute("enterkeyhint")).toBe("enter");
  await ada.getByRole("button", { name: "Send" }).tap();
  await expect.poll(() => texts(ada)).toEqual(["one\ntwo"]);
  await chooseAction(log(ada).getByRole("listitem").last(), "Edit");
  const editor = ada.getByRole("textbox", { name: "Edit message" });
  await editor.press("ControlOrMeta+End");
  await pressOnScreen(ada, "Enter");
  await ada.keyboard.type("three");
  await ada.getByRole("button", { name: "Save" }).tap();
  await expect.poll(() => texts(ada)).toEqual(["one\ntwo\nthree"]);
  await composer(ada).fill("four");
  await composer(ada).press("Control+Enter");
  await expect.poll(() => texts(ada)).toEqual(["one\ntwo\nthree", "four"]);
});

test("while an on-screen keyboard covers a part of the page, as on iOS, Enter starts a new line", async () => {
  const { siteUrl } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path, ...phone });
  await composer(ada).tap();
  const cover = (height: number) =>
    ada.evaluate((height) => {
      Object.defineProperty(visualViewport, "height", { configurable: true, get: () => innerHeight - height });
    }, height);
  await cover(320);
  await ada.keyboard.type("one");
  await ada.keyboard.press("Enter");
  await ada.keyboard.type("two");
  expect(await composer(ada).inputValue()).toBe("one\ntwo");
  // The bar that iPadOS shows with a hardware keyboard.
  await cover(55);
  await ada.keyboard.press("Enter");
  await expect.poll(() => texts(ada)).toEqual(["one\ntwo"]);
});

test("with a hardware keyboard on a touch screen Enter sends and Shift+Enter starts a new line", async () => {
  const { siteUrl } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path, ...phone });
  await composer(ada).tap();
  await ada.keyboard.type("one");
  await ada.keyboard.press("Shift+Enter");
  await ada.keyboard.type("two");
  await ada.keyboard.press("Enter");
  await expect.poll(() => texts(ada)).toEqual(["one\ntwo"]);
});

test("with a mouse Enter sends and Shift+Enter starts a new line", async () => {
  const { siteUrl } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path });
  await composer(ada).pressSequentially("one");
  await composer(ada).press("Shift+Enter");
  await composer(ada).pressSequentially("two");
  expect(await composer(ada).getAttribute("enterkeyhint")).toBe("send");
  await composer(ada).press("Enter");
  await expect.poll(() => texts(ada)).toEqual(["one\ntwo"]);
});

// Chromium and Firefox report the key during the composition, Safari after it with key code 229.
const browsers = [
  ["as in Chromium", { endsFirst: false, keyCode: undefined }],
  ["as in Safari", { endsFirst: true, keyCode: 229 }],
] as const;

for (const [browser, how] of browsers) {
  test(`a key that ends a composition has no other effect, ${browser}`, async () => {
    const { siteUrl } = await TestStage.start();
    const ada = await openPage("Ada", { siteUrl, path });
    const method = await InputMethod.of(ada);
    await composer(ada).focus();
    await method.end("にほん", "Enter", how);
    expect(await composer(ada).inputValue()).toBe("にほん");
    expect(await texts(ada)).toEqual([]);
    await composer(ada).press("Enter");
    await message(ada, "にほん").getByText("Sent", { exact: true }).waitFor();

    await composer(ada).press("ArrowUp");
    const editor = ada.getByRole("textbox", { name: "Edit message" });
    await method.end("ご", "Escape", how);
    await method.end("ご", "Enter", how);
    expect(await editor.inputValue()).toBe("にほんごご");
    expect(await texts(ada)).toEqual(["にほん"]);
    await editor.press("Enter");
    await message(ada, "にほんごご").getByText("(edited)").waitFor();

    await chooseAction(message(ada, "にほんごご"), "React");
    await method.press("Escape", 229);
    await ada.getByRole("button", { name: "Party" }).waitFor();
    await ada.keyboard.press("Escape");
    await ada.getByRole("button", { name: "Party" }).waitFor({ state: "detached" });

    await ada.getByRole("button", { name: "Change your name" }).click();
    const name = ada.getByRole("dialog").getByRole("textbox", { name: "Your name" });
    await name.fill("");
    await method.end("愛田", "Escape", how);
    await method.end("真", "Enter", how, "\r");
    expect(await name.inputValue()).toBe("愛田真");
    await ada.getByRole("dialog").waitFor();
    await name.press("Enter");
    await ada.getByRole("dialog").waitFor({ state: "detached" });
    await ada.getByRole("complementary").getByText("愛田真").waitFor();
  });

  test(`the Enter that ends a composition does not submit the name, ${browser}`, async () => {
    const { siteUrl } = await TestStage.start();
    const bo = await openPage(undefined, { siteUrl, path });
    const name = bo.getByRole("textbox", { name: "Your name" });
    await name.fill("");
    await (await InputMethod.of(bo)).end("愛田", "Enter", how, "\r");
    expect(await name.inputValue()).toBe("愛田");
    expect(await composer(bo).count()).toBe(0);
    await name.press("Enter");
    await composer(bo).waitFor();
  });
}

test("the arrow keys of an input method do not move through the toolbar", async () => {
  const { siteUrl } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path });
  await send(ada, "Hello");
  await message(ada, "Hello").getByText("Sent", { exact: true }).waitFor();
  await actionButton(message(ada, "Hello"), "React").focus();
  await (await InputMethod.of(ada)).press("ArrowRight", 229);
  expect(await actionButton(message(ada, "Hello"), "React").evaluate((it) => it === document.activeElement)).toBe(true);
});

/** An input method, as the browser reports it to the page. */
class InputMethod {
  readonly #devtools: CDPSession;

  private constructor(devtools: CDPSession) {
    this.#devtools = devtools;
  }

  static async of(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  /** Composes a text and confirms it with this key. */
  async end(text: string, key: string, { endsFirst, keyCode }: Ending, types?: string): Promise<void> {
    const end = text.length;
    await this.#devtools.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end });
    if (endsFirst) await this.#devtools.send("Input.insertText", { text });
    await this.press(key, keyCode, types);
    if (!endsFirst) await this.#devtools.send("Input.insertText", { text });
  }

  /** With `types`, the key also has its default effect in a field, unless the page prevents it. */
  async press(key: string, keyCode = { Enter: 13, Escape: 27 }[key] ?? 0, types?: string): Promise<void> {
    const pressed = { key, code: key, windowsVirtualKeyCode: keyCode };
    const down = types === undefined ? { type: "rawKeyDown" as const } : { type: "keyDown" as const, text: types };
    await this.#devtools.send("Input.dispatchKeyEvent", { ...down, ...pressed });
    await this.#devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...pressed });
  }
}

interface Ending {
  /** Whether the composition ends before the page receives the key. */
  endsFirst: boolean;
  keyCode: number | undefined;
}
