// What a finger can hit, and what is still seen in forced colours.
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { person, phone, settle, useChromium } from "./support/chromium.ts";
import { act, composer, log, message, say } from "./support/room.ts";
import { roomInfo, TestStage } from "./support/test-stage.ts";

useChromium();

const path = "/#/rooms/r";

for (const width of [390, 320]) {
  test(`on a touch screen of ${width} px everything to press is at least 44 px high and wide`, async () => {
    const stage = await TestStage.start();
    const { siteUrl, server } = stage;
    const screen = { ...phone, viewport: { width, height: 700 } };
    stage.rooms = { status: 503, code: "unavailable" };
    const ada = await person("Ada", { siteUrl, ...screen });
    await ada.getByText("could not be loaded").waitFor();
    await expectLargeTargets(ada, "lobby, failed");
    stage.rooms = { json: { rooms: [roomInfo({ name: "A" })], cursor: "more" } };
    await ada.getByRole("button", { name: "Try again" }).tap();
    await ada.getByRole("button", { name: "Show more rooms" }).waitFor();
    await expectLargeTargets(ada, "lobby");

    const bo = await person(undefined, { siteUrl, path, ...screen });
    await bo.getByRole("button", { name: "Join the room" }).waitFor();
    await expectLargeTargets(bo, "naming");

    for (let n = 1; n <= 60; n++) server.say("r", `Message ${n}`);
    server.change("r", 60, { kind: "reacted", emoji: "👍" });
    await ada.goto(siteUrl + path);
    await composer(ada).waitFor();
    await say(ada, "Mine");
    await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
    await expectLargeTargets(ada, "room");
    await act(message(ada, "Mine"), "React");
    await expectLargeTargets(ada, "reacting");
    await ada.keyboard.press("Escape");
    await act(message(ada, "Message 60"), "React");
    await expectLargeTargets(ada, "reacting to another's");
    await ada.keyboard.press("Escape");
    await ada.getByRole("button", { name: "Actions for your message" }).tap();
    await expectLargeTargets(ada, "tools");
    await ada.keyboard.press("Escape");
    await act(message(ada, "Mine"), "Delete");
    await expectLargeTargets(ada, "deleting");
    await ada.keyboard.press("Escape");
    await act(message(ada, "Mine"), "Edit");
    await expectLargeTargets(ada, "editing");
    await ada.getByRole("button", { name: "Cancel" }).tap();
    server.intercept = ({ action }) => action === "send" && "forbidden";
    await say(ada, "Refused");
    await log(ada).getByText("Not sent.").waitFor();
    await expectLargeTargets(ada, "failed");
    await log(ada).evaluate((element) => element.scrollTo({ top: 900 }));
    await ada.getByRole("button", { name: "Newest" }).waitFor();
    await expectLargeTargets(ada, "scrolled");
    await ada.getByRole("button", { name: "Show people" }).tap();
    await ada.getByRole("dialog").waitFor();
    await expectLargeTargets(ada, "people");
    await ada.getByRole("button", { name: "Change your name" }).tap();
    await ada.getByRole("textbox", { name: "Your name" }).waitFor();
    await expectLargeTargets(ada, "renaming");
    await ada.keyboard.press("Escape");
    await ada.context().setOffline(true);
    await ada.getByRole("button", { name: "Try now" }).waitFor();
    await expectLargeTargets(ada, "offline");
    await ada.context().setOffline(false);
    await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
    server.broadcast({ type: "left", room: "r", reason: "closed" });
    await ada.getByRole("main").getByText("This room was closed.").waitFor();
    await expectLargeTargets(ada, "closed");
  });
}

test("the buttons at a message cover neither its author nor its text on a phone, however long it is", async () => {
  const { siteUrl, server } = await TestStage.start();
  server.say("r", "Before");
  server.say("r", "line\n".repeat(60));
  const ada = await person("Ada", { siteUrl, path, ...phone });
  const tall = log(ada).getByRole("listitem").last();
  await tall.getByRole("button", { name: "Actions for" }).tap();
  const bar = await box(tall.getByRole("toolbar"));
  const bubble = await box(tall.locator(".bubble"));
  expect(bar.y).toBeGreaterThanOrEqual(bubble.y + bubble.height);
  expect(bar.y + bar.height).toBeLessThanOrEqual((await box(composer(ada))).y);
});

