// Handles: claiming, changing and releasing one's own, and finding people by theirs.
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, secondTab, useBrowser } from "./support/browser.ts";
import { issuer, signIn } from "./support/identity-provider.ts";
import { createRoom, message, people, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

/** Nobody else's: the stage remembers handles. */
const newHandle = (name: string) => `${name}.${randomUUID().slice(0, 8)}`;
const youButton = (page: Page) => page.getByRole("button", { name: /^(You:|Signed in as) / });
const you = (page: Page) => page.getByRole("dialog", { name: "You", exact: true });

async function claim(page: Page, handle: string): Promise<void> {
  await you(page).getByRole("textbox", { name: /andle/ }).fill(handle);
  await you(page)
    .getByRole("button", { name: /^(Claim|Change)$/ })
    .click();
}

/** Opens a room as a person with this handle. */
async function withHandle(name: string, handle: string): Promise<Page> {
  const page = await openPage(name);
  await createRoom(page);
  await youButton(page).click();
  await claim(page, handle);
  await you(page).getByText(`@${handle}`, { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  return page;
}

async function startWith(page: Page, reference: string): Promise<void> {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("textbox", { name: "Person" }).fill(reference);
}

const found = (page: Page) => page.getByRole("dialog", { name: "New conversation" }).getByRole("listitem");

test("a person claims a handle, copies, changes and releases it; what is refused is explained", async () => {
  const [first, second] = [newHandle("ada"), newHandle("lovelace")];
  const ada = await openPage("Ada");
  await createRoom(ada);
  const other = await secondTab(ada);
  await youButton(ada).click();
  await claim(ada, "@admin");
  await you(ada).getByText("is not a reserved name").waitFor();
  expect(await violations(ada)).toEqual([]);
  await claim(ada, `@${first}`);
  await you(ada).getByText(`@${first}`, { exact: true }).waitFor();
  expect(await violations(ada)).toEqual([]);
  await you(ada).getByRole("button", { name: "Copy handle" }).click();
  expect(await ada.evaluate(() => navigator.clipboard.readText())).toBe(`@${first}`);
  await other.getByText(`@${first}`, { exact: true }).waitFor();

  const bob = await openPage("Bob");
  await createRoom(bob);
  await youButton(bob).click();
  await claim(bob, first.toUpperCase());
  await you(bob).getByText("Somebody else has this handle, or one that looks like it.").waitFor();
  await claim(ada, second);
  await you(ada).getByText(`@${second}`, { exact: true }).waitFor();
  await claim(bob, first);
  await you(bob).getByText(`@${first}`, { exact: true }).waitFor();

  await you(ada).getByRole("button", { name: "Release handle" }).click();
  await you(ada).getByRole("button", { name: "Release", exact: true }).click();
  await you(ada).getByRole("button", { name: "Claim" }).waitFor();
  await other.getByText(`@${second}`, { exact: true }).waitFor({ state: "detached" });
  await claim(bob, second);
  await you(bob).getByText(`@${second}`, { exact: true }).waitFor();
});

test("a handle is renewed when the page starts, and the person learns if somebody else has it", async () => {
  const stage = await TestStage.start();
  let userId = "";
  let isTaken = false;
  stage.answer = ({ path, method, body }) => {
    if (path === "/me") return { json: { userId, name: "Ada" } };
    if (path !== "/me/handle" || method !== "PUT") return undefined;
    if (isTaken) return { status: 409, code: "handleTaken" };
    return { json: { userId, name: "Ada", handle: (body as { handle: string }).handle } };
  };
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
  await youButton(ada).waitFor();
  userId = await ada.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}").userId);
  await youButton(ada).click();
  await claim(ada, "ada");
  await you(ada).getByText("@ada", { exact: true }).waitFor();
  const renewals = () => stage.requests.filter(({ path }) => path === "/me/handle").map(({ body }) => body);
  await ada.reload();
  await expect.poll(renewals).toEqual([{ handle: "ada" }, { handle: "ada" }]);
  isTaken = true;
  await ada.reload();
  await youButton(ada).getByText("@ada").waitFor({ state: "detached" });
  await youButton(ada).click();
  await you(ada).getByText("You had @ada as a guest").waitFor();
});

test("who has a handle is shown before a conversation with them starts, and then in it", async () => {
  const handle = newHandle("bob");
  const bob = await withHandle("Bob", handle);
  const ada = await openPage("Ada");
  await createRoom(ada);
  let lookUps = 0;
  ada.on("request", (request) => {
    if (request.url().includes("/people/")) lookUps++;
  });
  await startWith(ada, `@${newHandle("nobody")}`);
  await found(ada).getByText("Nobody has the handle @nobody").waitFor();
  await ada.getByRole("textbox", { name: "Person" }).fill("");
  lookUps = 0;
  await ada.getByRole("textbox", { name: "Person" }).pressSequentially(`@${handle}`, { delay: 5 });
  await found(ada).getByText("Bob", { exact: true }).waitFor();
  expect(lookUps).toBeLessThan(4);
  expect(await violations(ada)).toEqual([]);
  await ada.getByRole("button", { name: "Start" }).click();
  await ada.getByRole("heading", { name: "Bob", level: 1 }).waitFor();
  await ada.locator(".room-header").getByText(`@${handle}`).waitFor();
  await people(ada).getByText(`@${handle}`).waitFor();
  await send(ada, "Hello");
  await bob.getByRole("region", { name: "Conversations" }).getByText("Hello").waitFor();
});

test("on a phone, a handle is claimed from the rooms, and looked up for a group", async () => {
  const handles = [newHandle("bob"), newHandle("cleo")] as const;
  for (const [name, handle] of [
    ["Bob", handles[0]],
    ["Cleo", handles[1]],
  ] as const) {
    await withHandle(name, handle);
  }
  const ada = await openPage("Ada", phone);
  await createRoom(ada);
  await ada.getByRole("button", { name: /^Rooms/ }).tap();
  await youButton(ada).tap();
  const own = newHandle("ada");
  await claim(ada, own);
  await you(ada).getByText(`@${own}`, { exact: true }).waitFor();
  expect(await violations(ada)).toEqual([]);
  await you(ada).getByRole("button", { name: "Close" }).tap();
  await ada.getByRole("button", { name: "New conversation" }).tap();
  await ada.getByText("A group").tap();
  await ada.getByRole("textbox", { name: "Title" }).fill("Three");
  await ada.getByRole("textbox", { name: "People" }).fill(`@${handles[0]} @${own}, @${handles[1]}`);
  await expect
    .poll(() => found(ada).evaluateAll((items) => items.map((item) => item.querySelector("bdi")?.textContent)))
    .toEqual(["Bob", "Ada", "Cleo"]);
  await found(ada).filter({ hasText: own }).getByText("you", { exact: true }).waitFor();
  expect(await violations(ada)).toEqual([]);
});

describe.runIf(issuer !== undefined)("with an identity provider", () => {
  test("a guest's handle is the account's after signing in", async () => {
    const handle = newHandle("ada");
    const ada = await withHandle("Ada", handle);
    await send(ada, "Mine");
    await signIn(ada, `Ada ${randomUUID().slice(0, 8)}`);
    await message(ada, "Mine").getByText("You", { exact: true }).waitFor();
    await youButton(ada).getByText(`@${handle}`).waitFor();
    await youButton(ada).click();
    await you(ada).getByRole("button", { name: "Release handle" }).waitFor();
    expect(await you(ada).getByText("A guest's handle lasts 30 days").count()).toBe(0);
  });
});
