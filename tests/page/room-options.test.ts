// The options of a new room, and the settings of a room that one owns.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { RoomRules } from "../../client/src/index.ts";
import { violations } from "./support/accessibility.ts";
import { focusedName, openPage, secondTab, useBrowser } from "./support/browser.ts";
import { composer, log, message, openDetails, openSettings, send } from "./support/room.ts";
import { roomInfo, TestStage } from "./support/test-stage.ts";

useBrowser();

const create = (page: Page) => page.getByRole("button", { name: "Create room" }).click();
const settings = (page: Page) => page.getByRole("dialog", { name: "Room settings" });

/** A stage that creates the room `r`, and gives the pass `pass-1`, `pass-2`, … for any password. */
async function creatingStage(rules: Partial<RoomRules> = {}): Promise<TestStage> {
  const stage = await TestStage.start();
  let passes = 0;
  stage.answer = ({ method, path }) => {
    if (path.endsWith("/passes")) return { json: { pass: `pass-${++passes}`, expiresAt: Date.now() + 3_600_000 } };
    if (method !== "POST" || path !== "/rooms") return undefined;
    stage.server.roleOf = () => "owner";
    return { json: roomInfo({ roomId: "r" }) };
  };
  Object.assign(stage.server.room("r").rules, rules);
  return stage;
}

function bodies(stage: TestStage, method: string, path: string): unknown[] {
  return stage.requests.filter((request) => request.method === method && request.path === path).map(({ body }) => body);
}

/** Opens a room as its owner. */
async function ownRoom(stage: TestStage): Promise<Page> {
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl });
  await create(ada);
  await composer(ada).waitFor();
  return ada;
}

const save = (page: Page) => settings(page).getByRole("button", { name: "Save" }).click();

test("one click creates a room without rules, and one more a temporary one", async () => {
  const stage = await creatingStage();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl });
  await ada.getByLabel("Room name").fill("Tea");
  await create(ada);
  await composer(ada).waitFor();
  await ada.getByRole("link", { name: "New room" }).click();
  await ada.getByLabel("Room name").fill("Coffee");
  await ada.getByText("Options", { exact: true }).click();
  await ada.getByText("Temporary").click();
  await create(ada);
  await composer(ada).waitFor();
  expect(bodies(stage, "POST", "/rooms")).toEqual([
    { name: "Tea", visibility: "unlisted" },
    { name: "Coffee", visibility: "unlisted", expiresInSeconds: 600, maxPeople: 20 },
  ]);
});

test("a room with every option is created, and joined with a pass that no address shows", async () => {
  const stage = await creatingStage();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl });
  const addresses: string[] = [];
  ada.on("request", (request) => addresses.push(request.url()));
  await ada.getByLabel("Room name").fill("Tea");
  await ada.getByText("Options", { exact: true }).click();
  await ada.getByLabel("Ends after", { exact: true }).selectOption("1 day");
  await ada.getByLabel("People at most").fill("5");
  await ada.getByLabel(/^Password/).fill("tea and biscuits");
  await ada.getByText("Unique names").click();
  await ada.getByLabel("Ends when I am away").selectOption("After 5 minutes");
  expect(await violations(ada)).toEqual([]);
  await create(ada);
  await composer(ada).waitFor();
  const rules = { expiresInSeconds: 86_400, maxPeople: 5, uniqueNames: true, endsWithoutOwnerAfterSeconds: 300 };
  expect(bodies(stage, "POST", "/rooms")).toEqual([
    { name: "Tea", visibility: "unlisted", password: "tea and biscuits", ...rules },
  ]);
  expect(stage.server.received("join")).toMatchObject([{ pass: "pass-1" }]);
  await ada.reload();
  await composer(ada).waitFor();
  expect(stage.server.received("join").at(-1)).toMatchObject({ pass: "pass-1" });
  expect([...addresses, ada.url()].filter((address) => /biscuits|pass-1/.test(address))).toEqual([]);
});

test("wrong options are explained at their fields, which open and take the focus", async () => {
  const stage = await creatingStage();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl });
  const options = ada.getByText("Options", { exact: true });
  await options.click();
  const password = ada.getByLabel(/^Password/);
  await password.fill("1234567");
  await options.click();
  await create(ada);
  await ada.getByText("A password has 8 to 128 characters.").waitFor();
  await expect.poll(() => focusedName(ada)).toMatch(/^Password/);
  expect(await password.getAttribute("aria-invalid")).toBe("true");
  await ada.getByRole("button", { name: "Show the password" }).click();
  expect(await password.getAttribute("type")).toBe("text");
  await ada.getByLabel("People at most").fill("1");
  await create(ada);
  await ada.getByText("Enter 2 to 1000, or nothing.").waitFor();
  await expect.poll(() => focusedName(ada)).toBe("People at most");
  expect(bodies(stage, "POST", "/rooms")).toEqual([]);
});

