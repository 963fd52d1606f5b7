// One person in several tabs, and on a computer whose clock is wrong.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { storedUserId } from "./support/api.ts";
import { openPage, secondTab, useBrowser } from "./support/browser.ts";
import { composer, createRoom, message, people, send } from "./support/room.ts";

useBrowser();

const MONTH_MS = 31 * 24 * 60 * 60 * 1000;

const yourRooms = (page: Page) => page.getByRole("region", { name: "Your rooms" }).locator(".nav-name");

test("each tab remembers and shows the rooms created in all tabs", async () => {
  const one = await openPage("Ada");
  const other = await secondTab(one);
  await createRoom(one, { name: "First" });
  await createRoom(other, { name: "Second" });
  await one.getByRole("navigation").getByRole("link", { name: "Second" }).waitFor();
  await other.goto(`${addresses.siteUrl}/#/`);
  await expect.poll(() => yourRooms(other).allTextContents()).toEqual(["First", "Second"]);
  await other.reload();
  await expect.poll(() => yourRooms(other).allTextContents()).toEqual(["First", "Second"]);
  await one.goto(`${addresses.siteUrl}/#/`);
  await createRoom(one, { name: "Third" });
  await expect.poll(() => yourRooms(other).allTextContents()).toEqual(["First", "Second", "Third"]);
});

test("rooms keep the order in which they were created, whatever the clock says", async () => {
  const ada = await openPage("Ada");
  await ada.clock.setFixedTime(Date.now() + MONTH_MS);
  for (const name of ["One", "Two"]) {
    await createRoom(ada, { name });
    await ada.getByRole("link", { name: "New room" }).click();
  }
  await ada.clock.setFixedTime(Date.now());
  await createRoom(ada, { name: "Three" });
  await ada.getByRole("link", { name: "New room" }).click();
  await expect.poll(() => yourRooms(ada).allTextContents()).toEqual(["One", "Two", "Three"]);
});

test("tabs that open at the same moment count as one person", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo");
  const tabs = await Promise.all(Array.from({ length: 4 }, () => bo.context().newPage()));
  await Promise.all(tabs.map((tab) => tab.goto(addresses.siteUrl + path)));
  await Promise.all(tabs.map((tab) => composer(tab).waitFor()));
  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  await send(tabs[0] as Page, "From the first");
  for (const tab of tabs) await message(tab, "From the first").getByText("You").waitFor();
});

test("the last name chosen in any tab stays, even when a tab reconnects that knew another", async () => {
  const bo = await openPage("Bo");
  const path = await createRoom(bo);
  const ada = await openPage("Ada", { path });
  const other = await secondTab(ada);
  await composer(other).waitFor();
  const reconnect = await disconnect(other);
  await ada.getByRole("button", { name: "Change your name" }).click();
  await ada.getByRole("textbox", { name: "Your name" }).fill("Ada Lovelace");
  await ada.getByRole("button", { name: "Save" }).click();
  await people(bo).filter({ hasText: "Ada Lovelace" }).waitFor();
  await reconnect();
  await send(other, "Back");
  await message(bo, "Back").getByText("Ada Lovelace").waitFor();
  await people(other).filter({ hasText: "Ada Lovelace" }).waitFor();
  expect(await people(bo).allTextContents()).toEqual([expect.anything(), expect.stringContaining("Ada Lovelace")]);
  expect(await ada.evaluate(() => localStorage.getItem("parlor.name"))).toBe('"Ada Lovelace"');
  await other.reload();
  await people(other).filter({ hasText: "Ada Lovelace" }).waitFor();
});

test.each([MONTH_MS, -MONTH_MS])("with a clock that is %d ms off, the identity stays the same", async (off) => {
  const ada = await openPage("Ada");
  await ada.clock.setSystemTime(Date.now() + off);
  const path = await createRoom(ada);
  await send(ada, "Mine");
  await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
  const before = await storedUserId(ada);
  await ada.reload();
  await message(ada, "Mine").getByText("You").waitFor();
  const bo = await openPage("Bo", { path });
  await send(bo, "Bo's");
  await message(ada, "Bo's").waitFor();
  await ada.context().setOffline(true);
  await send(ada, "Waiting");
  await message(ada, "Waiting").getByText("Waiting for the connection").waitFor();
  // The pending message has no day of its own, and comes last.
  expect(await ada.locator(".log li.day").count()).toBe(1);
  expect(await ada.locator(".log .bubble").allTextContents()).toEqual(["Mine", "Bo's", "Waiting"]);
  await ada.context().setOffline(false);
  await message(bo, "Waiting").waitFor();
  await ada.getByRole("heading", { name: "2 people here" }).waitFor();
  expect(await storedUserId(ada)).toBe(before);
});

/** Disconnects only this tab of its context. Returns a function that reconnects it. */
async function disconnect(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const setOffline = async (offline: boolean) => {
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await session.send("Network.emulateNetworkConditions", { offline, ...unlimited });
  };
  await session.send("Network.enable");
  await setOffline(true);
  return () => setOffline(false);
}
