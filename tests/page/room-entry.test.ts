// Before a room: what it is, its password, its capacity and its names; and rooms that have ended.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, phone, secondTab, useBrowser } from "./support/browser.ts";
import { composer, message, send } from "./support/room.ts";
import { roomInfo, TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const nameField = (page: Page) => page.getByRole("textbox", { name: "Your name" });
const passwordField = (page: Page) => page.getByLabel(/^Password/);
const join = (page: Page) => page.getByRole("button", { name: "Join room" }).click();

/** A stage whose room `r` has a password, which gives the pass. */
async function lockedStage(password = "tea and biscuits", pass = "secret") {
  const stage = await TestStage.start();
  const lock = { password, pass };
  stage.room = { json: roomInfo({ name: "Tea time", passwordRequired: true, people: 2 }) };
  stage.answer = ({ path, body }) => {
    if (!path.endsWith("/passes")) return undefined;
    const isRight = (body as { password: string }).password === lock.password;
    return isRight ? { json: { pass: lock.pass, expiresAt: 0 } } : { status: 403, code: "wrongPassword" };
  };
  stage.server.room("r").rules.passwordRequired = true;
  stage.server.intercept = (frame) => frame.action === "join" && frame.pass !== lock.pass && "passRequired";
  return { stage, lock };
}

test("the form says what the room is and who is in it", async () => {
  const stage = await TestStage.start();
  const names = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida", "Jo"];
  const rules = { maxPeople: 20, endsAt: Date.now() + 3_600_000, uniqueNames: true };
  stage.room = { json: roomInfo({ name: "Tea time", topic: "Slugs", people: 10, names, ...rules }) };
  const bo = await openPage(undefined, { siteUrl: stage.siteUrl, path });
  await bo.getByRole("heading", { name: "Tea time" }).waitFor();
  for (const text of [
    "Slugs",
    "10 of 20 people here now",
    "Ada, Bo",
    "Hal and 2 others",
    "Created",
    "Ends ",
    "alike",
  ]) {
    await bo.getByRole("main").getByText(text).waitFor();
  }
  expect(await violations(bo)).toEqual([]);
  expect(await passwordField(bo).count()).toBe(0);
});

for (const [device, options] of [
  ["a desktop", {}],
  ["a phone", phone],
] as const) {
  test(`on ${device}, a password is asked for once, and a wrong one is explained at its field`, async () => {
    const { stage } = await lockedStage();
    const bo = await openPage(undefined, { siteUrl: stage.siteUrl, path, ...options });
    await nameField(bo).fill("Bo");
    await join(bo);
    await bo.getByText("Enter the room's password.").waitFor();
    for (const wrong of ["short", "not the password"]) {
      await passwordField(bo).fill(wrong);
      await join(bo);
      await bo.getByText("This is not the room's password.").waitFor();
      await expect.poll(() => focusedName(bo)).toBe("Password");
      expect(await passwordField(bo).getAttribute("aria-invalid")).toBe("true");
    }
    expect(await violations(bo)).toEqual([]);
    expect(await nameField(bo).inputValue()).toBe("Bo");
    expect(stage.server.received("join")).toEqual([]);
    await passwordField(bo).fill("tea and biscuits");
    await passwordField(bo).press("Enter");
    await composer(bo).waitFor();
    expect(stage.server.received("join")).toMatchObject([{ name: "Bo", pass: "secret" }]);
    await bo.reload();
    await composer(bo).waitFor();
    const other = await secondTab(bo);
    await composer(other).waitFor();
    expect(stage.requests.filter(({ path }) => path.endsWith("/passes"))).toHaveLength(2);
    expect(bo.url()).toBe(`${stage.siteUrl}${path}`);
  });
}

test("a person who has a name is asked for the password only", async () => {
  const { stage } = await lockedStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path });
  await expect.poll(() => focusedName(bo)).toBe("Password");
  expect(await nameField(bo).inputValue()).toBe("Bo");
  await bo.keyboard.type("tea and biscuits");
  await bo.keyboard.press("Enter");
  await composer(bo).waitFor();
});

test("a new guest in the same browser is asked for the password again", async () => {
  const { stage } = await lockedStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path });
  await passwordField(bo).fill("tea and biscuits");
  await join(bo);
  await composer(bo).waitFor();
  await bo.evaluate(() => localStorage.removeItem("parlor.session"));
  await bo.reload();
  await passwordField(bo).waitFor();
});

test("a stored pass shows who is in the room, and is forgotten once it is refused", async () => {
  const { stage, lock } = await lockedStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path });
  await passwordField(bo).fill("tea and biscuits");
  await join(bo);
  await composer(bo).waitFor();
  const passesAnswer = stage.answer;
  const shown = roomInfo({ passwordRequired: true, people: 1, names: ["Cy"] });
  stage.answer = (request) => {
    if (request.path !== "/rooms/r" || request.pass === undefined) return passesAnswer(request);
    return request.pass === lock.pass ? { json: shown } : { status: 403, code: "passRequired" };
  };
  // A person without a name sees the form, even with a pass.
  const anonymous = await bo.context().newPage();
  await anonymous.addInitScript(() => localStorage.setItem("parlor.name", "0"));
  await anonymous.goto(stage.siteUrl + path);
  await anonymous.getByText("1 person here now: Cy").waitFor();
  expect(await passwordField(anonymous).count()).toBe(0);
  lock.pass = "other";
  await anonymous.reload();
  await passwordField(anonymous).waitFor();
});

