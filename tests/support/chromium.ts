// Finds the system's Chromium or Chrome for the page tests.
import { existsSync } from "node:fs";
import { Failure } from "../../local/failure.ts";

const defaultPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Returns the browser's path: the variable CHROMIUM, or a usual location. */
export function chromium(): string {
  const { CHROMIUM } = process.env;
  const found = (CHROMIUM ? [CHROMIUM] : defaultPaths).find(existsSync);
  if (found) return found;
  throw new Failure(
    "The page tests need Chromium or Chrome. On Debian run `sudo apt install chromium`, or set CHROMIUM to its path.",
  );
}

/** Playwright's launch options. Chromium's sandbox does not work for root. */
export const chromiumLaunch = () => ({
  executablePath: chromium(),
  args: ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
