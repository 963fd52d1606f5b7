// Message texts are shown as they were written, and never lost.
import { expect, test } from "vitest";
import { openPage, useBrowser } from "./support/browser.ts";
import { composer, createRoom, log, message, send } from "./support/room.ts";

useBrowser();

test("addresses become links, without the punctuation around them", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  await send(ada, "See (https://example.org/a_(b)?c=d#e), or mailto:ada@example.org.");
  const links = log(ada).getByRole("link");
  await expect
    .poll(() => links.allTextContents())
    .toEqual(["https://example.org/a_(b)?c=d#e", "mailto:ada@example.org"]);
});

test("4,000 characters arrive complete; one more is kept, explained and not sent", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  const full = "😀".repeat(3999);
  await composer(ada).fill(`${full}!!`);
  await ada.getByText("This message has 4,001 characters. The limit is 4,000").waitFor();
  await composer(ada).press("Enter");
  expect(await ada.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
  expect(await composer(ada).inputValue()).toBe(`${full}!!`);
  await composer(ada).press("Backspace");
  await ada.getByText("0 characters left").waitFor();
  await composer(ada).press("Enter");
  await message(bo, `${full}!`).waitFor();
});

test("a text without visible characters cannot be sent", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  for (const text of [" \n", "\u200B", "\u2060", "\u2800", "\u3164", "\uFEFF", "\u0085", "\u200F\uFE0F"]) {
    await composer(ada).fill(text);
    await composer(ada).press("Enter");
    expect(await composer(ada).inputValue(), JSON.stringify(text)).toBe(text);
    expect(await ada.getByRole("button", { name: "Send" }).isDisabled(), JSON.stringify(text)).toBe(true);
  }
});

test("line breaks, long words, emoji and right-to-left text are shown correctly", async () => {
  const ada = await openPage("Ada");
  await createRoom(ada);
  await composer(ada).pressSequentially("one");
  await composer(ada).press("Shift+Enter");
  await composer(ada).pressSequentially("two");
  await composer(ada).press("Enter");
  await log(ada).getByText("one\ntwo").waitFor();
  await send(ada, "x".repeat(500));
  await message(ada, "x".repeat(500)).waitFor();
  expect(await log(ada).evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  await send(ada, "👩‍👩‍👧‍👦 🇨🇭 é");
  await message(ada, "👩‍👩‍👧‍👦 🇨🇭 é").waitFor();
  await send(ada, "שלום עולם");
  const direction = log(ada)
    .getByText("שלום עולם")
    .evaluate((element) => getComputedStyle(element).direction);
  expect(await direction).toBe("rtl");
});
