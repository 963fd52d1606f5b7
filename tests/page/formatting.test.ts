// The formatting of messages: what Markdown becomes, long texts, and emoji.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, log, message, send, texts } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`).join("\n");
const everyFormat = [
  "**bold**, *italic*, ~~gone~~ and `code`",
  "> quoted\n> twice",
  "- one\n- two",
  "1. first\n2. second",
  "```js\nconst a = 1;\n```",
].join("\n\n");

async function openRoom(said: readonly string[], options = {}): Promise<{ ada: Page; stage: TestStage }> {
  const stage = await TestStage.start();
  for (const text of said) stage.server.say("r", text);
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path, ...options });
  await composer(ada).waitFor();
  return { ada, stage };
}

const last = (page: Page) => log(page).locator(".message-text").last();

test("Markdown is shown as elements, in messages of others and in one's own", async () => {
  const { ada } = await openRoom([everyFormat]);
  const expectFormats = async () => {
    for (const [element, text] of [
      ["strong", "bold"],
      ["em", "italic"],
      ["del", "gone"],
      ["blockquote", "quoted\ntwice"],
      ["ul > li", "one"],
      ["ol > li", "first"],
      ["pre > code", "const a = 1;"],
    ] as const) {
      expect(await last(ada).locator(element).first().textContent(), element).toBe(text);
    }
  };
  await last(ada).locator("strong").waitFor();
  await expectFormats();
  await send(ada, everyFormat);
  await expect.poll(() => log(ada).locator(".own strong").count()).toBe(1);
  await expectFormats();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds no violations in formatted and long messages, in ${colorScheme}`, async () => {
    const { ada } = await openRoom([everyFormat, lines(30), "👍"], { colorScheme });
    await send(ada, `${everyFormat}\nhttps://example.org`);
    await send(ada, lines(30));
    await ada.getByRole("button", { name: "Show more" }).nth(1).waitFor();
    expect(await violations(ada, ".log")).toEqual([]);
  });
}

test("editing shows the text as it was written", async () => {
  const { ada } = await openRoom([]);
  await send(ada, "a **b**");
  await message(ada, "a b").getByText("Sent", { exact: true }).waitFor();
  await composer(ada).press("ArrowUp");
  expect(await ada.getByRole("textbox", { name: "Edit message" }).inputValue()).toBe("a **b**");
});

test("addresses without a scheme are links too", async () => {
  const { ada } = await openRoom(["See www.example.org/a, or ask ada@example.org."]);
  const links = log(ada).getByRole("link");
  await expect.poll(() => links.allTextContents()).toEqual(["www.example.org/a", "ada@example.org"]);
  expect(await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))).toEqual([
    "https://www.example.org/a",
    "mailto:ada@example.org",
  ]);
});

test("up to three emoji alone are shown large", async () => {
  const { ada } = await openRoom(["Hello 👍", "👍", "👍🏽 ❤️ 👩‍👩‍👧‍👦", "👍👍👍👍"]);
  await log(ada).locator(".few-emoji").first().waitFor();
  const sizes = await log(ada)
    .locator(".message-text")
    .evaluateAll((all) => all.map((each) => Number.parseFloat(getComputedStyle(each).fontSize)));
  expect(sizes.map((size) => size >= 30)).toEqual([false, true, true, false]);
});

for (const [device, options] of [
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  ["a phone", phone],
] as const) {
  test(`of a long message, 20 lines are shown until the reader asks for more, on ${device}`, async () => {
    const { ada } = await openRoom([lines(20), lines(21), "word ".repeat(700)], options);
    await expect.poll(() => ada.getByRole("button", { name: "Show more" }).count()).toBe(2);
    const long = log(ada).locator(".message").nth(1);
    expect(await heightInLines(ada, 1)).toBe(20);
    const button = long.getByRole("button", { name: "Show more" });
    expect(await button.getAttribute("aria-expanded")).toBe("false");
    if (options === phone) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await button.tap();
    } else {
      await button.focus();
      await ada.keyboard.press("Enter");
    }
    await long.getByRole("button", { name: "Show less", expanded: true }).waitFor();
    expect(await heightInLines(ada, 1)).toBe(21);
    await long.getByRole("button", { name: "Show less" }).click();
    expect(await heightInLines(ada, 1)).toBe(20);
    expect((await texts(ada))[1]).toBe(lines(21));
  });
}

test("a link in the hidden part of a long message shows it when it gets the focus", async () => {
  const { ada } = await openRoom([`${lines(30)}\nhttps://example.org/end`]);
  await ada.getByRole("button", { name: "Show more" }).waitFor();
  await log(ada).focus();
  await ada.keyboard.press("ArrowUp");
  await ada.keyboard.press("ArrowRight");
  await ada.getByRole("button", { name: "Show less" }).waitFor();
  expect(await heightInLines(ada, 0)).toBe(31);
});

test("without the formatting, messages are text with links", async () => {
  const stage = await TestStage.start();
  stage.server.say("r", "a **b** https://example.org");
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl });
  await ada.route("**/formatted-text-*.js", (route) => route.abort());
  await ada.goto(stage.siteUrl + path);
  await message(ada, "a **b** https://example.org").getByRole("link").waitFor();
});

test("a text without formatting keeps its place when the formatting arrives", async () => {
  const stage = await TestStage.start();
  for (let n = 1; n <= 10; n++)
    stage.server.say("r", `Message ${n}\n\n  with lines, https://example.org and 5 * 3 - 1`);
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl });
  let arrive = () => {};
  const asked = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await ada.route("**/formatted-text-*.js", async (route) => {
    await asked;
    await route.continue();
  });
  await ada.goto(stage.siteUrl + path);
  await log(ada).getByText("Message 10").waitFor();
  const places = () =>
    log(ada)
      .locator(".bubble")
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().y));
  const before = await places();
  arrive();
  stage.server.say("r", "**Now**");
  await log(ada).locator("strong").waitFor();
  const after = (await places()).slice(0, 10);
  const moved = after.map((y, at) => y - (before[at] ?? 0));
  expect(new Set(moved.map(Math.round)).size).toBe(1);
});

function heightInLines(page: Page, at: number): Promise<number> {
  return log(page)
    .locator(".message-text")
    .nth(at)
    .evaluate((element) => Math.round(element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight)));
}