test("the mark is there in a lobby that is opened offline", async () => {
  const { siteUrl } = await TestStage.start();
  const ada = await person("Ada", { siteUrl, path, ...phone });
  await composer(ada).waitFor();
  await ada.context().setOffline(true);
  await ada.getByRole("link", { name: "Back to the lobby" }).tap();
  await ada.getByRole("link", { name: "Parlor" }).locator("svg").waitFor();
  expect(await ada.locator("img").count()).toBe(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`in forced colours, ${colorScheme}, one sees what is chosen, what has the focus, and where a message ends`, async () => {
    const stage = await TestStage.start();
    const { siteUrl, server } = stage;
    const options = { siteUrl, colorScheme, forcedColors: "active" as const, viewport: { width: 1280, height: 800 } };
    const ada = await person("Ada", options);
    const choices = ada.locator(".option");
    await choices.first().waitFor();
    expect(await look(choices.nth(0))).not.toBe(await look(choices.nth(1)));
    await ada.getByLabel("Room name").focus();
    await expectFocusShown(ada.getByLabel("Room name"), ada.getByLabel("Topic"));
    await ada.getByRole("radio").first().focus();
    await ada.keyboard.press("ArrowRight");
    expect(await ada.getByRole("radio", { name: "Public" }).isChecked()).toBe(true);
    await expectFocusShown(choices.nth(1), choices.nth(0));

    server.say("r", "Hello");
    server.change("r", 1, { kind: "reacted", emoji: "👍" });
    server.say("r", "Bye");
    stage.rooms = { json: { rooms: [roomInfo({ roomId: "other", name: "Other" })] } };
    await ada.goto(siteUrl + path);
    await ada.reload();
    await say(ada, "Mine");
    await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
    for (const text of ["Hello", "Mine"]) await expectEdge(message(ada, text).locator(".bubble"));
    for (const name of ["Send", "Copy link"]) await expectEdge(ada.getByRole("button", { name }));
    const links = ada.getByRole("navigation", { name: "Rooms" }).getByRole("listitem").getByRole("link");
    await links.nth(1).waitFor();
    expect(await look(links.nth(0))).not.toBe(await look(links.nth(1)));
    await act(message(ada, "Hello"), "React");
    await ada.getByRole("button", { name: "Party" }).click();
    const pressed = log(ada).getByRole("button", { name: "Party: 1 person", pressed: true });
    await pressed.waitFor();
    expect(await look(pressed)).not.toBe(await look(log(ada).getByRole("button", { name: "Thumbs up: 1 person" })));
    await composer(ada).focus();
    const box = ada.locator(".composer-box");
    const focused = await look(box);
    await ada.getByRole("link", { name: "New room" }).focus();
    expect(await look(box)).not.toBe(focused);
    await act(message(ada, "Mine"), "Edit");
    expect(await look(message(ada, "Mine").locator(".bubble"))).not.toBe(
      await look(message(ada, "Bye").locator(".bubble")),
    );
  });
}

/** Links within a text are as high as its lines; everything else is as large as a finger. */
async function expectLargeTargets(page: Page, state: string): Promise<void> {
  await settle(page);
  const small = await page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>("a, button, input:not([type=radio]), textarea, .option");
    return [...targets]
      .filter((target) => target.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((target) => !target.closest(".bubble"))
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      .filter(({ box: { width, height } }) => Math.min(width, height) < 43.9)
      .map(({ target, box: { width, height } }) => `${target.outerHTML.slice(0, 80)}: ${width} × ${height}`);
  });
  expect(small, state).toEqual([]);
}

async function box(of: Locator) {
  await settle(of.page());
  const found = await of.boundingBox();
  if (!found) throw new Error("It has no place");
  return found;
}

/** What forced colours leave of an element's look. */
function look(of: Locator): Promise<string> {
  return of.evaluate((element) => {
    const { backgroundColor, color, border, outline } = getComputedStyle(element);
    return JSON.stringify({ backgroundColor, color, border, outline });
  });
}

async function expectEdge(of: Locator): Promise<void> {
  const [width, edge, ground] = await of.evaluate((element) => {
    const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(element);
    return [borderTopStyle === "none" ? 0 : Number.parseFloat(borderTopWidth), borderTopColor, backgroundColor];
  });
  expect(width).toBeGreaterThanOrEqual(1);
  expect(edge).not.toBe(ground);
}

async function expectFocusShown(on: Locator, other: Locator): Promise<void> {
  const outline = await on.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth);
  });
  expect(outline).toBeGreaterThanOrEqual(2);
  expect(await look(on)).not.toBe(await look(other));
}
