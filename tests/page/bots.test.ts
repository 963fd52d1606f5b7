// Bots on the page: the owner allows one, people mention it, and everything it says is marked.
import { expect, test } from "vitest";
import { httpRequest } from "../support/http.ts";
import { violations } from "./support/accessibility.ts";
import { openPage, phone, useBrowser } from "./support/browser.ts";
import { composer, createRoom, log, openDetails, send } from "./support/room.ts";

useBrowser();

/** Of the stage `local`. */
const bot = { name: "Concierge" };

test("the owner allows a bot, people mention it, and its messages are marked as a bot's until it is removed", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  const ben = await openPage("Ben", { path });
  await composer(ben).waitFor();
  const details = await openDetails(ada);
  await details.getByRole("button", { name: `Allow ${bot.name}` }).click();
  await details.getByRole("button", { name: `Remove ${bot.name}` }).waitFor();
  await details.locator(".person", { hasText: bot.name }).locator(".tag", { hasText: /^Bot$/ }).waitFor();
  expect(await violations(ada)).toEqual([]);
  await ada.keyboard.press("Escape");
  await log(ben).getByText(`Ada added the bot ${bot.name}`).waitFor();

  await composer(ben).pressSequentially("@con");
  await ben.getByRole("option", { name: bot.name }).click();
  await composer(ben).pressSequentially("hello");
  await composer(ben).press("Enter");
  for (const page of [ada, ben]) {
    const answer = log(page)
      .locator(".message.other", { hasText: bot.name })
      .filter({ hasText: /Ask me|I can tell/ });
    await answer.locator(".tag", { hasText: /^Bot$/ }).waitFor();
  }
  expect(await violations(ben)).toEqual([]);

  const again = await openDetails(ada);
  await again.getByRole("button", { name: `Remove ${bot.name}` }).click();
  await again.getByRole("button", { name: `Allow ${bot.name}` }).waitFor();
  await log(ben).getByText(`Ada removed the bot ${bot.name}`).waitFor();
});

for (const [device, options] of [
  ["wide", {}],
  ["phone", phone],
] as const) {
  test(`the owner makes a webhook, and a program writes with the command that the page shows (${device})`, async () => {
    const ada = await openPage("Ada", options);
    await createRoom(ada);
    const details = await openDetails(ada);
    await details.getByRole("button", { name: "Add a webhook" }).click();
    const dialog = ada.getByRole("dialog", { name: "Add a webhook" });
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("Enter a name.").waitFor();
    await dialog.getByLabel("The program's name").fill("Concierge");
    await ada.keyboard.press("Enter");
    await dialog.getByText("looks like another bot's here").waitFor();
    await dialog.getByLabel("The program's name").fill("Build server");
    await ada.keyboard.press("Enter");
    const command = await dialog.locator("pre").innerText();
    expect(await violations(ada)).toEqual([]);
    expect(await ada.evaluate(() => document.body.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const [, url = "", secret = ""] = command.match(/^curl (\S+) -H 'Authorization: Bearer (\w+)' --json/) ?? [];
    const headers = { authorization: `Bearer ${secret}` };
    const { status } = await httpRequest(url, { method: "POST", headers, body: { text: "Build 7 passed" } });
    expect(status).toBe(201);
    await ada.keyboard.press("Escape");
    await details.getByRole("button", { name: "Remove Build server" }).waitFor();
    expect(await details.getByRole("button", { name: "Message Build server" }).count()).toBe(0);
    expect(await violations(ada)).toEqual([]);
    await details.getByRole("button", { name: "Remove Build server" }).click();
    await details.getByRole("button", { name: "Remove Build server" }).waitFor({ state: "detached" });
    await ada.keyboard.press("Escape");
    const message = log(ada).locator(".message.other", { hasText: "Build 7 passed" });
    await message.locator(".tag", { hasText: /^Bot$/ }).waitFor();
    await log(ada).getByText("added the bot Build server").waitFor();
  });
}

for (const [device, options] of [
  ["wide", {}],
  ["phone", phone],
] as const) {
  test(`a webhook with an address: everyone sees where messages go, and a moderator mutes it (${device})`, async () => {
    const ada = await openPage("Ada", options);
    const path = await createRoom(ada);
    const details = await openDetails(ada);
    await details.getByRole("button", { name: "Add a webhook" }).click();
    const dialog = ada.getByRole("dialog", { name: "Add a webhook" });
    await dialog.getByLabel("The program's name").fill("Echo");
    const address = dialog.getByLabel("Send it what people write here");
    await address.fill("http://10.0.0.1/");
    await ada.keyboard.press("Enter");
    await dialog.getByText("Enter an address on the Internet").waitFor();
    expect(await violations(ada)).toEqual([]);
    await address.fill("http://127.0.0.1:9/told");
    await ada.keyboard.press("Enter");
    await dialog.getByText(/^whsec_/).waitFor();
    expect(await violations(ada)).toEqual([]);
    expect(await ada.evaluate(() => document.body.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await ada.keyboard.press("Escape");
    await details.getByText("What people write here also goes to Echo, a program at 127.0.0.1.").waitFor();
    const ben = await openPage("Ben", { path });
    await log(ben).getByText("added the bot Echo, and what people write here from now on goes to 127.0.0.1").waitFor();
    const seen = await openDetails(ben);
    await seen.getByText("What people write here also goes to Echo").waitFor();
    expect(await seen.getByRole("button", { name: "Moderate Echo" }).count()).toBe(0);
    await details.getByRole("button", { name: "Moderate Echo" }).click();
    await ada.getByRole("menuitem", { name: "Mute…" }).click();
    await ada.getByRole("dialog", { name: /Mute/ }).getByRole("button", { name: "Mute", exact: true }).click();
    await log(ben).getByText("muted Echo").waitFor();
  });
}

test("a direct conversation with a bot is marked, too, and fits a phone", async () => {
  const ada = await openPage("Ada", phone);
  await createRoom(ada);
  const details = await openDetails(ada);
  await details.getByRole("button", { name: `Allow ${bot.name}` }).tap();
  await details.getByRole("button", { name: `Message ${bot.name}` }).tap();
  await ada.getByRole("heading", { name: bot.name, level: 1 }).waitFor();
  await send(ada, "Wi-Fi?");
  const answer = log(ada).locator(".message.other", { hasText: "It needs no password" });
  await answer.locator(".tag", { hasText: /^Bot$/ }).waitFor();
  expect(await ada.evaluate(() => document.body.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(await violations(ada)).toEqual([]);
});
