// Long histories: the log opens at its end, and scrolling up loads older messages without moving what is visible.
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { ParlorClient, type WebSocketConstructor } from "../../client/src/index.ts";
import { addresses } from "../support/addresses.ts";
import { roomIdOf } from "./support/api.ts";
import { openPage, useBrowser } from "./support/browser.ts";
import { createRoom, log, message, send } from "./support/room.ts";

useBrowser();

test("scrolling up loads older messages without moving what is visible", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  await sendMany(path, 120);
  await message(ada, "Message 120").waitFor();
  await ada.reload();
  await message(ada, "Message 120").waitFor();
  expect(await message(ada, "Message 70").count()).toBe(0);

  // Measures the end of a message: its beginning may lose the author's name to the message before it.
  const end = await log(ada).evaluate((element) => {
    element.scrollTop = 300;
    return element.querySelector("li.message")?.getBoundingClientRect().bottom ?? 0;
  });
  await message(ada, "Message 70").waitFor({ state: "attached" });
  const after = await message(ada, "Message 71").evaluate((element) => element.getBoundingClientRect().bottom);
  expect(Math.abs(after - end)).toBeLessThan(2);

  await expect
    .poll(async () => {
      await log(ada).evaluate((element) => element.scrollTo({ top: 0 }));
      return await message(ada, "Message 1").count();
    })
    .toBe(1);
  await ada.getByText("This is the beginning of").waitFor();
});

test("messages that arrive while the log is scrolled up are counted on a button that leads to them", async () => {
  const ada = await openPage("Ada");
  const path = await createRoom(ada);
  await sendMany(path, 40);
  await message(ada, "Message 40").waitFor();
  await log(ada).evaluate((element) => element.scrollTo({ top: 0 }));
  await ada.getByRole("button", { name: "Jump to latest" }).waitFor();
  const bo = await openPage("Bo", { path });
  await send(bo, "Down here");
  await ada.getByRole("button", { name: "1 new message" }).click();
  await ada.getByRole("button", { name: "1 new message" }).waitFor({ state: "detached" });
  const end = () => log(ada).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await expect.poll(end).toBeLessThan(2);
});

async function sendMany(path: string, count: number): Promise<void> {
  const client = new ParlorClient({ ...addresses, WebSocket: WebSocket as WebSocketConstructor });
  const room = await client.join(roomIdOf(path), { name: "Sender" });
  for (let n = 1; n <= count; n++) room.send(`Message ${n}`);
  await new Promise<void>((resolve) => {
    room.on("change", () => {
      if (room.messages.every(({ status }) => status === "sent")) resolve();
    });
  });
  client.close();
}
