// Refused input is explained at its field, in the page's own words, and never stored.
import { readFileSync } from "node:fs";
import type { Page, WebSocketRoute } from "playwright-core";
import { expect, test } from "vitest";
import { openPage, secondTab, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, log, message, people, send } from "./support/room.ts";

useBrowser();

const nameField = (page: Page) => page.getByRole("textbox", { name: "Your name" });
const stored = (page: Page) => page.evaluate(() => localStorage.getItem("parlor.name"));

test("a refused name is explained at its field and not stored, and a valid name then joins", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  const bo = await openPage(undefined, { path });
  for (const [name, problem] of [
    ["Bot", "reserved"],
    ["Admin", "reserved"],
    ["★ Paｒlor ★", "reserved"],
    ["Bo\u200Bx", "invisible characters"],
    ["Bo\u2800x", "invisible characters"],
    ["x".repeat(33), "The limit is 32"],
    [" ", "Enter a name"],
    ["\u2800", "Enter a name"],
  ] as const) {
    await nameField(bo).fill(name);
    await bo.getByRole("button", { name: "Join room" }).click();
    await bo.getByText(problem).waitFor();
    expect(await nameField(bo).inputValue()).toBe(name);
    expect(await nameField(bo).getAttribute("aria-invalid")).toBe("true");
    expect(await stored(bo)).toBeNull();
    await bo.reload();
  }
  await nameField(bo).fill("Bo");
  await bo.getByRole("button", { name: "Join room" }).click();
  await composer(bo).waitFor();
  expect(await stored(bo)).toBe('"Bo"');
  await bo.getByRole("button", { name: "Change your name" }).click();
  await nameField(bo).fill("System");
  await bo.getByRole("button", { name: "Save" }).click();
  await bo.getByRole("dialog").getByText("reserved").waitFor();
  expect(await stored(bo)).toBe('"Bo"');
});

test("a person whose stored name is now refused can choose another and join", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada, { name: "Tea time" });
  await ada.evaluate(() => localStorage.setItem("parlor.name", JSON.stringify("Admin")));
  await ada.reload();
  await ada.getByText("This name is reserved").waitFor();
  expect(await nameField(ada).inputValue()).toBe("Admin");
  expect(await ada.getByText("Room not found").count()).toBe(0);
  await nameField(ada).fill("Ada");
  await ada.getByRole("button", { name: "Join room" }).click();
  await people(ada).filter({ hasText: "Ada" }).waitFor();

  const bo = await openPage(undefined);
  await bo.evaluate(() => localStorage.setItem("parlor.name", JSON.stringify("Admin")));
  await bo.reload();
  await bo.getByRole("button", { name: "Create room" }).click();
  await bo.getByText("This name is reserved").waitFor();
  await nameField(bo).fill("Bo");
  await bo.getByRole("button", { name: "Join room" }).click();
  await composer(bo).waitFor();
  const other = await secondTab(bo);
  await other.goto(other.url().replace(/#.*/, path.slice(1)));
  await people(other).filter({ hasText: "Bo" }).waitFor();
});

test("a refused room name is explained at its field", async () => {
  const ada = await openPage("Ada");
  await ada.getByLabel("Room name").fill("Tea\u200Btime");
  await ada.getByRole("button", { name: "Create room" }).click();
  await ada.getByText("invisible characters").waitFor();
  await expect.poll(() => ada.getByLabel("Room name").evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await ada.getByLabel("Room name").getAttribute("aria-invalid")).toBe("true");
});

test("the page never shows the server's own words for an error, whatever the code and action", async () => {
  const RAW = "raw words of the server";
  const codes = errorCodes();
  const aboutRoom = ["notJoined", "roomClosed", "roomNotFound"];
  /** The client keeps trying to join after these. */
  const retriedJoins = ["rateLimited", "connectionExpired"];
  /** The form before the room explains these. */
  const askedAgain = ["invalidField", "nameTaken", "passRequired", "roomFull"];
  const ada = await openPage("Ada");
  await ada.addInitScript((raw) => {
    new MutationObserver(() => {
      if (document.body?.textContent?.includes(raw)) sessionStorage.setItem("sawRaw", "yes");
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  }, RAW);
  /** The action to refuse, and the code to refuse it with. */
  let refusing: { action: string; code: string } | undefined;
  await ada.routeWebSocket(/.*/, (socket: WebSocketRoute) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const { action, id } = JSON.parse(String(data));
      if (refusing === undefined || action !== refusing.action) return server.send(data);
      socket.send(JSON.stringify({ type: "error", code: refusing.code, message: RAW, retryable: false, id }));
    });
  });
  await ada.route(/\/api\/rooms$/, (route) =>
    refusing?.action === "create"
      ? route.fulfill({ status: 400, json: { code: refusing.code, detail: RAW } })
      : route.continue(),
  );

  await ada.reload();
  for (const code of codes.filter((code) => code !== "unauthorized")) {
    refusing = { action: "create", code };
    await ada.getByRole("button", { name: "Create room" }).click();
    await ada.locator(".room-form .problem").waitFor();
    await ada.reload();
  }
  refusing = undefined;
  await createRoom(ada);
  await send(ada, "Hello");
  await message(ada, "Hello").getByText("Sent", { exact: true }).waitFor();
  for (const code of codes.filter((code) => !aboutRoom.includes(code))) {
    refusing = { action: "send", code };
    await send(ada, code);
    // That is no failure.
    const shown = code === "held" ? "Waiting for a moderator." : "Not sent.";
    await message(ada, code).getByText(shown).waitFor();
    await message(ada, code).getByRole("button", { name: "Discard" }).click();
    for (const action of ["edit", "react"]) {
      refusing = { action, code };
      await chooseAction(message(ada, "Hello"), action === "edit" ? "Edit" : "React");
      if (action === "edit") {
        await ada.getByRole("textbox", { name: "Edit message" }).fill("Changed");
        await ada.keyboard.press("Enter");
      } else {
        await ada.getByRole("button", { name: "Party" }).click();
      }
      await log(ada).getByText("Change not saved.").waitFor();
      await ada.getByRole("button", { name: "Dismiss" }).click();
    }
  }
  for (const code of codes.filter((code) => ![...aboutRoom, ...retriedJoins].includes(code))) {
    refusing = { action: "join", code };
    await ada.getByRole("button", { name: "Change your name" }).click();
    await nameField(ada).fill("Ada L");
    await ada.getByRole("button", { name: "Save" }).click();
    await ada.locator("dialog .problem").waitFor();
    await ada.keyboard.press("Escape");
    refusing = undefined;
    await ada.reload();
    await composer(ada).waitFor();
  }
  for (const code of codes.filter((code) => !retriedJoins.includes(code))) {
    refusing = { action: "join", code };
    await ada.reload();
    const refusedJoin = ada
      .getByRole("main")
      .getByRole("heading", { name: /Room not found|room is closed|Couldn't open|You are banned/ });
    await (askedAgain.includes(code) ? nameField(ada) : refusedJoin).waitFor();
  }
  expect(await ada.evaluate(() => sessionStorage.getItem("sawRaw"))).toBeNull();
});

function errorCodes(): string[] {
  const schema = JSON.parse(readFileSync(new URL("../../docs/protocol/schema.json", import.meta.url), "utf8"));
  return schema.$defs.ErrorCode.enum;
}
