// The worked example, next to a stack of its own that trusts it: a shop's customer and the team on Parlor's page.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { instance } from "../../local/instance.ts";
import { freePort } from "../../local/ministack.ts";
import { openPage, useBrowser } from "../page/support/browser.ts";
import { createRoom, message, send } from "../page/support/room.ts";

useBrowser();

let shop: string;
let cloud: LocalCloud;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  shop = `http://localhost:${await freePort()}`;
  const at = { ...instance(await freePort()), issuer: shop, origin: shop };
  cleanups.push(() => rmSync(at.folder, { recursive: true, force: true }));
  cloud = await startLocalCloud(at, () => {});
  cleanups.push(() => cloud.stop());
  await build({ root: "examples/support-widget", logLevel: "warn" });
  const env = { ...process.env, SHOP: shop, PARLOR_API: cloud.apiUrl, PARLOR_WEB_SOCKET: cloud.webSocketUrl };
  const server = spawn(process.execPath, ["--import", "tsx", "examples/support-widget/server.ts"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanups.push(() => server.kill());
  await once(server.stdout, "data");
}, 300_000);

afterAll(async () => {
  for (const undo of cleanups.reverse()) await undo();
});

test("a customer asks in the widget, the team answers on Parlor's page, and a reload keeps the conversation", async () => {
  const team = await openPage("Kim", { siteUrl: cloud.siteUrl });
  await createRoom(team, { name: "Team" });
  await team.getByRole("button", { name: /^You:/ }).click();
  await team.getByRole("textbox", { name: /andle/ }).fill("shop-help");
  await team.getByRole("button", { name: "Claim" }).click();
  await team.getByRole("button", { name: "You: Kim @shop-help" }).waitFor();
  await team.keyboard.press("Escape");

  const customer = await openPage(undefined, { siteUrl: shop });
  await customer.getByText("Sign in first.").waitFor();
  await customer.getByLabel("Name").fill("Ada");
  await customer.getByRole("button", { name: "Sign in" }).click();
  await customer.getByLabel("Message", { exact: true }).fill("Do the boots run small?");
  await customer.getByRole("button", { name: "Send" }).click();

  await team.getByRole("region", { name: "Conversations" }).getByRole("link").filter({ hasText: "Ada" }).click();
  await message(team, "Do the boots run small?").waitFor();
  await send(team, "Take one size up.");
  const shown = () => customer.getByRole("log").getByRole("listitem").allTextContents();
  const both = ["You Do the boots run small?", "Kim Take one size up."];
  await expect.poll(shown).toEqual(both);

  await customer.reload();
  await expect.poll(shown).toEqual(both);
});
