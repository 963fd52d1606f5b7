// The HTTP API, and the session that the page stores, for what tests do without the page's controls.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { addresses } from "../../support/addresses.ts";

interface Session {
  readonly token: string;
  readonly userId: string;
}

/** Reads the guest session that the page stores. */
export function storedSession(page: Page): Promise<Session> {
  return page.evaluate(() => JSON.parse(localStorage.getItem("parlor.session") ?? "{}"));
}

export async function storedUserId(page: Page): Promise<string> {
  return (await storedSession(page)).userId;
}

/** Returns the room id in the path of a room's page. */
export function roomIdOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

/** Calls the API with the token of the page's person. Returns the answer's body, if it has one. */
export async function callApi<Body = unknown>(page: Page, method: string, path: string, body?: object): Promise<Body> {
  const { token } = await storedSession(page);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(addresses.apiUrl + path, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  const text = await response.text();
  return text && JSON.parse(text);
}

/** Reads the texts of the newest messages in the log of the room with this page path. */
export async function loggedTexts(path: string): Promise<string[]> {
  const response = await fetch(`${addresses.apiUrl}/rooms/${roomIdOf(path)}/messages`);
  const { events } = (await response.json()) as { events: { type: string; text: string }[] };
  return events.filter(({ type }) => type === "message").map(({ text }) => text);
}
