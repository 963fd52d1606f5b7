// The outbox: messages written without a connection are sent once there is one, exactly once.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { callApi, loggedTexts, roomIdOf } from "./support/api.ts";
import { openPage, secondTab, useBrowser } from "./support/browser.ts";
import { composer, createRoom, log, message, send, texts } from "./support/room.ts";

useBrowser();

const pendingLabel = (page: Page, text: string) => message(page, text).getByText("Waiting for the connection");
const roomLink = (page: Page, room: string, note = "") =>
  page.getByRole("link", { name: room }).filter({ hasText: note });

test("messages written offline are sent after a reload, once and in order, even from the lobby", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  const bo = await openPage("Bo", { path });
  await composer(bo).waitFor();
  await ada.context().setOffline(true);
  for (const text of ["One", "Two", "Three"]) await send(ada, text);
  await pendingLabel(ada, "Three").waitFor();
  await roomLink(ada, "Tea time", "3 waiting to be sent").waitFor();

  await ada.getByRole("link", { name: "New room" }).click();
  await roomLink(ada, "Tea time", "3 waiting to be sent").waitFor();
  const reconnect = await reloadOffline(ada);
  await roomLink(ada, "Tea time", "3 waiting to be sent").waitFor();
  await reconnect();
  await message(bo, "Three").waitFor();
  expect(await texts(bo)).toEqual(["One", "Two", "Three"]);
  await roomLink(ada, "Tea time", "3 waiting to be sent").waitFor({ state: "detached" });
  await ada.goto(addresses.siteUrl + path);
  await message(ada, "Three").getByText("Sent", { exact: true }).waitFor();
  expect(await texts(ada)).toEqual(["One", "Two", "Three"]);
  expect(await loggedTexts(path)).toEqual(["One", "Two", "Three"]);
});

test("messages written offline in two rooms are sent to both after reconnecting", async () => {
  const ada = await openPage("Ada");
  const first = await createRoom(ada, { name: "First" });
  await ada.goto(`${addresses.siteUrl}/#/`);
  const second = await createRoom(ada, { name: "Second" });
  await ada.context().setOffline(true);
  await send(ada, "To the second");
  await pendingLabel(ada, "To the second").waitFor();
  await ada.getByRole("link", { name: "First" }).click();
  await roomLink(ada, "Second", "1 waiting to be sent").waitFor();
  await ada.context().setOffline(false);
  await roomLink(ada, "Second", "1 waiting to be sent").waitFor({ state: "detached" });
  await send(ada, "To the first");
  await message(ada, "To the first").getByText("Sent", { exact: true }).waitFor();
  expect(await loggedTexts(first)).toEqual(["To the first"]);
  expect(await loggedTexts(second)).toEqual(["To the second"]);
});

test("tabs that reconnect at the same moment send every message once", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  const tabs = [ada, await secondTab(ada), await secondTab(ada), await secondTab(ada)];
  for (const tab of tabs) await composer(tab).waitFor();
  await (tabs[3] as Page).goto(`${addresses.siteUrl}/#/`);
  await ada.context().setOffline(true);
  const expected: string[] = [];
  for (const [index, tab] of tabs.slice(0, 3).entries()) {
    for (const n of [1, 2]) {
      await send(tab, `Tab ${index} says ${n}`);
      await pendingLabel(tab, `Tab ${index} says ${n}`).waitFor();
      expected.push(`Tab ${index} says ${n}`);
    }
  }
  // Each tab shows the messages that the others wrote.
  for (const tab of tabs.slice(0, 3)) await expect.poll(() => texts(tab)).toEqual(expected);
  await ada.context().setOffline(false);
  await expect.poll(() => loggedTexts(path)).toEqual(expected);
  for (const tab of tabs.slice(0, 3)) {
    await message(tab, "Tab 2 says 2").getByText("Sent", { exact: true }).waitFor();
    expect(await texts(tab)).toEqual(expected);
  }
  await roomLink(tabs[3] as Page, "", "waiting to be sent").waitFor({ state: "detached" });
  expect(await loggedTexts(path)).toEqual(expected);
});