test("the owner's settings send only what changed, and close", async () => {
  const stage = await creatingStage({ maxPeople: 20, endsAt: Date.now() + 3_600_000 });
  const ada = await ownRoom(stage);
  await openSettings(ada);
  await expect.poll(() => focusedName(ada)).toBe("Room name");
  expect(await violations(ada)).toEqual([]);
  await save(ada);
  await settings(ada).waitFor({ state: "detached" });
  await openSettings(ada);
  await ada.getByLabel("Topic").fill("Slugs");
  await ada.getByLabel("Ends", { exact: true }).selectOption("In 7 days");
  await ada.getByLabel("People at most").fill("");
  await ada.getByLabel(/^Password/).fill("tea and biscuits");
  await save(ada);
  await settings(ada).waitFor({ state: "detached" });
  await ada.getByRole("status").getByText("Settings saved").waitFor();
  expect(bodies(stage, "PATCH", "/rooms/r")).toEqual([
    { topic: "Slugs", expiresInSeconds: 604_800, maxPeople: null, password: "tea and biscuits" },
  ]);
  expect(bodies(stage, "POST", "/rooms/r/passes")).toEqual([{ password: "tea and biscuits" }]);
  await expect.poll(() => focusedName(ada)).toBe("Room settings");
  stage.server.cut();
  await expect.poll(() => stage.server.received("join").at(-1)?.pass).toBe("pass-1");
});

test("a new password does not bring back an owner who leaves while it is being saved", async () => {
  const stage = await creatingStage();
  const ada = await ownRoom(stage);
  let answerPass = () => {};
  await ada.route("**/passes", (route) => {
    answerPass = () => void route.continue();
  });
  await openSettings(ada);
  await ada.getByLabel(/^Password/).fill("tea and biscuits");
  const asked = ada.waitForRequest("**/passes");
  await save(ada);
  await asked;
  await ada.goto(`${stage.siteUrl}/#/`);
  await ada.getByRole("region", { name: "Your rooms" }).getByRole("listitem").hover();
  await ada.getByRole("button", { name: "Options for" }).click();
  await ada.getByRole("menuitem", { name: "Leave" }).click();
  await expect.poll(() => stage.server.received("leave").length).toBe(1);
  answerPass();
  await ada.getByRole("status").getByText("Settings saved").waitFor();
  await ada.goto(`${stage.siteUrl}/#/rooms/s`);
  await composer(ada).waitFor();
  expect(stage.server.received("join").map(({ room }) => room)).toEqual(["r", "s"]);
});

test("a new password lets the owner's other tabs come back too", async () => {
  const stage = await creatingStage();
  const ada = await ownRoom(stage);
  const other = await secondTab(ada);
  await composer(other).waitFor();
  await other.evaluate(() => {
    addEventListener("storage", ({ key }) => {
      if (key === "parlor.pass.r") document.documentElement.setAttribute("data-told", "");
    });
  });
  await openSettings(ada);
  await ada.getByLabel(/^Password/).fill("tea and biscuits");
  await save(ada);
  await settings(ada).waitFor({ state: "detached" });
  await other.locator("html[data-told]").waitFor({ state: "attached" });
  stage.server.cut();
  const passes = () => stage.server.received("join").map(({ pass }) => pass);
  await expect.poll(passes).toEqual([undefined, undefined, "pass-1", "pass-1"]);
});

test("the owner removes a password; refused settings are explained and stay open", async () => {
  const stage = await creatingStage({ passwordRequired: true });
  const ada = await ownRoom(stage);
  await openSettings(ada);
  await ada.getByText("Remove the password").click();
  expect(await ada.getByLabel(/^New password/).isDisabled()).toBe(true);
  const usual = stage.answer;
  stage.answer = ({ method }) => (method === "PATCH" ? { status: 503, code: "unavailable" } : undefined);
  await save(ada);
  await settings(ada).getByText("Parlor cannot be reached").waitFor();
  stage.answer = usual;
  await save(ada);
  await settings(ada).waitFor({ state: "detached" });
  expect(bodies(stage, "PATCH", "/rooms/r")).toEqual([{ password: null }, { password: null }]);
});

test("the owner ends the room, but only after confirming it", async () => {
  const stage = await creatingStage();
  const ada = await ownRoom(stage);
  await send(ada, "Last words");
  await message(ada, "Last words").getByText("Sent", { exact: true }).waitFor();
  const details = await openDetails(ada);
  await details.getByRole("button", { name: "End room now" }).press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("Cancel");
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("Enter");
  await expect.poll(() => focusedName(ada)).toBe("End room now");
  expect(bodies(stage, "DELETE", "/rooms/r")).toEqual([]);
  await ada.keyboard.press("Enter");
  await details.getByRole("button", { name: "End room", exact: true }).click();
  await expect.poll(() => bodies(stage, "DELETE", "/rooms/r").length).toBe(1);
  stage.server.broadcast({ type: "left", room: "r", reason: "closed" });
  await ada.getByRole("main").getByText("This room was closed.").waitFor();
  expect(await details.count()).toBe(0);
  await message(ada, "Last words").waitFor();
});

test("only the owner sees the settings; everybody sees what the rules are now", async () => {
  const stage = await creatingStage();
  const bo = await openPage("Bo", { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
  await composer(bo).waitFor();
  expect(await bo.getByRole("button", { name: "Room settings" }).count()).toBe(0);
  await bo.getByText("Anyone with the link can join", { exact: true }).waitFor();
  stage.server.changeRules("r", { passwordRequired: true, maxPeople: 20 });
  const row = log(bo).getByText("changed the room's rules: at most 20 people, password required");
  await row.waitFor();
  expect(await row.textContent()).toMatch(/^Someone changed/);
  await bo.getByRole("status").getByText("Someone changed the room's rules: at most 20 people").waitFor();
  await bo.getByText("Anyone with the link and the password can join", { exact: true }).waitFor();
});
