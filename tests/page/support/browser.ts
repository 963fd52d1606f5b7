// Chromium for the page tests. Each person has a browser context, and so storage, of their own.
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { addresses } from "../../support/addresses.ts";
import { chromiumLaunch } from "../../support/chromium.ts";
import { stopTestStages } from "./test-stage.ts";

/** How long a condition may take. Longer than the client's heartbeat, which detects a lost broadcast at the latest. */
const CONDITION_LIMIT_MS = 135_000;

let browser: Browser;
let problems: string[] = [];

/**
 * Opens one browser for the test file. After each test it closes all contexts and fails the test if a page had an
 * uncaught error, opened a dialog or violated the content security policy.
 */
export function useBrowser(): void {
  vi.setConfig({
    testTimeout: 4 * CONDITION_LIMIT_MS,
    hookTimeout: 2 * CONDITION_LIMIT_MS,
    expect: { poll: { timeout: CONDITION_LIMIT_MS } },
  });
  beforeAll(async () => {
    browser = await playwright.launch(chromiumLaunch());
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await stopTestStages();
    const found = problems;
    problems = [];
    expect(found).toEqual([]);
  });
  afterAll(() => browser.close());
}

interface PageOptions extends BrowserContextOptions {
  /** Default: the lobby. */
  path?: string;
  /** Default: the page of the stage under test. */
  siteUrl?: string;
}

/** Opens the page as a new person, who has already chosen `name` if it is given. */
export async function openPage(
  name: string | undefined,
  { path = "/", siteUrl = addresses.siteUrl, ...options }: PageOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/London",
    permissions: ["clipboard-read", "clipboard-write"],
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(CONDITION_LIMIT_MS);
  if (name !== undefined) {
    await context.addInitScript((chosen) => {
      if (!localStorage.getItem("parlor.name")) localStorage.setItem("parlor.name", JSON.stringify(chosen));
    }, name);
  }
  return await load(await context.newPage(), siteUrl + path);
}

/** Opens another tab of the same person, at the same address. */
export async function secondTab(of: Page): Promise<Page> {
  return await load(await of.context().newPage(), of.url());
}

async function load(page: Page, url: string): Promise<Page> {
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => {
    problems.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/content security policy|trusted/i.test(message.text())) problems.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** Waits until fades and slides have ended, and colors and positions are final. */
export async function waitForAnimations(page: Page): Promise<void> {
  await page.evaluate(() => {
    const finite = document.getAnimations().filter((each) => each.effect?.getComputedTiming().iterations === 1);
    return Promise.allSettled(finite.map((animation) => animation.finished));
  });
}

/** Makes the page take itself for hidden or visible. */
export function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

/** Returns the accessible name of the focused element. */
export function focusedName(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
    return (element?.getAttribute("aria-label") ?? label)?.trim();
  });
}

export const phone: PageOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
