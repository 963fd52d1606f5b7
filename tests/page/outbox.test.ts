// What is written without a connection is sent once there is one, once, whatever the tab did meanwhile.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { person, secondTab, useChromium } from "./support/chromium.ts";
import { composer, log, makeRoom, message, say, texts } from "./support/room.ts";
import { stack } from "./support/stack.ts";

useChromium();

const waiting = (page: Page, text: string) => message(page, text).getByText("Waiting for the connection");
const inRoomList = (page: Page, room: string, words = "") =>
  page.getByRole("link", { name: room }).filter({ hasText: words });

test("what was written offline is sent after a reload, once and in order, from the lobby too", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Tea time" });
  const bo = await person("Bo", { path });
  await composer(bo).waitFor();
  await ada.context().setOffline(true);
  for (const text of ["One", "Two", "Three"]) await say(ada, text);
  await waiting(ada, "Three").waitFor();
  await inRoomList(ada, "Tea time", "3 waiting to be sent").waitFor();

  await ada.getByRole("link", { name: "New room" }).click();
  await inRoomList(ada, "Tea time", "3 waiting to be sent").waitFor();
  const reconnect = await reloadOffline(ada);
  await inRoomList(ada, "Tea time", "3 waiting to be sent").waitFor();
  await reconnect();
  await message(bo, "Three").waitFor();
  expect(await texts(bo)).toEqual(["One", "Two", "Three"]);
  await inRoomList(ada, "Tea time", "3 waiting to be sent").waitFor({ state: "detached" });
  // It left the room again.
  await bo.getByRole("heading", { name: "1 person here" }).waitFor();
  await ada.goto(stack.siteUrl + path);
  await message(ada, "Three").getByText("Sent", { exact: true }).waitFor();
  expect(await texts(ada)).toEqual(["One", "Two", "Three"]);
  expect(await sentTexts(path)).toEqual(["One", "Two", "Three"]);
});

test("leaving for another room loses nothing: both are told when the connection is back", async () => {
  const ada = await person("Ada");
  const first = await makeRoom(ada, { name: "First" });
  await ada.goto(`${stack.siteUrl}/#/`);
  const second = await makeRoom(ada, { name: "Second" });
  await ada.context().setOffline(true);
  await say(ada, "To the second");
  await waiting(ada, "To the second").waitFor();
  await ada.getByRole("link", { name: "First" }).click();
  await inRoomList(ada, "Second", "1 waiting to be sent").waitFor();
  await ada.context().setOffline(false);
  await inRoomList(ada, "Second", "1 waiting to be sent").waitFor({ state: "detached" });
  await say(ada, "To the first");
  await message(ada, "To the first").getByText("Sent", { exact: true }).waitFor();
  expect(await sentTexts(first)).toEqual(["To the first"]);
  expect(await sentTexts(second)).toEqual(["To the second"]);
});

test("tabs that wake at the same moment send everything once", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Tea time" });
  const tabs = [ada, await secondTab(ada), await secondTab(ada), await secondTab(ada)];
  for (const tab of tabs) await composer(tab).waitFor();
  await (tabs[3] as Page).goto(`${stack.siteUrl}/#/`);
  await ada.context().setOffline(true);
  const expected: string[] = [];
  for (const [index, tab] of tabs.slice(0, 3).entries()) {
    for (const n of [1, 2]) {
      await say(tab, `Tab ${index} says ${n}`);
      await waiting(tab, `Tab ${index} says ${n}`).waitFor();
      expected.push(`Tab ${index} says ${n}`);
    }
  }
  // Each tab shows what the others have written.
  for (const tab of tabs.slice(0, 3)) await expect.poll(() => texts(tab)).toEqual(expected);
  await ada.context().setOffline(false);
  await expect.poll(() => sentTexts(path)).toEqual(expected);
  for (const tab of tabs.slice(0, 3)) {
    await message(tab, "Tab 2 says 2").getByText("Sent", { exact: true }).waitFor();
    expect(await texts(tab)).toEqual(expected);
  }
  await inRoomList(tabs[3] as Page, "", "waiting to be sent").waitFor({ state: "detached" });
  expect(await sentTexts(path)).toEqual(expected);
});

test("a message whose acknowledgement was lost with the tab is not said twice", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  await ada.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const { type } = JSON.parse(String(data));
      if (type !== "ack" && type !== "message") socket.send(data);
    });
  });
  await ada.reload();
  await composer(ada).waitFor();
  await say(ada, "Once");
  await expect.poll(() => sentTexts(path)).toEqual(["Once"]);
  expect(await message(ada, "Once").getByText("Sent", { exact: true }).count()).toBe(0);
  const other = await secondTab(ada);
  await ada.close();
  await message(other, "Once").getByText("Sent", { exact: true }).waitFor();
  await inRoomList(other, "", "waiting to be sent").waitFor({ state: "detached" });
  expect(await texts(other)).toEqual(["Once"]);
  expect(await sentTexts(path)).toEqual(["Once"]);
});

