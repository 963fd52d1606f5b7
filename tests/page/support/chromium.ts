// Real Chromium, and people in it: each has a browser context of their own, and with it their own storage.
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { chromiumLaunch } from "../../support/chromium.ts";
import { stack } from "./stack.ts";
import { stopTestStages } from "./test-stage.ts";

/** For a condition to come true. Longer than the client's heartbeat, which is when a lost broadcast is noticed at the latest. */
const PATIENCE_MS = 135_000;

let browser: Browser;
let complaints: string[] = [];

/** For each test file: one browser, closed after it; after each test, the contexts, and nothing may have complained. */
export function useChromium(): void {
  vi.setConfig({
    testTimeout: 4 * PATIENCE_MS,
    hookTimeout: 2 * PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
  });
  beforeAll(async () => {
    browser = await playwright.launch(chromiumLaunch());
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await stopTestStages();
    const found = complaints;
    complaints = [];
    expect(found).toEqual([]);
  });
  afterAll(() => browser.close());
}

interface PersonOptions extends BrowserContextOptions {
  /** Opened after the site's address; the lobby unless given. */
  path?: string;
  /** The running stack's page unless given. */
  siteUrl?: string;
}

/** A page at the lobby. With a name, the person has chosen it before. */
export async function person(
  name: string | undefined,
  { path = "/", siteUrl = stack.siteUrl, ...options }: PersonOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/London",
    permissions: ["clipboard-read", "clipboard-write"],
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (name !== undefined) {
    await context.addInitScript((chosen) => {
      if (!localStorage.getItem("parlor.name")) localStorage.setItem("parlor.name", JSON.stringify(chosen));
    }, name);
  }
  return await tab(await context.newPage(), siteUrl + path);
}

/** Another tab of the same person. */
export async function secondTab(of: Page): Promise<Page> {
  return await tab(await of.context().newPage(), of.url());
}

async function tab(page: Page, url: string): Promise<Page> {
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/content security policy|trusted/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** Waits until fades and slides have ended: halfway through, neither colours nor places are what they will be. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() => {
    const passing = document.getAnimations().filter((each) => each.effect?.getComputedTiming().iterations === 1);
    return Promise.allSettled(passing.map((animation) => animation.finished));
  });
}

/** The name of what has the focus, as a screen reader says it. */
export function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
    return (element?.getAttribute("aria-label") ?? label)?.trim();
  });
}

export const phone: PersonOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
