// Signing in and out with the identity provider of the stage, renewing tokens, and what goes wrong with either.
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, secondTab, useBrowser } from "./support/browser.ts";
import {
  accountToken,
  changePerson,
  enterName,
  issuer,
  personAtProvider,
  signIn,
  signInButton,
} from "./support/identity-provider.ts";
import { composer, createRoom, message, people, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

/** A person of this test only: the provider remembers people. */
const someone = (name: string) => `${name} ${randomUUID().slice(0, 8)}`;
const sent = (page: Page, text: string) => message(page, text).getByText("Sent", { exact: true }).waitFor();
const expired = (page: Page) => page.getByRole("main").getByText("Your sign-in has expired.");

describe.runIf(issuer !== undefined)("with an identity provider", () => {
  test("a person who signs in writes under their own name, and is the same after a reload", async () => {
    const name = someone("Ada");
    const ada = await openPage(undefined);
    await signIn(ada, name);
    expect(ada.url()).toBe(`${addresses.siteUrl}/`);
    const path = await createRoom(ada);
    await send(ada, "Mine");
    await sent(ada, "Mine");
    await ada.reload();
    await message(ada, "Mine").getByText("You").waitFor();
    await ada.getByText(`Signed in as ${name}`).waitFor();
    const other = await openPage(undefined, { path });
    await signIn(other, name);
    await message(other, "Mine").getByText("You").waitFor();
    await ada.getByRole("heading", { name: "1 person here" }).waitFor();
  });

  for (const [device, options] of [
    ["a desktop", {}],
    ["a phone", phone],
  ] as const) {
    test(`on ${device}, signing in from a room's form comes back to that room`, async () => {
      const ada = await openPage("Ada");
      const path = await createRoom(ada);
      const name = someone("Bo");
      const bo = await openPage(undefined, { path, ...options });
      await bo.getByRole("textbox", { name: "Your name" }).waitFor();
      expect(await violations(bo)).toEqual([]);
      await bo.getByRole("button", { name: "sign in", exact: true }).click();
      await bo.getByLabel("Who are you?").fill(name);
      await bo.getByRole("button", { name: "Continue" }).click();
      await composer(bo).waitFor();
      expect(new URL(bo.url()).pathname + new URL(bo.url()).search + new URL(bo.url()).hash).toBe(path);
      await people(ada).filter({ hasText: name }).waitFor();
    });
  }

  test("a person who cancels is told so and stays a guest", async () => {
    const ada = await openPage("Ada");
    await createRoom(ada);
    await signInButton(ada).click();
    await ada.getByRole("button", { name: "Cancel" }).click();
    await ada.getByRole("main").getByText("You cancelled signing in.").waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "OK" }).click();
    await send(ada, "As a guest");
    await sent(ada, "As a guest");
  });

  test("an answer that this tab did not ask for is refused, and leaves the address", async () => {
    const ada = await openPage("Ada", { path: "/?code=stolen&state=foreign#/" });
    await ada.getByText("This sign-in is no longer valid. Sign in again.").first().waitFor();
    expect(ada.url()).toBe(`${addresses.siteUrl}/#/`);
    expect(await accountToken(ada)).toBeUndefined();
  });

  test("a provider that cannot be reached is explained", async () => {
    const ada = await openPage("Ada");
    await ada.route(`${issuer}/**`, (route) => route.abort());
    await signInButton(ada).click();
    await ada.getByText("The sign-in page cannot be reached").first().waitFor();
    await ada.unroute(`${issuer}/**`);
    await ada.getByRole("button", { name: "Try again" }).click();
    await enterName(ada, someone("Ada"));
  });

  test("tokens are renewed once for all tabs, without a new connection", async () => {
    const name = someone("Ada");
    // The provider's refresh tokens are valid once: a second tab that used one would end the sign-in.
    await changePerson(name, { idTokenSeconds: 4 });
    const ada = await openPage(undefined);
    await signIn(ada, name);
    await createRoom(ada);
    const other = await secondTab(ada);
    await composer(other).waitFor();
    let connections = 0;
    for (const tab of [ada, other]) tab.on("websocket", () => connections++);
    const before = await accountToken(ada);
    await expect.poll(async () => (await personAtProvider(name)).renewals).toBeGreaterThan(3);
    expect(await accountToken(ada)).not.toBe(before);
    for (const [tab, text] of [
      [ada, "From one"],
      [other, "From the other"],
    ] as const) {
      await send(tab, text);
      await sent(tab, text);
      expect(await expired(tab).count()).toBe(0);
    }
    expect(connections).toBe(0);
  });

  test("a token that has ended while the page was closed is renewed before it connects", async () => {
    const name = someone("Ada");
    const ada = await openPage(undefined);
    await signIn(ada, name);
    const path = await createRoom(ada);
    await ada.goto("about:blank");
    await ada.goto(`${addresses.siteUrl}/config.json`);
    const stored = await ada.evaluate(() => {
      const account = JSON.parse(localStorage.getItem("parlor.account") ?? "{}");
      localStorage.setItem("parlor.account", JSON.stringify({ ...account, renewAt: 0, expiresAt: 0 }));
      return account.token as string;
    });
    const tokens: string[] = [];
    ada.on("websocket", () => void accountToken(ada).then((token) => tokens.push(token ?? "")));
    await ada.goto(addresses.siteUrl + path);
    await composer(ada).waitFor();
    await expect.poll(() => tokens).toHaveLength(1);
    expect(tokens).not.toContain(stored);
    await people(ada).filter({ hasText: name }).waitFor();
  });

  test("when the provider renews no more, the person is told, and goes on as a guest or signs in again", async () => {
    const name = someone("Ada");
    await changePerson(name, { idTokenSeconds: 4, refusesRefresh: true });
    const ada = await openPage(undefined);
    await signIn(ada, name);
    await createRoom(ada);
    const other = await secondTab(ada);
    await expired(ada).first().waitFor();
    await expired(other).first().waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "Continue as guest" }).click();
    await send(ada, "As a guest");
    await sent(ada, "As a guest");
    await expired(other).first().waitFor({ state: "detached" });
    await send(other, "The same guest");
    await message(ada, "The same guest").getByText("You").waitFor();
    await changePerson(name, { idTokenSeconds: 600, refusesRefresh: false });
    await signInButton(ada).click();
    await ada.getByText(`Signed in as ${name}`).first().waitFor();
    await message(ada, "As a guest").getByText(name).waitFor();
  });

  test("whoever goes on as a guest in the lobby still learns what is unread in their rooms", async () => {
    const name = someone("Ada");
    await changePerson(name, { idTokenSeconds: 4, refusesRefresh: true });
    const ada = await openPage(undefined);
    await signIn(ada, name);
    const path = await createRoom(ada);
    const bo = await openPage("Bo", { path });
    await composer(bo).waitFor();
    await ada.getByRole("link", { name: "New room" }).click();
    const room = ada.getByRole("region", { name: "Your rooms" }).getByRole("listitem");
    await send(bo, "To Ada");
    await room.getByText("1 unread").waitFor();
    await ada.getByRole("button", { name: "Continue as guest" }).click();
    // The guest has joined, and nothing is unread that was said before.
    await room.getByText("1 unread").waitFor({ state: "detached" });
    await room.getByText("Bo: To Ada").waitFor();
    await send(bo, "To the guest");
    await room.getByText("1 unread").waitFor();
  });

  test("a room that is opened after the sign-in has expired offers both ways to go on", async () => {
    const name = someone("Ada");
    const ada = await openPage(undefined);
    await signIn(ada, name);
    await createRoom(ada);
    await changePerson(name, { refusesRefresh: true });
    await ada.evaluate(() => {
      const account = JSON.parse(localStorage.getItem("parlor.account") ?? "{}");
      localStorage.setItem("parlor.account", JSON.stringify({ ...account, renewAt: 0, expiresAt: 0 }));
    });
    await ada.reload();
    await ada.getByRole("main").getByText("Your sign-in has expired.").waitFor();
    await ada.getByRole("button", { name: "Continue as guest" }).click();
    await composer(ada).waitFor();
  });

  test("signing out ends the session here, in other tabs and at the provider", async () => {
    const name = someone("Ada");
    const ada = await openPage(undefined);
    await signIn(ada, name);
    await createRoom(ada);
    await send(ada, "Before");
    await sent(ada, "Before");
    const other = await secondTab(ada);
    await message(other, "Before").getByText("You").waitFor();
    await ada.getByRole("button", { name: "Sign out" }).click();
    await signInButton(ada).waitFor();
    await expect.poll(async () => (await personAtProvider(name)).signOuts).toBe(1);
    await other.getByRole("textbox", { name: "Your name" }).fill("Somebody else");
    await other.getByRole("button", { name: "Join room" }).click();
    await message(other, "Before").getByText(name).waitFor();
    expect(await ada.evaluate(() => [localStorage["parlor.account"], localStorage["parlor.name"]])).toEqual([
      undefined,
      '"Somebody else"',
    ]);
    // The provider asks again.
    await signIn(ada, name);
  });

  test("a stage without guests asks to sign in first, and then opens what was asked for", async () => {
    const stage = await TestStage.start();
    stage.config = { guests: false, signIn: { issuer, clientId: "parlor-local", sends: "idToken" } };
    const name = someone("Ada");
    stage.answer = ({ token, path }) => {
      if (token === undefined) return { status: 401, code: "unauthorized" };
      return path === "/me" ? { json: { userId: "ada", name } } : undefined;
    };
    const ada = await openPage(undefined, { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
    await ada.getByRole("heading", { name: "Sign in to enter" }).waitFor();
    expect(await violations(ada)).toEqual([]);
    await signInButton(ada).click();
    await ada.getByRole("button", { name: "Cancel" }).click();
    await ada.getByText("You cancelled signing in.").first().waitFor();
    await signIn(ada, name);
    await composer(ada).waitFor();
    expect(stage.requests.filter(({ path }) => path === "/sessions")).toEqual([]);
    await ada.getByRole("link", { name: "New room" }).click();
    await ada.getByRole("heading", { name: "Create a room" }).waitFor();
    await expect
      .poll(() => stage.requests.some(({ path, token }) => path === "/rooms" && token !== undefined))
      .toBe(true);
  });
});

test("a stage without an identity provider offers no way to sign in", async () => {
  const stage = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
  await composer(ada).waitFor();
  expect(await ada.getByRole("button", { name: /^Sign/ }).count()).toBe(0);
});
