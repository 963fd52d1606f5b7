// One person in several tabs, and on a machine whose clock is wrong.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { person, secondTab, useChromium } from "./support/chromium.ts";
import { composer, makeRoom, message, people, say } from "./support/room.ts";
import { stack } from "./support/stack.ts";

useChromium();

const MONTH_MS = 31 * 24 * 60 * 60 * 1000;

const yourRooms = (page: Page) => page.getByRole("region", { name: "Your rooms" }).getByRole("link");
const userId = (page: Page) => page.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}").userId);

test("rooms made in two tabs are all remembered, and each tab shows them", async () => {
  const one = await person("Ada");
  const other = await secondTab(one);
  await makeRoom(one, { name: "First" });
  await makeRoom(other, { name: "Second" });
  await one.getByRole("navigation").getByRole("link", { name: "Second" }).waitFor();
  await other.goto(`${stack.siteUrl}/#/`);
  await expect.poll(() => yourRooms(other).allTextContents()).toEqual(["Second", "First"]);
  await other.reload();
  await expect.poll(() => yourRooms(other).allTextContents()).toEqual(["Second", "First"]);
  await one.goto(`${stack.siteUrl}/#/`);
  await makeRoom(one, { name: "Third" });
  await expect.poll(() => yourRooms(other).allTextContents()).toEqual(["Third", "Second", "First"]);
});

test("of many rooms the latest eight are remembered, whatever the clock said", async () => {
  const ada = await person("Ada");
  await ada.clock.setFixedTime(Date.now() + MONTH_MS);
  for (let n = 1; n <= 5; n++) {
    await makeRoom(ada, { name: `Room ${n}` });
    await ada.getByRole("link", { name: "New room" }).click();
  }
  await ada.clock.setFixedTime(Date.now());
  for (let n = 6; n <= 10; n++) {
    await makeRoom(ada, { name: `Room ${n}` });
    await ada.getByRole("link", { name: "New room" }).click();
  }
  await expect.poll(() => yourRooms(ada).allTextContents()).toEqual([10, 9, 8, 7, 6, 5, 4, 3].map((n) => `Room ${n}`));
});

test("tabs that open at the same moment are one person", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo");
  const tabs = await Promise.all(Array.from({ length: 4 }, () => bo.context().newPage()));
  await Promise.all(tabs.map((tab) => tab.goto(stack.siteUrl + path)));
  await Promise.all(tabs.map((tab) => composer(tab).waitFor()));
  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  await say(tabs[0] as Page, "From the first");
  for (const tab of tabs) await message(tab, "From the first").getByText("You").waitFor();
});

test("of the names chosen in two tabs the last one stays, also when a tab comes back that knew another", async () => {
  const bo = await person("Bo");
  const path = await makeRoom(bo);
  const ada = await person("Ada", { path });
  const other = await secondTab(ada);
  await composer(other).waitFor();
  const reconnect = await cutOff(other);
  await ada.getByRole("button", { name: "Change your name" }).click();
  await ada.getByRole("textbox", { name: "Your name" }).fill("Ada Lovelace");
  await ada.getByRole("button", { name: "Save" }).click();
  await people(bo).filter({ hasText: "Ada Lovelace" }).waitFor();
  await reconnect();
  await say(other, "Back");
  await message(bo, "Back").getByText("Ada Lovelace").waitFor();
  await people(other).filter({ hasText: "Ada Lovelace" }).waitFor();
  expect(await people(bo).allTextContents()).toEqual([expect.anything(), expect.stringContaining("Ada Lovelace")]);
  expect(await ada.evaluate(() => localStorage.getItem("parlor.name"))).toBe('"Ada Lovelace"');
  await other.reload();
  await people(other).filter({ hasText: "Ada Lovelace" }).waitFor();
});

test.each([MONTH_MS, -MONTH_MS])("with a clock that is %d ms off one stays the same person", async (off) => {
  const ada = await person("Ada");
  await ada.clock.setSystemTime(Date.now() + off);
  const path = await makeRoom(ada);
  await say(ada, "Mine");
  await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
  const before = await userId(ada);
  await ada.reload();
  await message(ada, "Mine").getByText("You").waitFor();
  const bo = await person("Bo", { path });
  await say(bo, "Bo's");
  await message(ada, "Bo's").waitFor();
  await ada.context().setOffline(true);
  await say(ada, "Waiting");
  await message(ada, "Waiting").getByText("Waiting for the connection").waitFor();
  // Neither a day of its own nor another place than the last.
  expect(await ada.locator(".log li.day").count()).toBe(1);
  expect(await ada.locator(".log .bubble").allTextContents()).toEqual(["Mine", "Bo's", "Waiting"]);
  await ada.context().setOffline(false);
  await message(bo, "Waiting").waitFor();
  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  expect(await userId(ada)).toBe(before);
});

/** Takes the network from one tab only: the others of the same context keep theirs. The answer gives it back. */
async function cutOff(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const setOffline = async (offline: boolean) => {
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await session.send("Network.emulateNetworkConditions", { offline, ...unlimited });
  };
  await session.send("Network.enable");
  await setOffline(true);
  return () => setOffline(false);
}
