// Text is text: shown as it was written, never run, never lost.
import { expect, test } from "vitest";
import { person, useChromium } from "./support/chromium.ts";
import { composer, log, makeRoom, message, people, say } from "./support/room.ts";

useChromium();

const attacks = [
  `<img src=x onerror="ran=1">`,
  `<script>ran=1</script>`,
  `<svg/onload="ran=1">`,
  `javascript:ran=1`,
  `[x](javascript:ran=1)`,
  `data:text/html,<script>ran=1</script>`,
];

test("markup is shown and not run: in messages, names, room names and topics", async () => {
  const [image = "", script = ""] = attacks;
  const ada = await person(image);
  const path = await makeRoom(ada, { name: script, topic: image, isPublic: true });
  const bo = await person("Bo", { path });
  for (const text of attacks) {
    await say(ada, text);
    await message(bo, text).waitFor();
  }
  await bo.getByRole("heading", { name: script }).waitFor();
  await people(bo).filter({ hasText: image }).waitFor();
  await bo.getByRole("link", { name: "Parlor" }).click();
  await bo.getByRole("link", { name: image }).first().waitFor();
  for (const page of [ada, bo]) {
    expect(await page.evaluate(() => "ran" in window)).toBe(false);
    expect(await page.locator("img:not([src='/favicon.svg']), script:not([src])").count()).toBe(0);
    expect(await page.locator("a[href^='javascript'], a[href^='data']").count()).toBe(0);
  }
});

test("addresses become links that tell the other site nothing", async () => {
  const ada = await person("Ada");
  await makeRoom(ada);
  await say(ada, "See (https://example.org/a_(b)?c=d#e), or mailto:ada@example.org.");
  const links = log(ada).getByRole("link");
  await expect
    .poll(() => links.allTextContents())
    .toEqual(["https://example.org/a_(b)?c=d#e", "mailto:ada@example.org"]);
  expect(await links.first().getAttribute("rel")).toBe("noopener noreferrer nofollow");
  expect(await links.first().getAttribute("target")).toBe("_blank");
});

test("4,000 characters arrive whole; one more is kept, explained, and not sent", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  const full = "😀".repeat(3999);
  await composer(ada).fill(`${full}!!`);
  await ada.getByText("A message can have 4,000 characters, this one has 4,001.").waitFor();
  await composer(ada).press("Enter");
  expect(await ada.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
  expect(await composer(ada).inputValue()).toBe(`${full}!!`);
  await composer(ada).press("Backspace");
  await ada.getByText("0 characters left").waitFor();
  await composer(ada).press("Enter");
  await message(bo, `${full}!`).waitFor();
});

test("lines, long words, emoji and right-to-left text keep their shape", async () => {
  const ada = await person("Ada");
  await makeRoom(ada);
  await composer(ada).pressSequentially("one");
  await composer(ada).press("Shift+Enter");
  await composer(ada).pressSequentially("two");
  await composer(ada).press("Enter");
  await log(ada).getByText("one\ntwo").waitFor();
  await say(ada, "x".repeat(500));
  await message(ada, "x".repeat(500)).waitFor();
  expect(await log(ada).evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  await say(ada, "👩‍👩‍👧‍👦 🇨🇭 é");
  await message(ada, "👩‍👩‍👧‍👦 🇨🇭 é").waitFor();
  await say(ada, "שלום עולם");
  const direction = log(ada)
    .getByText("שלום עולם")
    .evaluate((element) => getComputedStyle(element).direction);
  expect(await direction).toBe("rtl");
});
