// Finding rooms in the lobby and by address, and rooms that are closed or do not exist.
import { expect, test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { callApi, roomIdOf } from "./support/api.ts";
import { openPage, useBrowser } from "./support/browser.ts";
import { composer, createRoom, message, send } from "./support/room.ts";

useBrowser();

test("the lobby shows a public room with its topic and people, but no unlisted one", async () => {
  const ada = await openPage("Ada");
  const name = `Garden ${crypto.randomUUID()}`;
  await createRoom(ada, { name, topic: "Slugs", isPublic: true });
  const bo = await openPage("Bo");
  await expect
    .poll(async () => {
      await bo.getByRole("button", { name: "Refresh the list" }).click();
      return await bo.getByRole("link", { name }).allTextContents();
    })
    .toEqual([expect.stringMatching(/Slugs.*1 person/)]);

  await ada.getByRole("link", { name: "New room" }).click();
  await createRoom(ada, { name: `Hidden ${name}` });
  await bo.getByRole("button", { name: "Refresh the list" }).click();
  await bo.getByRole("link", { name }).waitFor();
  expect(await bo.getByRole("link", { name: `Hidden ${name}` }).count()).toBe(0);
});

test("the lobby shows more pages, an empty list, and a failure that can be retried", async () => {
  const ada = await openPage("Ada");
  const room = (roomId: string) => ({ roomId, name: `Room ${roomId}`, people: 1, activeAt: Date.now() });
  // One answer per step rather than per request: the page also requests the list whenever it gains focus.
  let answer: { status?: number; json: object } = { status: 503, json: {} };
  await ada.route(/\/api\/rooms\?/, (route) => route.fulfill(answer));
  await ada.reload();
  await ada.getByText("Couldn't load the rooms.").waitFor();
  answer = { json: { rooms: [] } };
  await ada.getByRole("button", { name: "Try again" }).click();
  await ada.getByText("It's quiet here").waitFor();
  answer = { json: { rooms: [room("a")], cursor: "next" } };
  await ada.getByRole("button", { name: "Refresh the list" }).click();
  await ada.getByRole("link", { name: "Room a" }).waitFor();
  answer = { json: { rooms: [room("a"), room("b")] } };
  await ada.getByRole("button", { name: "Show more rooms" }).click();
  await ada.getByRole("link", { name: "Room b" }).waitFor();
  expect(await ada.getByRole("link", { name: /^Room / }).count()).toBe(2);
});

test("the page of a room that does not exist says so and links to the lobby", async () => {
  const ada = await openPage("Ada", { path: "/#/rooms/nosuchroom" });
  await ada.getByRole("heading", { name: "Room not found" }).waitFor();
  await ada.getByRole("link", { name: "Find or create another room" }).click();
  await ada.getByRole("button", { name: "Create room" }).waitFor();
});

test.each(["?utm_source=mail", ".", ")", "。", "/"])("a room's link followed by %s opens the room", async (after) => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  const bo = await openPage("Bo", { path: path + after });
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  expect(bo.url()).toBe(ada.url());
});

test("a room's address without its # opens the room, and an unknown address shows the page with an explanation", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  const bo = await openPage("Bo", { path: path.replace("#/", "") });
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  expect(bo.url()).toBe(ada.url());
  for (const nowhere of ["/rooms/!", "/rooms", "/index.php"]) {
    const cy = await openPage("Cy", { path: nowhere });
    await cy.getByRole("heading", { name: "Page not found" }).waitFor();
    await cy.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "New room" }).waitFor();
    await cy.getByRole("link", { name: "Find or create another room" }).click();
    await cy.getByRole("button", { name: "Create room" }).waitFor();
  }
  const missing = await ada.evaluate(async () => {
    const { status, headers } = await fetch("/api/rooms/nosuchroom");
    return [status, headers.get("content-type")];
  });
  expect(missing).toEqual([404, "application/problem+json"]);
});

test("when the owner closes the room, everyone in it is told and can still read", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await send(ada, "Last words");
  await message(bo, "Last words").waitFor();
  await callApi(ada, "DELETE", `/rooms/${roomIdOf(path)}`);
  for (const page of [ada, bo]) {
    await page.getByRole("main").getByText("This room was closed.").waitFor();
    expect(await composer(page).count()).toBe(0);
    await message(page, "Last words").waitFor();
  }
  await bo.reload();
  await bo.getByRole("heading", { name: /This room is closed|Room not found/ }).waitFor();
});

test("a person removed for a reason unknown to the page is told so and does not rejoin", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  let joins = 0;
  let postToPage = (_: object): void => {};
  await ada.routeWebSocket(addresses.webSocketUrl, (page) => {
    const server = page.connectToServer();
    postToPage = (frame) => page.send(JSON.stringify(frame));
    page.onMessage((frame) => {
      if (String(frame).includes('"action":"join"')) joins++;
      server.send(frame);
    });
  });
  await ada.reload();
  await send(ada, "Last words");
  await message(ada, "Last words").getByText("Sent", { exact: true }).waitFor();
  postToPage({ type: "left", room: roomIdOf(path), reason: "ofTheFuture" });
  await ada.getByRole("main").getByText("You are no longer in this room.").waitFor();
  expect(await composer(ada).count()).toBe(0);
  await ada.evaluate(() => void dispatchEvent(new Event("online")));
  await message(ada, "Last words").waitFor();
  expect(joins).toBe(1);
});
