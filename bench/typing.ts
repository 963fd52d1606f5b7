// Measures the time from a key press to the painted character, in a room with many messages.
//
// Runs the built page in Chromium against the client's test server, so that only the page is measured. All messages arrive while
// the page is open. The browser paints every 16.7 ms, so a key waits half of that on average.

import { chromium as playwright } from "playwright-core";
import { TestStage } from "../tests/page/support/test-stage.ts";
import { chromiumLaunch } from "../tests/support/chromium.ts";
import { type Summary, summarize } from "./summary.ts";

export const KEYS = 200;
const WARM_UP = 20;

/** Returns milliseconds. */
export async function measureTyping(messages: number): Promise<Summary> {
  const stage = await TestStage.start();
  const browser = await playwright.launch(chromiumLaunch());
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(600_000);
    await page.addInitScript(() => localStorage.setItem("parlor.name", JSON.stringify("Ada")));
    await page.goto(`${stage.siteUrl}/#/rooms/r`);
    const composer = page.getByRole("textbox", { name: "Message" });
    await composer.focus();
    for (let n = 1; n <= messages; n++) stage.server.say("r", `Message ${n}`);
    await page.getByText(`Message ${messages}`, { exact: true }).waitFor();
    await page.evaluate(() => {
      const delays: number[] = [];
      Object.assign(window, { delays });
      const painted = new MessageChannel();
      let pressed = 0;
      painted.port1.onmessage = () => delays.push(performance.now() - pressed);
      // A message posted from an animation frame's callback is handled after the paint.
      addEventListener("keydown", ({ timeStamp }) => {
        pressed = timeStamp;
        requestAnimationFrame(() => painted.port2.postMessage(undefined));
      });
    });
    for (let key = 0; key < WARM_UP + KEYS; key++) await composer.press("a");
    const delays = await page.evaluate(() => (window as unknown as { delays: number[] }).delays);
    return summarize(delays.slice(WARM_UP));
  } finally {
    await browser.close();
    await stage.stop();
  }
}
