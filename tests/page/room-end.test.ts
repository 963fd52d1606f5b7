// The end of a room: its countdown, the warnings before it, and why it ended.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, message, send } from "./support/room.ts";
import { TestStage } from "./support/test-stage.ts";

useBrowser();

const path = "/#/rooms/r";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const timer = (page: Page) => page.getByRole("timer");
const announced = (page: Page) => page.getByRole("status").getByRole("paragraph").allTextContents();
const warning = (page: Page, minutes: string) => page.getByRole("main").getByText(`ends in less than ${minutes}.`);

/** A room whose end the test moves, on a server whose clock is an hour ahead. */
async function endingRoom(lastsMs: number, options = {}) {
  const { server, siteUrl } = await TestStage.start();
  server.skewMs = HOUR;
  server.room("r").rules.endsAt = server.now + lastsMs;
  const ada = await openPage("Ada", { siteUrl, path, ...options });
  await composer(ada).waitFor();
  const endIn = (ms: number) => server.changeRules("r", { endsAt: server.now + ms });
  return { server, ada, endIn };
}

for (const [device, options] of [
  ["a desktop", {}],
  ["a phone", phone],
] as const) {
  test(`on ${device}, the header counts down by the server's clock, and warnings are shown and announced`, async () => {
    const { ada, endIn } = await endingRoom(10 * MINUTE, options);
    await expect.poll(() => timer(ada).textContent()).toMatch(/^Ends in 10 min/);
    expect(await warning(ada, "5 minutes").count()).toBe(0);

    endIn(5 * MINUTE);
    await warning(ada, "5 minutes").waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.getByRole("button", { name: "OK" }).click();
    await warning(ada, "5 minutes").waitFor({ state: "detached" });

    endIn(MINUTE);
    await warning(ada, "1 minute").waitFor();
    await expect.poll(() => timer(ada).textContent()).toMatch(/^Ends in 0:5\d$/);
    await expect.poll(() => announced(ada)).toContainEqual(expect.stringContaining("less than 1 minute."));
    const said = (await announced(ada)).join(" ");
    expect(said.match(/less than 5 minutes/g)).toHaveLength(1);
    expect(said).not.toContain("0:5");

    endIn(HOUR);
    await warning(ada, "1 minute").waitFor({ state: "detached" });
    await expect.poll(() => timer(ada).textContent()).toMatch(/^Ends in 60 min/);
  });
}

test("in its last seconds the countdown shows each second, and then the room ends by itself", async () => {
  const { ada, server, endIn } = await endingRoom(10 * MINUTE);
  await send(ada, "Last words");
  await message(ada, "Last words").getByText("Sent", { exact: true }).waitFor();
  await ada.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const header = document.querySelector(".room-header") as Element;
    const note = () => seen.add(header.querySelector("[role=timer]")?.textContent ?? "none");
    new MutationObserver(note).observe(header, { subtree: true, childList: true, characterData: true });
  });
  endIn(4 * SECOND);
  await ada.getByRole("main").getByText("Time is up: this room has ended.").waitFor();
  await ada.getByRole("status").getByText("Time is up: this room has ended.").waitFor();
  const seen = await ada.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
  expect(seen.filter((text) => /^Ends in 0:0[0-4]$/.test(text)).length).toBeGreaterThan(1);
  expect(await composer(ada).count()).toBe(0);
  expect(await timer(ada).count()).toBe(0);
  await message(ada, "Last words").waitFor();
  expect(server.received("join")).toHaveLength(1);
});

test("offline, a room whose time is up no longer promises to send, and says how it ended once it is known", async () => {
  const { ada, server, endIn } = await endingRoom(10 * MINUTE);
  endIn(8 * SECOND);
  await expect.poll(() => timer(ada).textContent()).toMatch(/^Ends in 0:0\d$/);
  server.intercept = ({ action }) => action === "join" && "roomClosed";
  await ada.context().setOffline(true);
  await ada.getByText("Your messages will be sent then.").waitFor();
  await send(ada, "Too late");
  await ada.getByText("This room's time may be up.").waitFor();
  expect(await ada.getByText("Your messages will be sent then.").count()).toBe(0);
  await ada.context().setOffline(false);
  await ada.getByRole("main").getByText("Time is up: this room has ended.").waitFor();
  await message(ada, "Too late").getByText("The room is closed.").waitFor();
});

test("a room without an end has no countdown, and gets one when its owner sets an end", async () => {
  const { server, siteUrl } = await TestStage.start();
  const ada = await openPage("Ada", { siteUrl, path });
  await composer(ada).waitFor();
  expect(await timer(ada).count()).toBe(0);
  server.changeRules("r", { endsAt: server.now + 48 * HOUR });
  await expect.poll(() => timer(ada).textContent()).toMatch(/^Ends in 2 days/);
});

test.each([
  ["closed", "This room was closed."],
  ["expired", "Time is up: this room has ended."],
  ["idle", "This room has ended: nobody wrote for 24 hours."],
  ["ownerAway", "This room has ended: its owner was away."],
] as const)("a room that ends with the reason %s says why, and its log stays readable", async (reason, text) => {
  const { server, ada } = await endingRoom(2 * MINUTE);
  server.say("r", "Still here");
  await message(ada, "Still here").waitFor();
  server.broadcast({ type: "left", room: "r", reason });
  await ada.getByRole("main").getByText(text).waitFor();
  await ada.getByRole("status").getByText(text).waitFor();
  await message(ada, "Still here").waitFor();
  expect(await composer(ada).count()).toBe(0);
  expect(await timer(ada).count()).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await ada.getByRole("link", { name: "New room" }).waitFor();
  const yours = await ada.evaluate(() => localStorage.getItem("parlor.recent.r"));
  expect(yours).toBeNull();
});
