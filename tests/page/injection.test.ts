// Nothing that somebody writes runs in anybody's browser, with the page's content security policy and without it.
import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import {
  cleanName,
  lengthOf,
  PERSON_NAME_LENGTH,
  ROOM_NAME_LENGTH,
  TOPIC_LENGTH,
} from "../../web/src/text/normalize.ts";
import { askWithRetry } from "../permissions/retry.ts";
import type { AnyFrame } from "../support/raw-socket.ts";
import { Stage, withRetries } from "../support/stage.ts";
import { person, useChromium } from "./support/chromium.ts";
import { payloads, textPayloads } from "./support/payloads.ts";
import { act, composer, log, makeRoom, message, people, say, texts } from "./support/room.ts";
import { stack } from "./support/stack.ts";

// Whatever runs opens a dialog, and whatever the policy keeps from running is logged: both fail the test there.
useChromium();

let stage: Stage;
afterEach(() => stage.cleanUp());

const all = [...payloads, ...textPayloads];
const upTo = (limit: number) => payloads.filter((payload) => lengthOf(payload) <= limit);
const names = upTo(PERSON_NAME_LENGTH);
const [name = "", rename = "", bosName = ""] = names;
const [roomName = "", ...roomNames] = upTo(ROOM_NAME_LENGTH);
const [topic = "", ...topics] = upTo(TOPIC_LENGTH).reverse();
const everything = all.join("\n");

for (const [policy, bypassCSP] of [
  ["with the policy", false],
  ["without the policy", true],
] as const) {
  test(`what a person writes into any field is shown and not run, ${policy}`, async () => {
    stage = new Stage(stack);
    const ada = await person(undefined, { bypassCSP });
    await ada.getByLabel("Room name").fill(roomName);
    await ada.getByLabel("Topic").fill(topic);
    await ada.getByText("Everybody sees it in the list").click();
    await ada.getByRole("button", { name: "Make a room" }).click();
    await ada.getByRole("textbox", { name: "Your name" }).fill(name);
    await ada.getByRole("button", { name: "Join the room" }).click();
    await composer(ada).waitFor();
    const bo = await person(bosName, { bypassCSP, path: new URL(ada.url()).hash });
    await bo.getByRole("heading", { name: roomName, exact: true }).waitFor();
    await people(bo).filter({ hasText: name }).waitFor();
    await say(ada, everything);
    await expect.poll(() => texts(bo)).toEqual([everything]);
    await act(log(ada).getByRole("listitem").last(), "Edit");
    const edited = all.toReversed().join("\n");
    await ada.getByRole("textbox", { name: "Edit message" }).fill(edited);
    await ada.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => texts(bo)).toEqual([edited]);
    await ada.getByRole("button", { name: "Change your name" }).click();
    await ada.getByRole("textbox", { name: "Your name" }).fill(rename);
    await ada.getByRole("button", { name: "Save" }).click();
    await people(bo).filter({ hasText: rename }).waitFor();
    for (const page of [ada, bo]) {
      await expectUnharmed(page);
      await expectSafeLinks(page);
    }
    await bo.getByRole("link", { name: "New room" }).click();
    await bo.getByRole("link", { name: roomName }).first().waitFor();
    await expectUnharmed(bo);
  });

  test(`what somebody sends who has no page is shown and not run, ${policy}`, async () => {
    stage = new Stage(stack);
    const eve = await stage.guest("Eve");
    const { roomId: room } = await stage.roomOf(eve, { visibility: "public" });
    const bo = await person(bosName, { bypassCSP, path: `/#/rooms/${room}` });
    await composer(bo).waitFor();
    let socket = await stage.socket();
    const sent = async (frame: AnyFrame) =>
      expect((await askWithRetry(socket, { room, ...frame })).type).not.toBe("error");
    for (const [at, text] of all.entries()) {
      // Somebody else goes on before it is too much for one.
      if (at % 20 === 0) socket = await stage.socket();
      await sent({ action: "join", name: names[at % names.length] });
      await sent({ action: "send", id: `${at}`, text });
    }
    await expect.poll(() => texts(bo)).toEqual(all);
    await expectSafeLinks(bo);
    for (const [at, name] of roomNames.entries()) {
      await withRetries(() => eve.api.updateRoom(room, { name, topic: topics[at % topics.length] ?? "" }));
    }
    await bo.getByRole("heading", { name: cleanName(roomNames.at(-1) ?? ""), exact: true }).waitFor();
    await expectUnharmed(bo);
    await bo.reload();
    await message(bo, all.at(-1) ?? "").waitFor();
    await expectUnharmed(bo);
    await bo.getByRole("link", { name: "New room" }).click();
    await bo.getByRole("button", { name: "Make a room" }).waitFor();
    await expectUnharmed(bo);
  });

  test(`an address that names no room is shown and not run, ${policy}`, async () => {
    stage = new Stage(stack);
    // Without a name the page asks for the room by HTTP, and for many at once.
    const ada = await person(undefined, { bypassCSP });
    for (const payload of all) {
      for (const hash of [`#/rooms/${payload}`, `#/rooms/${encodeURIComponent(payload)}`]) {
        await ada.evaluate((hash) => {
          location.hash = hash;
        }, hash);
      }
    }
    await ada.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    await expectUnharmed(ada);
  });

  test(`what a server says that checks nothing is shown and not run, ${policy}`, async () => {
    stage = new Stage(stack);
    const ada = await person("Ada", { bypassCSP });
    const path = await makeRoom(ada);
    for (const [at, text] of all.slice(0, 20).entries()) await say(ada, `${at} ${text}`);
    await act(log(ada).getByRole("listitem").last(), "React");
    await ada.getByRole("button", { name: "Party" }).click();
    const bo = await person("Bo", { bypassCSP });
    await bo.routeWebSocket(/./, (route) => {
      const server = route.connectToServer();
      server.onMessage((frame) => route.send(poisoned(String(frame))));
    });
    await bo.goto(stack.siteUrl + path);
    await bo.reload();
    await log(bo).getByRole("group", { name: "Reactions" }).waitFor();
    expect(payloads).toContain(
      await log(bo).getByRole("group", { name: "Reactions" }).locator("span").first().innerText(),
    );
    await expectUnharmed(bo);
  });
}

