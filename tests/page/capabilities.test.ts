// What a stage does without, the page does not show.
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, useBrowser } from "./support/browser.ts";
import { composer, message, openDetails } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

/** Which of these buttons are there. A message's buttons name the message, too. */
async function shown(within: Locator, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map((name) =>
      within.getByRole("button", { name: new RegExp(`^${name}( the author of)?( Someone's .*)?$`) }).count(),
    ),
  );
  return names.filter((_, at) => found[at] === 1);
}

const AUDIT = "Bans, mutes and what was done";

test.each([
  { without: [], toolbar: ["Report", "Moderate"], details: [AUDIT, "Reports", "Add a webhook"] },
  { without: ["webhooks"], toolbar: ["Report", "Moderate"], details: [AUDIT, "Reports"] },
  { without: ["reports"], toolbar: ["Moderate"], details: [AUDIT, "Add a webhook"] },
  { without: ["moderation", "reports"], toolbar: [], details: ["Add a webhook"] },
])("without $without, a message's toolbar has $toolbar, and a room's details have $details", async (stageParts) => {
  const { without, toolbar, details } = stageParts;
  const stage = await TestStage.start();
  stage.config = { without };
  stage.server.roleOf = ({ userId }) => (userId === "someone" ? "member" : "owner");
  stage.server.say("r", "Hello");
  const ada = await openPage("Ada", { siteUrl: stage.siteUrl, path: "/#/rooms/r" });
  await composer(ada).waitFor();
  await message(ada, "Hello").hover();
  await message(ada, "Hello")
    .getByRole("button", { name: /^React/ })
    .first()
    .waitFor();
  await expect.poll(() => shown(message(ada, "Hello"), ["Report", "Moderate"])).toEqual(toolbar);
  const dialog = await openDetails(ada);
  await dialog.getByRole("button", { name: "Room settings" }).waitFor();
  await expect.poll(() => shown(dialog, [AUDIT, "Reports", "Add a webhook"])).toEqual(details);
  const loaded = await ada.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect(loaded.some((name) => name.includes("moderation-parts"))).toBe(!without.includes("moderation"));
});