test("a stored pass is forgotten once its room has ended", async () => {
  const { stage } = await lockedStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path });
  const storedPass = () => bo.evaluate(() => localStorage.getItem("parlor.pass.r"));
  await passwordField(bo).fill("tea and biscuits");
  await join(bo);
  await composer(bo).waitFor();
  expect(await storedPass()).toContain("secret");
  stage.server.broadcast({ type: "left", room: "r", reason: "expired" });
  await bo.getByRole("main").getByText("Time is up").waitFor();
  expect(await storedPass()).toBeNull();
});

test("a room whose password is removed while it is being entered lets the person in", async () => {
  const { stage } = await lockedStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path });
  await passwordField(bo).fill("tea and biscuits");
  stage.answer = ({ path }) => (path.endsWith("/passes") ? { status: 400, code: "invalidField" } : undefined);
  stage.server.intercept = () => false;
  await join(bo);
  await composer(bo).waitFor();
});

test("after a new password, the log stays readable, and the new one lets the person back in", async () => {
  const { stage, lock } = await lockedStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path });
  await passwordField(bo).fill("tea and biscuits");
  await join(bo);
  await send(bo, "Hello");
  await message(bo, "Hello").getByText("Sent", { exact: true }).waitFor();
  Object.assign(lock, { password: "coffee and cake", pass: "other" });
  stage.server.cut();
  await bo.getByRole("main").getByText("This room has a new password.").waitFor();
  await message(bo, "Hello").waitFor();
  expect(await composer(bo).count()).toBe(0);
  await bo.getByRole("button", { name: "Enter the password" }).click();
  await passwordField(bo).fill("coffee and cake");
  await join(bo);
  await composer(bo).waitFor();
  expect(stage.server.received("join").at(-1)?.pass).toBe("other");
});

test("a full room says so before and after trying, and lets the person in when there is space", async () => {
  const stage = await TestStage.start();
  stage.room = { json: roomInfo({ people: 20, maxPeople: 20, isFull: true }) };
  stage.server.intercept = ({ action }) => action === "join" && "roomFull";
  const bo = await openPage(undefined, { siteUrl: stage.siteUrl, path });
  await bo.getByText("Full at the moment.").waitFor();
  await bo.getByText("20 of 20 people here now").waitFor();
  expect(await violations(bo)).toEqual([]);
  await nameField(bo).fill("Bo");
  await join(bo);
  await bo.getByRole("main").getByText("The room is full.").waitFor();
  await bo.getByRole("status").getByText("The room is full.").waitFor();
  expect(await nameField(bo).inputValue()).toBe("Bo");
  stage.server.intercept = () => false;
  await join(bo);
  await composer(bo).waitFor();
});

test("a name that somebody has is explained at its field, before joining and in the room", async () => {
  const stage = await TestStage.start();
  stage.server.intercept = (frame) => frame.action === "join" && frame.name === "Ada" && "nameTaken";
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path });
  await ada.getByText("Somebody in the room has this name").waitFor();
  await expect.poll(() => focusedName(ada)).toBe("Your name");
  expect(await nameField(ada).inputValue()).toBe("Ada");
  await nameField(ada).fill("Ada L");
  await join(ada);
  await composer(ada).waitFor();
  await ada.getByRole("button", { name: "Change your name" }).click();
  await nameField(ada).fill("Ada");
  await ada.getByRole("button", { name: "Save" }).click();
  await ada.getByRole("dialog").getByText("Somebody in the room has this name").waitFor();
});

test.each(["with a name", "without a name"])("a room that has ended says so to a person %s", async (who) => {
  const stage = await TestStage.start();
  stage.room = { status: 410, code: "roomClosed" };
  stage.server.intercept = ({ action }) => action === "join" && "roomClosed";
  const bo = await openPage(who === "with a name" ? "Bo" : undefined, { siteUrl: stage.siteUrl, path });
  await bo.getByRole("heading", { name: "This room is closed" }).waitFor();
  await bo.getByText("Rooms end when their time is up").waitFor();
});

test("a room that ends while the password is being entered says so", async () => {
  const { stage } = await lockedStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path });
  await passwordField(bo).fill("tea and biscuits");
  stage.room = { status: 410, code: "roomClosed" };
  stage.answer = () => ({ status: 410, code: "roomClosed" });
  stage.server.intercept = ({ action }) => action === "join" && "roomClosed";
  await join(bo);
  await bo.getByRole("heading", { name: "This room is closed" }).waitFor();
});
