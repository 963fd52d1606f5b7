// Rooms with rules, between people on the stage under test.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { callApi, roomIdOf } from "./support/api.ts";
import { openPage, useBrowser } from "./support/browser.ts";
import { composer, createRoom, log, message, openDetails, openSettings, people, send } from "./support/room.ts";

useBrowser();

const openOptions = (page: Page) => page.getByText("Options", { exact: true }).click();
const save = (page: Page) =>
  page.getByRole("dialog", { name: "Room settings" }).getByRole("button", { name: "Save" }).click();

test("a room with a password lets in who knows it, and asks again after it was changed", async () => {
  const ada = await openPage("Ada");
  await openOptions(ada);
  await ada.getByLabel(/^Password/).fill("tea and biscuits");
  const path = await createRoom(ada, { name: "Tea time" });
  await send(ada, "Hello");
  await message(ada, "Hello").getByText("Sent", { exact: true }).waitFor();

  const bo = await openPage("Bo", { path });
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  await bo.getByLabel(/^Password/).fill("tea and scones");
  await bo.getByRole("button", { name: "Join room" }).click();
  await bo.getByText("This is not the room's password.").waitFor();
  await bo.getByLabel(/^Password/).fill("tea and biscuits");
  await bo.getByRole("button", { name: "Join room" }).click();
  await message(bo, "Hello").waitFor();
  await bo.reload();
  await message(bo, "Hello").waitFor();

  await openSettings(ada);
  await ada.getByLabel(/^New password/).fill("coffee and cake");
  await save(ada);
  await ada.getByRole("dialog", { name: "Room settings" }).waitFor({ state: "detached" });
  await log(bo).getByText("changed the room's rules: password required").waitFor();
  await send(bo, "Still here");
  await message(ada, "Still here").waitFor();
  await ada.reload();
  await message(ada, "Still here").waitFor();
  const address = bo.url();
  await bo.goto(new URL("/api/docs", address).href);
  await expect.poll(() => people(ada).count()).toBe(1);
  await bo.goto(address);
  await bo.getByLabel(/^Password/).fill("coffee and cake");
  await bo.getByRole("button", { name: "Join room" }).click();
  await message(bo, "Still here").waitFor();
});

test("a room holds as many people as its owner says, and says who they are", async () => {
  const ada = await openPage("Ada");
  await openOptions(ada);
  await ada.getByLabel("People at most").fill("2");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await composer(bo).waitFor();
  const cy = await openPage(undefined, { path });
  await cy.getByText("2 of 2 people here now: Ada and Bo").waitFor();
  await cy.getByText("Full at the moment.").waitFor();
  await cy.getByRole("textbox", { name: "Your name" }).fill("Cy");
  await cy.getByRole("button", { name: "Join room" }).click();
  await cy.getByRole("main").getByText("The room is full.").waitFor();
  await openSettings(ada);
  await ada.getByLabel("People at most").fill("3");
  await save(ada);
  await log(bo).getByText("changed the room's rules: at most 3 people").waitFor();
  await cy.getByRole("button", { name: "Join room" }).click();
  await people(ada).filter({ hasText: "Cy" }).waitFor();
});

test("in a room with unique names, a name that looks like another's is refused", async () => {
  const ada = await openPage("Ada");
  await openOptions(ada);
  await ada.getByText("Unique names").click();
  const path = await createRoom(ada);
  const bo = await openPage("ADA", { path });
  await bo.getByText("Somebody in the room has this name").waitFor();
  await bo.getByRole("textbox", { name: "Your name" }).fill("Bo");
  await bo.getByRole("button", { name: "Join room" }).click();
  await composer(bo).waitFor();
  await bo.getByRole("button", { name: "Change your name" }).click();
  await bo.getByRole("textbox", { name: "Your name" }).fill("Ada");
  await bo.getByRole("button", { name: "Save" }).click();
  await bo.getByRole("dialog").getByText("Somebody in the room has this name").waitFor();
});

test("a room ends when its time is up, unless its owner puts that off", async () => {
  const ada = await openPage("Ada");
  await openOptions(ada);
  await ada.getByText("Temporary").click();
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await expect.poll(() => bo.getByRole("timer").textContent()).toMatch(/^Ends in \d+ min/);
  await send(bo, "Hello");
  await message(ada, "Hello").waitFor();
  await openSettings(ada);
  await ada.getByLabel("Ends", { exact: true }).selectOption("In 1 hour");
  await save(ada);
  await expect.poll(() => bo.getByRole("timer").textContent()).toMatch(/^Ends in (60|59) min/);

  await callApi(ada, "PATCH", `/rooms/${roomIdOf(path)}`, { expiresInSeconds: 60 });
  await bo.getByRole("main").getByText("ends in less than 1 minute.").waitFor();
  for (const page of [ada, bo]) {
    await page.getByRole("main").getByText("Time is up: this room has ended.").waitFor();
    await message(page, "Hello").waitFor();
    expect(await composer(page).count()).toBe(0);
  }
  await bo.reload();
  await bo.getByRole("heading", { name: /This room is closed|Room not found/ }).waitFor();
});

test("the owner ends the room for everyone", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo", { path });
  await send(bo, "Hello");
  await message(ada, "Hello").waitFor();
  expect(await bo.getByRole("button", { name: "Room settings" }).count()).toBe(0);
  await openDetails(ada);
  await ada.getByRole("button", { name: "End room now" }).click();
  await ada.getByRole("button", { name: "End room", exact: true }).click();
  for (const page of [ada, bo]) await page.getByRole("main").getByText("This room was closed.").waitFor();
});
