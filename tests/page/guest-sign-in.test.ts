// A guest who signs in stays the same person, whatever fails on the way.
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { violations } from "./support/accessibility.ts";
import { storedUserId } from "./support/api.ts";
import { openPage, secondTab, useBrowser } from "./support/browser.ts";
import { accountToken, enterName, issuer, signIn, signInButton } from "./support/identity-provider.ts";
import { composer, createRoom, message, openDetails, people, send } from "./support/room.ts";

useBrowser();

const someone = (name: string) => `${name} ${randomUUID().slice(0, 8)}`;
const conversation = (page: Page, title: string) =>
  page.getByRole("region", { name: "Conversations" }).getByRole("link").filter({ hasText: title });
const stored = (page: Page, key: string) =>
  page.evaluate((name) => JSON.parse(localStorage.getItem(`parlor.${name}`) ?? "null"), key);

/** Signs in from a room, whose address it comes back to. */
async function signInAt(page: Page, name: string): Promise<void> {
  await signInButton(page).click();
  await page.getByLabel("Who are you?").fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** What the page requests with another token than this one, in order. */
function requestsWithout(guestToken: string, page: Page): string[] {
  const requests: string[] = [];
  page.on("request", (request) => {
    const token = request.headers().authorization;
    const path = /\/api(\/.*)/.exec(request.url())?.[1];
    if (path !== undefined && token && token !== `Bearer ${guestToken}`) requests.push(`${request.method()} ${path}`);
  });
  return requests;
}

describe.runIf(issuer !== undefined)("with an identity provider", () => {
  test("a guest who signs in keeps their room, conversation and messages; nothing of it stays after signing out", async () => {
    const name = someone("Ada");
    const ada = await openPage("Ada");
    const path = await createRoom(ada, { name: "Tea" });
    await send(ada, "Mine");
    const bob = await openPage("Bob", { path });
    await people(ada).getByRole("button", { name: "Message Bob" }).click();
    await ada.getByRole("heading", { name: "Bob", level: 1 }).waitFor();
    await send(ada, "Only for you");
    await conversation(bob, "Ada").waitFor();
    const guestId = await storedUserId(ada);
    const other = await secondTab(ada);
    await message(other, "Only for you").getByText("You", { exact: true }).waitFor();

    const requests = requestsWithout((await stored(ada, "session")).token, ada);
    await signIn(ada, name);
    expect(requests[0]).toBe("PUT /me/guest");
    expect((await stored(ada, "account")).userId).toBe(guestId);
    expect([await stored(ada, "session"), await stored(ada, "unusedTokens")]).toEqual([null, null]);
    for (const tab of [ada, other]) {
      await tab.getByText(`Signed in as ${name}`).waitFor();
      await message(tab, "Only for you").getByText("You", { exact: true }).waitFor();
      await conversation(tab, "Bob").waitFor();
    }
    await send(ada, "Still me");
    await conversation(bob, "Still me").waitFor();
    await expect.poll(() => conversation(bob, "").count()).toBe(1);
    await ada.goto(addresses.siteUrl + path);
    await message(ada, "Mine").getByText("You").waitFor();
    const details = await openDetails(ada);
    await details.getByRole("button", { name: "Room settings" }).click();
    await ada.getByRole("textbox", { name: "Room name" }).fill("Coffee");
    await ada.getByRole("button", { name: "Save", exact: true }).click();
    await bob.getByRole("heading", { name: "Coffee", level: 1 }).waitFor();
    await ada.getByRole("dialog", { name: "Room settings" }).waitFor({ state: "detached" });
    await ada.keyboard.press("Escape");
    await details.waitFor({ state: "detached" });

    await ada.getByRole("button", { name: "Sign out" }).click();
    // Back from the provider.
    await ada.getByRole("heading", { name: "Create a room, share its link, talk." }).waitFor();
    await ada.goto(addresses.siteUrl + path);
    await message(ada, "Mine").getByText("Ada", { exact: true }).waitFor();
    await ada.getByText("No conversations yet.").waitFor();
    expect(await storedUserId(ada)).not.toBe(guestId);
    await openDetails(ada);
    expect(await ada.getByRole("button", { name: "Room settings" }).count()).toBe(0);
  });

  test("while the guest cannot be continued, the account is not used; a reload tries again, and one tab does it", async () => {
    const ada = await openPage("Ada");
    const path = await createRoom(ada);
    const guestId = await storedUserId(ada);
    const other = await secondTab(ada);
    const context = ada.context();
    let answers = 0;
    context.on("response", (response) => {
      if (response.url().endsWith("/me/guest") && response.ok()) answers++;
    });
    await context.route("**/api/me/guest", (route) => route.abort());
    const requests = requestsWithout((await stored(ada, "session")).token, ada);
    await signInAt(ada, someone("Ada"));
    const delayed = (page: Page) => page.getByRole("main").getByText("You will be signed in as soon as it can");
    await delayed(ada).waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.reload();
    await delayed(ada).waitFor();
    await other.reload();
    await delayed(other).waitFor();
    await send(ada, "Still a guest");
    await message(ada, "Still a guest").getByText("Sent", { exact: true }).waitFor();
    expect(await stored(ada, "account")).toBeNull();
    expect(new Set(requests)).toEqual(new Set(["PUT /me/guest"]));
    await context.unroute("**/api/me/guest");
    for (const tab of [ada, other]) {
      await tab.getByText(/^Signed in as/).waitFor();
      await delayed(tab).waitFor({ state: "detached" });
    }
    expect(answers).toBe(1);
    expect((await stored(ada, "account")).userId).toBe(guestId);
    await message(ada, "Still a guest").getByText("You").waitFor();
    expect(new URL(ada.url()).hash).toBe(new URL(path, ada.url()).hash);
  });

  test("a delayed sign-in can be cancelled: the guest stays a guest", async () => {
    const ada = await openPage("Ada");
    await createRoom(ada);
    const guestId = await storedUserId(ada);
    await ada.route("**/api/me/guest", (route) => route.abort());
    await signInAt(ada, someone("Ada"));
    await ada.getByRole("button", { name: "Cancel" }).click();
    await signInButton(ada).waitFor();
    await ada.reload();
    await composer(ada).waitFor();
    await signInButton(ada).waitFor();
    expect([await storedUserId(ada), await stored(ada, "unusedTokens")]).toEqual([guestId, null]);
  });

  test("an account that is somebody already does not take the guest along, and says so", async () => {
    const name = someone("Ada");
    const first = await openPage(undefined);
    await signIn(first, name);
    const { userId } = await stored(first, "account");
    const ada = await openPage("Ada");
    await createRoom(ada);
    await send(ada, "As a guest");
    await signInButton(ada).click();
    await enterName(ada, name);
    await ada.getByRole("main").getByText("This account was used here before.").waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "OK" }).click();
    expect((await stored(ada, "account")).userId).toBe(userId);
    expect(await stored(ada, "session")).toBeNull();
    await message(ada, "As a guest").getByText("Ada", { exact: true }).waitFor();
  });

  test("a guest whose token has expired is forgotten", async () => {
    const ada = await openPage("Ada");
    await createRoom(ada);
    const guestId = await storedUserId(ada);
    await ada.route("**/api/me/guest", (route) =>
      route.fulfill({ status: 401, json: { code: "unauthorized", detail: "", status: 401 } }),
    );
    await signIn(ada, someone("Ada"));
    expect((await stored(ada, "account")).userId).not.toBe(guestId);
    expect(await stored(ada, "session")).toBeNull();
    expect(await accountToken(ada)).toBeDefined();
  });
});
