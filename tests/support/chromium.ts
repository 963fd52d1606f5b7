// The browser of the page's tests: the system's Chromium or Chrome.
import { existsSync } from "node:fs";
import { Failure } from "../../local/failure.ts";

const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Its path: what the variable CHROMIUM says, or where it usually is. */
export function chromium(): string {
  const { CHROMIUM } = process.env;
  const found = (CHROMIUM ? [CHROMIUM] : usual).find(existsSync);
  if (found) return found;
  throw new Failure(
    "The page's tests need Chromium or Chrome: run `sudo apt install chromium` on Debian, or say where it is, as CHROMIUM=/path.",
  );
}

/** How Playwright starts it. Chromium's sandbox does not work for root. */
export const chromiumLaunch = () => ({
  executablePath: chromium(),
  args: ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
