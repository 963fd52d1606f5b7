// What accessibility tests do on any page: run axe, and reach things with the Tab key.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { focusedName, waitForAnimations } from "./browser.ts";

/** Returns axe's findings on the page, or only within the element that `selector` names. */
export async function violations(page: Page, selector = "html"): Promise<string[]> {
  await waitForAnimations(page);
  await page.evaluate(axe.source);
  const results = await page.evaluate((within) => (window as unknown as { axe: typeof axe }).axe.run(within), selector);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Reaches a button or link. `most`: after so many presses of the Tab key it has failed. */
export async function tabTo(page: Page, name: string, most = 40): Promise<void> {
  // Parts of the page load on demand: pressing Tab before the control is there would only use up the presses.
  await page
    .getByRole("button", { name, exact: true })
    .or(page.getByRole("link", { name, exact: true }))
    .first()
    .waitFor();
  for (let presses = 0; presses < most; presses++) {
    if ((await focusedName(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach "${name}".`);
}
