// Everything about a person: downloaded as a file, and deleted.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { storedUserId } from "./support/api.ts";
import { openPage, phone, secondTab, useBrowser } from "./support/browser.ts";
import { issuer, personAtProvider, signIn, signInButton } from "./support/identity-provider.ts";
import { composer, createRoom, log, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const you = (page: Page) => page.getByRole("dialog", { name: "You", exact: true });
const deletion = (page: Page) => page.getByRole("dialog", { name: "Delete your data" });

async function openYou(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^(You:|Signed in as) / }).click();
}

async function askToDelete(page: Page, { messages }: { messages: boolean }): Promise<void> {
  await openYou(page);
  await you(page).getByRole("button", { name: "Delete your data…" }).click();
  if (messages) await deletion(page).getByText("Also delete my messages").click();
  await deletion(page).getByRole("button", { name: "Delete my data" }).click();
  expect(await violations(page)).toEqual([]);
  await deletion(page).getByRole("button", { name: "Delete for good" }).click();
}

async function isInLobbyAsNobody(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Create a room, share its link, talk." }).waitFor();
  await expect.poll(() => page.getByRole("region", { name: "Your rooms" }).count()).toBe(0);
}

test("a person downloads everything about them as one file", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  await send(ada, "Mine");
  await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
  await openYou(ada);
  const [file] = await Promise.all([
    ada.waitForEvent("download"),
    you(ada).getByRole("button", { name: "Download your data" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^parlor-\d{4}-\d\d-\d\d\.json$/);
  const data = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(data.me.userId).toBe(await storedUserId(ada));
  expect(data.visited).toEqual([path.split("/").at(-1)]);
  expect(data.messages.map(({ text }: { text: string }) => text)).toEqual(["Mine"]);
});

test("a download shows how far it is, can be cancelled, has all pages, and says if it failed", async () => {
  const stage = await TestStage.start();
  const one = (seq: number) => ({ room: "r", epoch: "e", seq, id: `${seq}`, text: `Text ${seq}`, at: 0 });
  let second: "noAnswer" | { status: number; code: string } | { json: object } = { status: 503, code: "unavailable" };
  stage.answer = ({ path, query }) => {
    if (path !== "/me/export") return undefined;
    if (query.get("cursor") === "next") return second;
    return { json: { me: { userId: "ada", name: "Ada" }, messages: [one(1), one(2)], cursor: "next" } };
  };
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
  await openYou(ada);
  const button = you(ada).getByRole("button", { name: "Download your data" });
  await button.click();
  await you(ada).getByText("Couldn't read everything.").waitFor();
  second = { json: { messages: [one(3)] } };
  const [file] = await Promise.all([ada.waitForEvent("download"), button.click()]);
  const { messages } = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(messages.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3]);
  second = "noAnswer";
  await button.click();
  await you(ada).getByRole("progressbar", { name: "Reading your data" }).waitFor();
  await you(ada).getByText("2 messages").waitFor();
  expect(await violations(ada)).toEqual([]);
  await you(ada).getByRole("button", { name: "Cancel" }).click();
  await button.waitFor();
});

for (const [device, options] of [
  ["a desktop", {}],
  ["a phone", phone],
] as const) {
  test(`on ${device}, a guest deletes everything with their messages, and is nobody in all tabs`, async () => {
    const ada = await openPage("Ada", options);
    const path = await createRoom(ada);
    await send(ada, "Mine");
    await message(ada, "Mine").getByText("Sent", { exact: true }).waitFor();
    const guestId = await storedUserId(ada);
    const bob = await openPage("Bob", { path });
    await message(bob, "Mine").waitFor();
    const other = await secondTab(ada);
    await composer(other).fill("A draft");
    await ada.route("**/api/me?*", (route) => route.abort(), { times: 1 });
    if (device === "a phone") await ada.getByRole("button", { name: /^Rooms/ }).click();
    await askToDelete(ada, { messages: true });
    await deletion(ada).getByText("Not everything is deleted yet.").waitFor();
    await deletion(ada).getByRole("button", { name: "Try again" }).click();
    for (const tab of [ada, other]) await isInLobbyAsNobody(tab);
    await message(bob, "Mine").waitFor({ state: "detached" });
    await log(bob).getByText("Message deleted").waitFor();
    const left = await ada.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("parlor.")));
    expect(left.filter((key) => !/^parlor\.(name|session|erased)$/.test(key))).toEqual([]);
    await createRoom(ada);
    expect(await storedUserId(ada)).not.toBe(guestId);
  });
}

test("if the guest is not known any more, that is said, and no other guest's data is deleted", async () => {
  const stage = await TestStage.start();
  stage.answer = ({ path, method }) =>
    path === "/me" && method === "DELETE" ? { status: 401, code: "unauthorized" } : undefined;
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
  await askToDelete(ada, { messages: false });
  await deletion(ada).getByText("Your session is no longer valid.").waitFor();
  expect(stage.requests.filter(({ path }) => path === "/sessions")).toHaveLength(1);
  expect(stage.requests.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("without the messages, they stay, under the name", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  await send(ada, "Stays");
  const bob = await openPage("Bob", { path });
  await message(bob, "Stays").waitFor();
  await askToDelete(ada, { messages: false });
  await isInLobbyAsNobody(ada);
  await bob.reload();
  await message(bob, "Stays").getByText("Ada", { exact: true }).waitFor();
});

describe.runIf(issuer !== undefined)("with an identity provider", () => {
  test("whoever has signed in is signed out, here and at the provider, and begins anew when they sign in again", async () => {
    const name = `Ada ${randomUUID().slice(0, 8)}`;
    const ada = await openPage(undefined);
    await signIn(ada, name);
    await createRoom(ada);
    const other = await secondTab(ada);
    await composer(other).waitFor();
    await askToDelete(ada, { messages: false });
    for (const tab of [ada, other]) {
      await isInLobbyAsNobody(tab);
      await signInButton(tab).waitFor();
    }
    expect((await personAtProvider(name)).signOuts).toBe(1);
    await signIn(ada, name);
    await ada.getByText("No conversations yet.").waitFor();
  });
});
