// /api/docs: requests and frames that people send from it are answered by the stage.
import type { Locator, Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { Stage } from "../support/stage.ts";
import { tabTo, violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";

// Fails the test on a violation of the content security policy.
useBrowser();

const stage = new Stage(addresses);
afterEach(() => stage.cleanUp());

const openDocs = (options: Parameters<typeof openPage>[1] = {}) =>
  openPage(undefined, { path: "/api/docs", ...options });

test.each(["/api/docs", "/api/docs/"])("a request is sent from %s, and nothing to any other origin", async (path) => {
  const page = await openDocs({ path });
  const origins = new Set<string>();
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  await page.reload();
  const operation = await openOperation(page, "List the open public rooms");
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect.poll(() => answer(operation)).toContain('"rooms"');
  expect([...origins]).toEqual([addresses.siteUrl]);
});

test("the lobby links to it", async () => {
  const page = await openPage(undefined);
  await page.getByRole("link", { name: "API" }).click();
  await page.getByText("List the open public rooms").waitFor();
  expect(new URL(page.url()).pathname).toBe("/api/docs");
});

test("a token that is entered once identifies the person in each request", async () => {
  const { token, userId } = await stage.guest("Ada");
  const page = await openDocs();
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".dialog-ux");
  await dialog.getByRole("textbox").fill(token);
  await dialog.getByRole("button", { name: "Apply credentials" }).click();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  const operation = await openOperation(page, "Get the person that the token identifies");
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect.poll(() => answer(operation)).toContain(userId);
});

test("every schema is shown with its descriptions, within the content security policy", async () => {
  const page = await openDocs();
  const operations = page.locator(".opblock");
  await operations.first().waitFor();
  await clickAll(operations.locator(".opblock-summary-control"));
  const schemas = page.getByRole("tab", { name: "Schema" });
  await expect.poll(() => schemas.count()).toBeGreaterThan(await operations.count());
  await clickAll(schemas);
  await clickAll(page.getByRole("button", { name: "Expand all" }));
  const description = page.getByText("Send the same request with this").first();
  await description.waitFor();
  expect(await description.locator("code").allTextContents()).toEqual(["cursor"]);
});

test("a frame is sent with a token, and keeps the room when another action is chosen", async () => {
  const ada = await stage.guest("Ada");
  const { roomId } = await stage.roomOf(ada);
  const page = await openDocs();
  await panel(page).getByLabel("Token").fill(ada.token);
  await connect(page).click();
  await panel(page).getByText("Connected", { exact: true }).waitFor();
  await panel(page).getByLabel("Action").selectOption("join");
  await frame(page).fill((await frame(page).inputValue()).replace('"room": "room"', `"room": "${roomId}"`));
  await panel(page).getByRole("button", { name: "Send" }).click();
  await log(page).getByText(`"userId": "${ada.userId}"`).first().waitFor();
  await panel(page).getByLabel("Action").selectOption("send");
  expect(await frame(page).inputValue()).toContain(roomId);
  await panel(page).getByRole("button", { name: "Send" }).click();
  await log(page).getByText('"type": "ack"').waitFor();
  await panel(page).getByRole("button", { name: "Disconnect" }).click();
  await panel(page).getByText("Not connected").waitFor();
});

test("the console says that a wrong token was refused", async () => {
  const page = await openDocs();
  await panel(page).getByLabel("Token").fill("wrong");
  await connect(page).click();
  await log(page).getByText("Could not connect.").waitFor();
  await panel(page).getByLabel("Token").fill("not a token");
  await connect(page).click();
  await log(page).getByText("A token has no such characters.").waitFor();
});

test("a ping is sent by keyboard, and answered", async () => {
  const page = await openDocs();
  await page.locator(".opblock").first().waitFor();
  await tabTo(page, "WebSocket frames");
  await page.keyboard.press("Enter");
  await tabTo(page, "Connect", 200);
  await page.keyboard.press("Enter");
  await panel(page).getByText("Connected", { exact: true }).waitFor();
  await tabTo(page, "Send");
  await page.keyboard.press("Enter");
  await log(page).getByText('"type": "pong"').waitFor();
  await frame(page).focus();
  await page.keyboard.press("Control+Enter");
  await expect.poll(() => log(page).getByText('"type": "pong"').count()).toBe(2);
});

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test.each([
    ["a desktop", {}],
    ["a phone", phone],
  ])("axe finds no violations in the console on %s, which it fits", async (_device, options) => {
    const page = await openDocs({ ...options, colorScheme });
    expect(await violations(page, "#frame-console")).toEqual([]);
    await connect(page).click();
    await panel(page).getByText("Connected", { exact: true }).waitFor();
    await panel(page).getByRole("button", { name: "Send" }).click();
    await log(page).getByText('"type": "pong"').waitFor();
    await panel(page).getByLabel("Action").selectOption("join");
    expect(await violations(page, "#frame-console")).toEqual([]);
    expect(await violations(page, ".docs-bar")).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });
});

async function openOperation(page: Page, summary: string): Promise<Locator> {
  const operation = page.locator(".opblock").filter({ hasText: summary });
  await operation.getByText(summary).click();
  return operation;
}

function clickAll(elements: Locator): Promise<void> {
  return elements.evaluateAll((found) => {
    for (const element of found) (element as HTMLElement).click();
  });
}

/** The answer's status and body, or nothing before it has come. */
async function answer(operation: Locator): Promise<string> {
  return (await operation.locator(".live-responses-table").allTextContents()).join();
}

const panel = (page: Page) => page.locator("#frame-console");
const connect = (page: Page) => panel(page).getByRole("button", { name: "Connect", exact: true });
const frame = (page: Page) => panel(page).getByRole("textbox", { name: "Frame" });
const log = (page: Page) => panel(page).getByRole("log");
