// Finding rooms, and rooms that are not there any more.
import { expect, test } from "vitest";
import { person, useChromium } from "./support/chromium.ts";
import { composer, makeRoom, message, say } from "./support/room.ts";
import { stack } from "./support/stack.ts";

useChromium();

test("a public room is in the lobby with its topic and people, an unlisted one is not", async () => {
  const ada = await person("Ada");
  const name = `Garden ${crypto.randomUUID()}`;
  await makeRoom(ada, { name, topic: "Slugs", isPublic: true });
  const bo = await person("Bo");
  await expect
    .poll(async () => {
      await bo.getByRole("button", { name: "Refresh the list" }).click();
      return await bo.getByRole("link", { name }).allTextContents();
    })
    .toEqual([expect.stringMatching(/Slugs.*1 person/)]);

  await ada.getByRole("link", { name: "New room" }).click();
  await makeRoom(ada, { name: `Hidden ${name}` });
  await bo.getByRole("button", { name: "Refresh the list" }).click();
  await bo.getByRole("link", { name }).waitFor();
  expect(await bo.getByRole("link", { name: `Hidden ${name}` }).count()).toBe(0);
});

test("the lobby shows further pages, an empty list, and a failure with a way to try again", async () => {
  const ada = await person("Ada");
  const room = (roomId: string) => ({ roomId, name: `Room ${roomId}`, people: 1, activeAt: Date.now() });
  // One answer for each step, not for each request: the page also asks whenever it gets the focus.
  let answer: { status?: number; json: object } = { status: 503, json: {} };
  await ada.route(/\/api\/rooms\?/, (route) => route.fulfill(answer));
  await ada.reload();
  await ada.getByText("The list of rooms could not be loaded.").waitFor();
  answer = { json: { rooms: [] } };
  await ada.getByRole("button", { name: "Try again" }).click();
  await ada.getByText("It is quiet here").waitFor();
  answer = { json: { rooms: [room("a")], cursor: "next" } };
  await ada.getByRole("button", { name: "Refresh the list" }).click();
  await ada.getByRole("link", { name: "Room a" }).waitFor();
  answer = { json: { rooms: [room("a"), room("b")] } };
  await ada.getByRole("button", { name: "Show more rooms" }).click();
  await ada.getByRole("link", { name: "Room b" }).waitFor();
  expect(await ada.getByRole("link", { name: /^Room / }).count()).toBe(2);
});

test("a room that does not exist says so and leads back", async () => {
  const ada = await person("Ada", { path: "/#/rooms/nosuchroom" });
  await ada.getByRole("heading", { name: "There is no such room" }).waitFor();
  await ada.getByRole("link", { name: "Find or make another room" }).click();
  await ada.getByRole("button", { name: "Make a room" }).waitFor();
});

test.each(["?utm_source=mail", ".", ")", "。", "/"])("a room's link with %s after it opens the room", async (after) => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Tea time" });
  const bo = await person("Bo", { path: path + after });
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  expect(bo.url()).toBe(ada.url());
});

test("a room's address without its # opens the room, and one that leads nowhere says so on our page", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada, { name: "Tea time" });
  const bo = await person("Bo", { path: path.replace("#/", "") });
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  expect(bo.url()).toBe(ada.url());
  for (const nowhere of ["/rooms/!", "/rooms", "/index.php"]) {
    const cy = await person("Cy", { path: nowhere });
    await cy.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    await cy.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "New room" }).waitFor();
    await cy.getByRole("link", { name: "Find or make another room" }).click();
    await cy.getByRole("button", { name: "Make a room" }).waitFor();
  }
  const missing = await ada.evaluate(async () => {
    const { status, headers } = await fetch("/api/rooms/nosuchroom");
    return [status, headers.get("content-type")];
  });
  expect(missing).toEqual([404, "application/problem+json"]);
});

test("when the owner closes the room, everybody inside is told and can still read", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await say(ada, "Last words");
  await message(bo, "Last words").waitFor();
  await ada.evaluate(async (roomId) => {
    const { apiUrl } = await (await fetch("/config.json")).json();
    const { token } = JSON.parse(localStorage.getItem("parlor.session") ?? "{}");
    await fetch(`${apiUrl}/rooms/${roomId}`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
  }, path.split("/").at(-1));
  for (const page of [ada, bo]) {
    await page.getByRole("main").getByText("This room was closed.").waitFor();
    expect(await composer(page).count()).toBe(0);
    await message(page, "Last words").waitFor();
  }
  await bo.reload();
  await bo.getByRole("heading", { name: /This room is closed|There is no such room/ }).waitFor();
});

test("who is put out of a room for a reason that the page does not know is told so, and does not come back", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  let joins = 0;
  let put = (_: object): void => {};
  await ada.routeWebSocket(stack.webSocketUrl, (page) => {
    const server = page.connectToServer();
    put = (frame) => page.send(JSON.stringify(frame));
    page.onMessage((frame) => {
      if (String(frame).includes('"action":"join"')) joins++;
      server.send(frame);
    });
  });
  await ada.reload();
  await say(ada, "Last words");
  await message(ada, "Last words").getByText("Sent", { exact: true }).waitFor();
  put({ type: "left", room: path.split("/").at(-1), reason: "kicked" });
  await ada.getByRole("main").getByText("You are no longer in this room.").waitFor();
  expect(await composer(ada).count()).toBe(0);
  await ada.evaluate(() => void dispatchEvent(new Event("online")));
  await message(ada, "Last words").waitFor();
  expect(joins).toBe(1);
});
