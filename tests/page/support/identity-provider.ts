// Signing in at the stage's fake identity provider, and what tests change there.
import type { Page } from "playwright-core";
import { addresses } from "../../support/addresses.ts";

/** The provider of the stage under test. `npm start` has none: the tests are then skipped. */
export const issuer = addresses.issuer;

interface Person {
  idTokenSeconds: number;
  refusesRefresh: boolean;
  renewals: number;
  signOuts: number;
}

export function signInButton(page: Page) {
  return page.getByRole("button", { name: "Sign in", exact: true }).first();
}

/** Signs in from whatever the page shows, and waits until the page is back. */
export async function signIn(page: Page, name: string): Promise<void> {
  await signInButton(page).click();
  await enterName(page, name);
}

export async function enterName(page: Page, name: string): Promise<void> {
  await page.getByLabel("Who are you?").fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText(`Signed in as ${name}`).first().waitFor();
}

export async function changePerson(name: string, changes: Partial<Person>): Promise<void> {
  await fetch(`${issuer}/people/${encodeURIComponent(name)}`, { method: "PUT", body: JSON.stringify(changes) });
}

export async function personAtProvider(name: string): Promise<Person> {
  const response = await fetch(`${issuer}/people/${encodeURIComponent(name)}`);
  return (await response.json()) as Person;
}

/** Reads the token that the page stores for its account. */
export function accountToken(page: Page): Promise<string | undefined> {
  return page.evaluate(() => JSON.parse(localStorage.getItem("parlor.account") ?? "{}").token);
}