test("a message whose acknowledgement was lost with its tab is not stored twice", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  await ada.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const { type } = JSON.parse(String(data));
      if (type !== "ack" && type !== "message") socket.send(data);
    });
  });
  await ada.reload();
  await composer(ada).waitFor();
  await send(ada, "Once");
  await expect.poll(() => loggedTexts(path)).toEqual(["Once"]);
  expect(await message(ada, "Once").getByText("Sent", { exact: true }).count()).toBe(0);
  const other = await secondTab(ada);
  await ada.close();
  await message(other, "Once").getByText("Sent", { exact: true }).waitFor();
  await roomLink(other, "", "waiting to be sent").waitFor({ state: "detached" });
  expect(await texts(other)).toEqual(["Once"]);
  expect(await loggedTexts(path)).toEqual(["Once"]);
});

test("a refused message can be retried or discarded, even after a reload", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
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
    await send(ada, text);
    await message(ada, text).getByText("Not sent.").waitFor();
  }
  await ada.reload();
  await message(ada, "Away").getByText("Not sent.").waitFor();
  await roomLink(ada, "Tea time", "2 not sent").waitFor();
  refusing = false;
  await message(ada, "Away").getByRole("button", { name: "Discard" }).click();
  await message(ada, "Again").getByRole("button", { name: "Try again" }).click();
  await message(ada, "Again").getByText("Sent", { exact: true }).waitFor();
  await ada.reload();
  await message(ada, "Again").getByText("Sent", { exact: true }).waitFor();
  expect(await texts(ada)).toEqual(["Again"]);
  expect(await loggedTexts(path)).toEqual(["Again"]);
});

test("messages written under another identity are sent only on request", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  await ada.context().setOffline(true);
  await send(ada, "As who I was");
  await pendingLabel(ada, "As who I was").waitFor();
  await ada.evaluate(() => localStorage.removeItem("parlor.session"));
  const reconnect = await reloadOffline(ada);
  await reconnect();
  await ada.goto(addresses.siteUrl + path);
  await message(ada, "As who I was").getByText("Not sent.").waitFor();
  expect(await loggedTexts(path)).toEqual([]);
  await message(ada, "As who I was").getByRole("button", { name: "Try again" }).click();
  await message(ada, "As who I was").getByText("Sent", { exact: true }).waitFor();
  expect(await loggedTexts(path)).toEqual(["As who I was"]);
});

test("messages for a room that has been closed can be read and discarded", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  await ada.context().setOffline(true);
  await send(ada, "Too late");
  await pendingLabel(ada, "Too late").waitFor();
  await callApi(ada, "DELETE", `/rooms/${roomIdOf(path)}`);
  const reconnect = await reloadOffline(ada);
  await reconnect();
  await roomLink(ada, "Tea time", "1 not sent").click();
  await ada.getByRole("region", { name: "Not sent" }).getByText("Too late").waitFor();
  await ada.getByRole("button", { name: "Discard" }).click();
  await ada.getByRole("region", { name: "Not sent" }).waitFor({ state: "detached" });
  await ada.getByRole("link", { name: "Find or create another room" }).click();
  await ada.getByRole("button", { name: "Create room" }).waitFor();
  expect(await roomLink(ada, "Tea time").count()).toBe(0);
});

test.each(["missing", "broken", "silent"])(
  "with a database that is %s, messages are still sent, and the page says that they need this tab",
  async (how) => {
    const ada = await openPage("Ada");
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
    const path = await createRoom(ada);
    await send(ada, "With a connection");
    await message(ada, "With a connection").getByText("Sent", { exact: true }).waitFor();
    await ada.context().setOffline(true);
    await ada.getByText("sent if this tab stays open").waitFor();
    await send(ada, "Without");
    await pendingLabel(ada, "Without").waitFor();
    await ada.context().setOffline(false);
    await message(ada, "Without").getByText("Sent", { exact: true }).waitFor();
    expect(await loggedTexts(path)).toEqual(["With a connection", "Without"]);
    expect(await log(ada).getByText("Not sent").count()).toBe(0);
  },
);

/** Reloads the page at the lobby while it stays offline. Returns a function that restores the connection. */
async function reloadOffline(page: Page): Promise<() => Promise<void>> {
  let isOffline = true;
  await page.route(/\/nowhere$/, (route) => route.fulfill({ contentType: "text/html", body: "" }));
  await page.goto(`${addresses.siteUrl}/nowhere`);
  await page.route(/\/api\//, (route) => (isOffline ? route.abort() : route.continue()));
  await page.routeWebSocket(/.*/, (socket) => {
    if (isOffline) void socket.close();
    else socket.connectToServer();
  });
  await page.context().setOffline(false);
  await page.goto(`${addresses.siteUrl}/#/`);
  return async () => {
    isOffline = false;
    await page.evaluate(() => dispatchEvent(new Event("online")));
  };
}
