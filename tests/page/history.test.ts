// A long conversation: it opens at its end, older messages come while one scrolls up, and the reader's place is kept.
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { ParlorClient, type WebSocketConstructor } from "../../client/src/index.ts";
import { person, useChromium } from "./support/chromium.ts";
import { log, makeRoom, message, say } from "./support/room.ts";
import { stack } from "./support/stack.ts";

useChromium();

test("scrolling up loads older messages without moving what one reads", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  await talkALot(path, 120);
  await message(ada, "Message 120").waitFor();
  await ada.reload();
  await message(ada, "Message 120").waitFor();
  expect(await message(ada, "Message 70").count()).toBe(0);

  // The end of a message, because its beginning may lose the author's name to the message before it.
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
  await ada.getByText("begins.").waitFor();
});

test("what is said while one reads above waits behind a button", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  await talkALot(path, 40);
  await message(ada, "Message 40").waitFor();
  await log(ada).evaluate((element) => element.scrollTo({ top: 0 }));
  await ada.getByRole("button", { name: "Newest" }).waitFor();
  const bo = await person("Bo", { path });
  await say(bo, "Down here");
  await ada.getByRole("button", { name: "1 new message" }).click();
  await ada.getByRole("button", { name: "1 new message" }).waitFor({ state: "detached" });
  const end = () => log(ada).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await expect.poll(end).toBeLessThan(2);
});

async function talkALot(path: string, amount: number): Promise<void> {
  const client = new ParlorClient({ ...stack, WebSocket: WebSocket as WebSocketConstructor });
  const room = await client.join(path.split("/").at(-1) ?? "", { name: "Chatterbox" });
  for (let number = 1; number <= amount; number++) room.send(`Message ${number}`);
  await new Promise<void>((resolve) => {
    room.on("change", () => {
      if (room.messages.every(({ status }) => status === "sent")) resolve();
    });
  });
  client.close();
}
