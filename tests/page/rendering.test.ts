// Rendering cost: thousands of messages, and people who join or type, cost no more than a few.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { MAX_RENDERED } from "../../web/src/components/log/log-window.ts";
import { openPage, useBrowser } from "./support/browser.ts";
import { composer, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";

test("typing, joining and drafting render nothing in the log; a new message renders only itself", async () => {
  const { siteUrl, server } = await TestStage.start({ countRenders: true });
  for (let n = 1; n <= 40; n++) server.say("r", `Message ${n}`);
  for (let n = 30; n <= 40; n++) server.change("r", n, { kind: "reacted", emoji: "👍" });
  const ada = await openPage("Ada", { siteUrl, path });
  await message(ada, "Message 40").waitFor();
  const before = await rendersInLog(ada);
  expect(before.MessageRow).toBeGreaterThan(30);

  for (let n = 0; n < 20; n++) {
    server.broadcast({ type: "typing", room: "r", from: { userId: `${n}`, name: `Person ${n}` } });
    const newcomer = { userId: `${n}`, name: `Person ${n}` };
    server.broadcast({ type: "presence", room: "r", event: "joined", people: [newcomer], count: n + 2 });
  }
  await ada.getByRole("heading", { name: "21 people here" }).waitFor();
  await ada.getByText("are typing…").waitFor();
  await composer(ada).pressSequentially("Hello");
  expect(await rendersInLog(ada)).toEqual(before);

  server.say("r", "One more");
  await message(ada, "One more").waitFor();
  const after = await rendersInLog(ada);
  // Itself, and the one before it, whose group it may continue.
  expect((after.MessageRow ?? 0) - (before.MessageRow ?? 0)).toBeLessThanOrEqual(2);
  expect((after.MessageActions ?? 0) - (before.MessageActions ?? 0)).toBeLessThanOrEqual(2);
});

test("of 5,000 messages only a few hundred are in the document, wherever the log is scrolled to", async () => {
  const { siteUrl, server } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path });
  await composer(ada).waitFor();
  for (let n = 1; n <= 5_000; n++) server.say("r", `Message ${n}`);
  await message(ada, "Message 5000").waitFor();
  expect(await rows(ada)).toBeLessThanOrEqual(MAX_RENDERED);

  // Scrolling up adds rows above and removes rows below, without a jump.
  for (let step = 0; step < 12; step++) {
    await log(ada).evaluate((element) => element.scrollTo({ top: 300 }));
    await expect.poll(() => log(ada).evaluate((element) => element.scrollTop)).toBeGreaterThan(800);
    expect(await rows(ada)).toBeLessThanOrEqual(MAX_RENDERED);
  }
  expect(await message(ada, "Message 5000").count()).toBe(0);
  // Messages far above were discarded, and are loaded again.
  expect(server.received("history").length).toBeGreaterThan(0);
  const { first, last } = await ends(ada);
  expect(last - first).toBe((await rows(ada)) - 1);

  // New messages are counted on the button; scrolling down shows all.
  server.say("r", "Down here");
  await ada.getByRole("button", { name: "1 new message" }).waitFor();
  await expect
    .poll(async () => {
      await log(ada).evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
      return await ada.locator(".to-bottom").count();
    })
    .toBe(0);
  await message(ada, "Down here").waitFor();
  expect(await rows(ada)).toBeLessThanOrEqual(MAX_RENDERED);

  // The button, and sending a message, scroll to the newest at once.
  await log(ada).evaluate((element) => element.scrollTo({ top: 300 }));
  await ada.getByRole("button", { name: "Jump to latest" }).click();
  await message(ada, "Down here").waitFor();
  await ada.locator(".to-bottom").waitFor({ state: "detached" });
  await log(ada).evaluate((element) => element.scrollTo({ top: 300 }));
  await ada.getByRole("button", { name: "Jump to latest" }).waitFor();
  await send(ada, "Mine");
  await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
  await ada.locator(".to-bottom").waitFor({ state: "detached" });
  expect(await rows(ada)).toBeLessThanOrEqual(MAX_RENDERED);
});

function rows(page: Page): Promise<number> {
  return log(page).locator(".message").count();
}

/** The numbers in the texts of the first and last message in the document. */
function ends(page: Page): Promise<{ first: number; last: number }> {
  return log(page).evaluate((element) => {
    const numbers = [...element.querySelectorAll(".bubble")].map((bubble) => Number(bubble.textContent?.split(" ")[1]));
    return { first: numbers[0] ?? 0, last: numbers.at(-1) ?? 0 };
  });
}

/** How often each component of the log has rendered. */
function rendersInLog(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const { renders } = window as unknown as { renders: Record<string, number> };
    const ofLog = /^(Message|Reaction|Change|Notice|Day|EmptyLog|Action)/;
    return Object.fromEntries(Object.entries(renders).filter(([name]) => ofLog.test(name)));
  });
}