/** The frame with another payload for each string that is shown. */
function poisoned(frame: string): string {
  let at = 0;
  const shown = ["name", "topic", "text", "emoji", "message"];
  return JSON.stringify(
    JSON.parse(frame, (key, value) =>
      shown.includes(key) && typeof value === "string" ? payloads[at++ % payloads.length] : value,
    ),
  );
}

/** Of what was written, nothing became an element or a handler. */
async function expectUnharmed(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const alien = [
      "script:not([src^='/assets/'])",
      "link:not([href^='/'])",
      "img:not([src='/favicon.svg'])",
      "meta[http-equiv]",
      "[action], [srcdoc], [href^='javascript:' i], [href^='data:' i]",
      "base, style, iframe, object, embed, video, math, template, svg script, svg animate",
    ];
    const elements = [...document.querySelectorAll(alien.join())];
    const all = [...document.querySelectorAll("*")];
    elements.push(...all.filter((element) => element.getAttributeNames().some((name) => name.startsWith("on"))));
    return elements.map(({ outerHTML }) => outerHTML);
  });
  expect(found).toEqual([]);
}

/** What was written links to other sites in three ways, and tells them nothing. */
async function expectSafeLinks(page: Page): Promise<void> {
  const found = await log(page)
    .locator("a")
    .evaluateAll((links) =>
      (links as HTMLAnchorElement[]).map(({ protocol, rel, target }) => `${protocol} ${rel} ${target}`),
    );
  const safe = ["http:", "https:", "mailto:"].map((protocol) => `${protocol} noopener noreferrer nofollow _blank`);
  expect([...new Set(found)].sort()).toEqual(safe);
}
