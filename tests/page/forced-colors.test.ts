// Forced colors: what is selected, focused or a message stays visible without the page's own colors.
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, log, message, send } from "./support/room.ts";
import { roomInfo, TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";

for (const colorScheme of ["light", "dark"] as const) {
  test(`in forced ${colorScheme} colors, selection, focus and the edges of messages are visible`, async () => {
    const stage = await TestStage.start();
    const { siteUrl, server } = stage;
    const options = { siteUrl, colorScheme, forcedColors: "active" as const, viewport: { width: 1280, height: 800 } };
    const ada = await openPage("Ada", options);
    const choices = ada.locator(".option");
    await choices.first().waitFor();
    expect(await appearance(choices.nth(0))).not.toBe(await appearance(choices.nth(1)));
    await ada.getByLabel("Room name").focus();
    await expectVisibleFocus(ada.getByLabel("Room name"), ada.getByLabel("Topic"));
    await ada.getByRole("radio").first().focus();
    await ada.keyboard.press("ArrowRight");
    expect(await ada.getByRole("radio", { name: "Public" }).isChecked()).toBe(true);
    await expectVisibleFocus(choices.nth(1), choices.nth(0));

    server.say("r", "Hello");
    server.change("r", 1, { kind: "reacted", emoji: "👍" });
    server.say("r", "Bye");
    stage.rooms = { json: { rooms: [roomInfo({ roomId: "other", name: "Other" })] } };
    await ada.goto(siteUrl + path);
    await ada.reload();
    await send(ada, "Mine");
    await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
    for (const text of ["Hello", "Mine"]) await expectVisibleEdge(message(ada, text).locator(".bubble"));
    for (const name of ["Send", "Copy link"]) await expectVisibleEdge(ada.getByRole("button", { name }));
    const links = ada.getByRole("navigation", { name: "Rooms" }).getByRole("listitem").getByRole("link");
    await links.nth(1).waitFor();
    expect(await appearance(links.nth(0))).not.toBe(await appearance(links.nth(1)));
    await chooseAction(message(ada, "Hello"), "React");
    await ada.getByRole("button", { name: "Party" }).click();
    const pressed = log(ada).getByRole("button", { name: "Party: 1 person", pressed: true });
    await pressed.waitFor();
    expect(await appearance(pressed)).not.toBe(
      await appearance(log(ada).getByRole("button", { name: "Thumbs up: 1 person" })),
    );
    await composer(ada).focus();
    const box = ada.locator(".composer-box");
    const focused = await appearance(box);
    await ada.getByRole("link", { name: "New room" }).focus();
    expect(await appearance(box)).not.toBe(focused);
    await chooseAction(message(ada, "Mine"), "Edit");
    expect(await appearance(message(ada, "Mine").locator(".bubble"))).not.toBe(
      await appearance(message(ada, "Bye").locator(".bubble")),
    );
  });
}

/** The part of an element's appearance that forced colors keep. */
function appearance(of: Locator): Promise<string> {
  return of.evaluate((element) => {
    const { backgroundColor, color, border, outline } = getComputedStyle(element);
    return JSON.stringify({ backgroundColor, color, border, outline });
  });
}

async function expectVisibleEdge(of: Locator): Promise<void> {
  const [width, edge, background] = await of.evaluate((element) => {
    const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(element);
    return [borderTopStyle === "none" ? 0 : Number.parseFloat(borderTopWidth), borderTopColor, backgroundColor];
  });
  expect(width).toBeGreaterThanOrEqual(1);
  expect(edge).not.toBe(background);
}

async function expectVisibleFocus(on: Locator, other: Locator): Promise<void> {
  const outline = await on.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth);
  });
  expect(outline).toBeGreaterThanOrEqual(2);
  expect(await appearance(on)).not.toBe(await appearance(other));
}