test("a refused message is there to try again or to discard after a reload too", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Tea time" });
  let refusing = true;
  await ada.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const { action, id } = JSON.parse(String(data));
      if (!refusing || action !== "send") return server.send(data);
      socket.send(JSON.stringify({ type: "error", code: "invalidField", message: "no", retryable: false, id }));
    });
  });
  await ada.reload();
  await composer(ada).waitFor();
  for (const text of ["Again", "Away"]) {
    await say(ada, text);
    await message(ada, text).getByText("Not sent.").waitFor();
  }
  await ada.reload();
  await message(ada, "Away").getByText("Not sent.").waitFor();
  await inRoomList(ada, "Tea time", "2 not sent").waitFor();
  refusing = false;
  await message(ada, "Away").getByRole("button", { name: "Discard" }).click();
  await message(ada, "Again").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Again").getByText("Sent", { exact: true }).waitFor();
  await ada.reload();
  await message(ada, "Again").getByText("Sent", { exact: true }).waitFor();
  expect(await texts(ada)).toEqual(["Again"]);
  expect(await sentTexts(path)).toEqual(["Again"]);
});

test("what was written under another identity is sent only when the person asks", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  await ada.context().setOffline(true);
  await say(ada, "As who I was");
  await waiting(ada, "As who I was").waitFor();
  await ada.evaluate(() => localStorage.removeItem("parlor.session"));
  const reconnect = await reloadOffline(ada);
  await reconnect();
  await ada.goto(stack.siteUrl + path);
  await message(ada, "As who I was").getByText("Not sent.").waitFor();
  expect(await sentTexts(path)).toEqual([]);
  await message(ada, "As who I was").getByRole("button", { name: "Try again" }).click();
  await message(ada, "As who I was").getByText("Sent", { exact: true }).waitFor();
  expect(await sentTexts(path)).toEqual(["As who I was"]);
});

test("what was written for a room that is closed meanwhile can be read and let go", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Tea time" });
  await ada.context().setOffline(true);
  await say(ada, "Too late");
  await waiting(ada, "Too late").waitFor();
  const { token } = await ada.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}"));
  const roomId = path.split("/").at(-1);
  await fetch(`${stack.apiUrl}/rooms/${roomId}`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
  const reconnect = await reloadOffline(ada);
  await reconnect();
  await inRoomList(ada, "Tea time", "1 not sent").click();
  await ada.getByRole("region", { name: "Not sent" }).getByText("Too late").waitFor();
  await ada.getByRole("button", { name: "Discard" }).click();
  await ada.getByRole("region", { name: "Not sent" }).waitFor({ state: "detached" });
  await ada.getByRole("link", { name: "Find or make another room" }).click();
  await ada.getByRole("button", { name: "Make a room" }).waitFor();
  expect(await inRoomList(ada, "Tea time").count()).toBe(0);
});

test.each(["missing", "broken", "silent"])(
  "with a database that is %s, messages are sent, and the promise is smaller",
  async (how) => {
    const ada = await person("Ada");
    await ada.addInitScript((how) => {
      const open = {
        missing: undefined,
        broken: () => {
          throw new DOMException("refused", "SecurityError");
        },
        silent: () => ({}),
      }[how];
      Object.defineProperty(window, "indexedDB", { value: open && { open } });
    }, how);
    await ada.reload();
    const path = await makeRoom(ada);
    await say(ada, "With a connection");
    await message(ada, "With a connection").getByText("Sent", { exact: true }).waitFor();
    await ada.context().setOffline(true);
    await ada.getByText("sent if this tab stays open").waitFor();
    await say(ada, "Without");
    await waiting(ada, "Without").waitFor();
    await ada.context().setOffline(false);
    await message(ada, "Without").getByText("Sent", { exact: true }).waitFor();
    expect(await sentTexts(path)).toEqual(["With a connection", "Without"]);
    expect(await log(ada).getByText("Not sent").count()).toBe(0);
  },
);

/** Loads the page at the lobby, offline as it was: it can neither connect nor call the API until this is undone. */
async function reloadOffline(page: Page): Promise<() => Promise<void>> {
  let isOffline = true;
  await page.route(/\/nowhere$/, (route) => route.fulfill({ contentType: "text/html", body: "" }));
  await page.goto(`${stack.siteUrl}/nowhere`);
  await page.route(/\/api\//, (route) => (isOffline ? route.abort() : route.continue()));
  await page.routeWebSocket(/.*/, (socket) => {
    if (isOffline) void socket.close();
    else socket.connectToServer();
  });
  await page.context().setOffline(false);
  await page.goto(`${stack.siteUrl}/#/`);
  return async () => {
    isOffline = false;
    await page.evaluate(() => dispatchEvent(new Event("online")));
  };
}

async function sentTexts(path: string): Promise<string[]> {
  const response = await fetch(`${stack.apiUrl}/rooms/${path.split("/").at(-1)}/messages`);
  const { events } = (await response.json()) as { events: { type: string; text: string }[] };
  return events.filter(({ type }) => type === "message").map(({ text }) => text);
}
