// The views are downloaded one by one: the page has them when it needs them, or says that it does not.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, useBrowser } from "./support/browser.ts";
import { composer, createRoom } from "./support/room.ts";

useBrowser();

const hasDownloaded = (page: Page, chunk: string) =>
  page.evaluate(
    (name) => performance.getEntriesByType("resource").some((entry) => entry.name.includes(`/${name}-`)),
    chunk,
  );

test.each([
  ["lobby", "room-page"],
  ["room", "lobby-page"],
] as const)("a page that was opened in the %s shows the other view offline", async (opened, other) => {
  const ada = await openPage("Ada");
  await createRoom(ada, { name: "Tea" });
  if (opened === "lobby") await ada.getByRole("link", { name: "New room" }).click();
  await ada.reload();
  await expect.poll(() => hasDownloaded(ada, other)).toBe(true);
  await ada.waitForLoadState("networkidle");
  await ada.context().setOffline(true);
  if (opened === "lobby") {
    await ada.getByRole("link", { name: "Tea" }).first().click();
    await ada.getByText("You are offline.").waitFor();
  } else {
    await ada.getByRole("link", { name: "New room" }).click();
    await ada.getByRole("heading", { level: 1, name: "Create a room" }).waitFor();
  }
});

test("a view that cannot be downloaded is said in words, and the page does not reload by itself", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const bo = await openPage("Bo");
  await bo.route("**/room-page-*.js", (route) => route.abort());
  let loads = 0;
  bo.on("load", () => {
    loads++;
  });
  await bo.reload();
  await bo.evaluate((to) => location.assign(to), path);
  const heading = bo.getByRole("main").getByRole("heading", { name: "Couldn't load this page" });
  await heading.waitFor();
  await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(loads).toBe(1);

  await bo.unroute("**/room-page-*.js");
  await bo.getByRole("button", { name: "Reload" }).click();
  await composer(bo).waitFor();
  expect(loads).toBe(2);
});
