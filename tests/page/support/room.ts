// The page's parts and the things people do with them.
import type { Locator, Page } from "playwright-core";
import { type Block, type Inline, parseMarkdown } from "../../../web/src/text/markdown.ts";

interface NewRoom {
  name?: string;
  topic?: string;
  isPublic?: boolean;
}

/** Creates a room from the lobby and waits until it is open. Returns its path, starting with `/`. */
export async function createRoom(page: Page, { name, topic, isPublic = false }: NewRoom = {}): Promise<string> {
  if (name !== undefined) await page.getByLabel("Room name").fill(name);
  if (topic !== undefined) await page.getByLabel("Topic").fill(topic);
  if (isPublic) await page.getByText("Listed for everyone").click();
  await page.getByRole("button", { name: "Create room" }).click();
  await composer(page).waitFor();
  return new URL(page.url()).pathname + new URL(page.url()).hash;
}

export function composer(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message", exact: true });
}

/** Sends a message with the keyboard, or on a touch screen with the button. */
export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  if (await isTouch(page)) await page.getByRole("button", { name: "Send" }).tap();
  else await composer(page).press("Enter");
}

function isTouch(page: Page): Promise<boolean> {
  return page.evaluate(() => matchMedia("(pointer: coarse)").matches);
}

/** Opens the dialog with the room's details. */
export async function openDetails(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Room details" }).click();
  return page.getByRole("dialog", { name: "Room details" });
}

/** Opens the owner's settings of the room, from its details. */
export async function openSettings(page: Page): Promise<void> {
  const button = page.getByRole("dialog", { name: "Room details" }).getByRole("button", { name: "Room settings" });
  if (!(await button.isVisible())) await openDetails(page);
  await button.click();
}

/** Goes to the lobby from a room on a narrow screen. */
export async function goToLobby(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Rooms/ }).click();
  await page.getByRole("dialog", { name: "Rooms" }).getByRole("link", { name: "New room" }).click();
}

export function log(page: Page): Locator {
  return page.getByRole("region", { name: "Messages" });
}

/** The message with exactly this text. */
export function message(page: Page, text: string): Locator {
  return log(page)
    .getByRole("listitem")
    .filter({ has: page.getByText(text, { exact: true }) });
}

type ActionName =
  | "React"
  | "Reply"
  | "Edit"
  | "Copy the text"
  | "Copy a link"
  | "Mark as unread"
  | "Report"
  | "Moderate the author of"
  | "Delete";

/** Presses a button of a message's toolbar. The toolbar opens on hover, or on a touch screen with a button. */
export async function chooseAction(on: Locator, name: ActionName): Promise<void> {
  if (await isTouch(on.page())) await on.getByRole("button", { name: "Actions for" }).tap();
  else await on.hover();
  await actionButton(on, name).click();
}

export function actionButton(on: Locator, name: ActionName): Locator {
  return on.getByRole("toolbar").getByRole("button", { name: new RegExp(`^${name} `) });
}

/** The texts of all messages, oldest first. */
export function texts(page: Page): Promise<string[]> {
  return log(page)
    .locator(".bubble")
    .evaluateAll((bubbles) =>
      bubbles.map((bubble) => (bubble.querySelector(".message-text") ?? bubble).textContent ?? ""),
    );
}

/** What the page shows of a message's text, without the characters that format it. */
export function shownText(text: string): string {
  return parseMarkdown(text).map(blockText).join("");
}

function blockText(block: Block): string {
  if (block.kind === "code") return block.text;
  if (block.kind === "text") return block.children.map(inlineText).join("");
  return (block.kind === "quote" ? block.children : block.items.flat()).map(blockText).join("");
}

function inlineText(part: Inline): string {
  return "text" in part ? part.text : part.children.map(inlineText).join("");
}

export function people(page: Page): Locator {
  return page.getByRole("complementary").getByRole("listitem");
}
