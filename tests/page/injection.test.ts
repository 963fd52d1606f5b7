// Nothing that a person writes runs in another's browser, with or without the page's content security policy.
import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { limits } from "../../client/src/index.ts";
import { cleanName, lengthOf } from "../../web/src/text/normalize.ts";
import { askWithRetry } from "../permissions/retry.ts";
import { addresses } from "../support/addresses.ts";
import type { AnyFrame } from "../support/raw-socket.ts";
import { Stage, withRetries } from "../support/stage.ts";
import { openPage, useBrowser } from "./support/browser.ts";
import { payloads, textPayloads } from "./support/payloads.ts";
import { chooseAction, composer, createRoom, log, message, people, send, shownText, texts } from "./support/room.ts";

// Fails the test on a dialog, which a payload opens if it runs, and on a logged policy violation.
useBrowser();

let stage: Stage;
afterEach(() => stage.cleanUp());

const all = [...payloads, ...textPayloads];
const upTo = (limit: number) => payloads.filter((payload) => lengthOf(payload) <= limit);
const names = upTo(limits.personNameLength);
const [name = "", rename = "", bosName = ""] = names;
const [roomName = "", ...roomNames] = upTo(limits.roomNameLength);
const [topic = "", ...topics] = upTo(limits.topicLength).reverse();
const everything = all.join("\n");

for (const [policy, bypassCSP] of [
  ["with the policy", false],
  ["without the policy", true],
] as const) {
  test(`payloads in any field of the page are shown and not run, ${policy}`, async () => {
    stage = new Stage(addresses);
    const ada = await openPage(undefined, { bypassCSP });
    await ada.getByLabel("Room name").fill(roomName);
    await ada.getByLabel("Topic").fill(topic);
    await ada.getByText("Listed for everyone").click();
    await ada.getByRole("button", { name: "Create room" }).click();
    await ada.getByRole("textbox", { name: "Your name" }).fill(name);
    await ada.getByRole("button", { name: "Join room" }).click();
    await composer(ada).waitFor();
    const bo = await openPage(bosName, { bypassCSP, path: new URL(ada.url()).hash });
    await bo.getByRole("heading", { name: roomName, exact: true }).waitFor();
    await people(bo).filter({ hasText: name }).waitFor();
    await send(ada, everything);
    await expect.poll(() => texts(bo)).toEqual([shownText(everything)]);
    await chooseAction(log(ada).locator(".message").last(), "Edit");
    const edited = all.toReversed().join("\n");
    await ada.getByRole("textbox", { name: "Edit message" }).fill(edited);
    await ada.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => texts(bo)).toEqual([shownText(edited)]);
    await ada.getByRole("button", { name: "Change your name" }).click();
    await ada.getByRole("textbox", { name: "Your name" }).fill(rename);
    await ada.getByRole("button", { name: "Save" }).click();
    await people(bo).filter({ hasText: rename }).waitFor();
    for (const page of [ada, bo]) {
      await expectNoInjection(page);
      await expectSafeLinks(page);
    }
    await bo.getByRole("link", { name: "New room" }).click();
    await bo.getByRole("link", { name: roomName }).first().waitFor();
    await expectNoInjection(bo);
  });

  test(`payloads sent without the page are shown and not run, ${policy}`, async () => {
    stage = new Stage(addresses);
    const eve = await stage.guest("Eve");
    const { roomId: room } = await stage.roomOf(eve, { visibility: "public" });
    const bo = await openPage(bosName, { bypassCSP, path: `/#/rooms/${room}` });
    await composer(bo).waitFor();
    let socket = await stage.socket();
    const sent = async (frame: AnyFrame) =>
      expect((await askWithRetry(socket, { room, ...frame })).type).not.toBe("error");
    for (const [at, text] of all.entries()) {
      // A new person continues before one exceeds a rate.
      if (at % 20 === 0) socket = await stage.socket();
      await sent({ action: "join", name: names[at % names.length] });
      await sent({ action: "send", id: `${at}`, text });
    }
    await expect.poll(() => texts(bo)).toEqual(all.map(shownText));
    await expectSafeLinks(bo);
    for (const [at, name] of roomNames.entries()) {
      await withRetries(() => eve.api.updateRoom(room, { name, topic: topics[at % topics.length] ?? "" }));
    }
    await bo.getByRole("heading", { name: cleanName(roomNames.at(-1) ?? ""), exact: true }).waitFor();
    await expectNoInjection(bo);
    await bo.reload();
    await message(bo, shownText(all.at(-1) ?? "")).waitFor();
    await expectNoInjection(bo);
    await bo.getByRole("link", { name: "New room" }).click();
    await bo.getByRole("button", { name: "Create room" }).waitFor();
    await expectNoInjection(bo);
  });

  test(`payloads in the page's address are not run, ${policy}`, async () => {
    stage = new Stage(addresses);
    // Without a name the page requests each room over HTTP, many at once.
    const ada = await openPage(undefined, { bypassCSP });
    for (const payload of all) {
      for (const hash of [`#/rooms/${payload}`, `#/rooms/${encodeURIComponent(payload)}`]) {
        await ada.evaluate((hash) => {
          location.hash = hash;
        }, hash);
      }
    }
    await ada.getByRole("heading", { name: "Page not found" }).waitFor();
    await expectNoInjection(ada);
  });

  test(`payloads in frames from a server that validates nothing are shown and not run, ${policy}`, async () => {
    stage = new Stage(addresses);
    const ada = await openPage("Ada", { bypassCSP });
    const path = await createRoom(ada);
    for (const [at, text] of all.slice(0, 20).entries()) await send(ada, `${at} ${text}`);
    await chooseAction(log(ada).locator(".message").last(), "React");
    await ada.getByRole("button", { name: "Party" }).click();
    const bo = await openPage("Bo", { bypassCSP });
    await bo.routeWebSocket(/./, (route) => {
      const server = route.connectToServer();
      server.onMessage((frame) => route.send(withPayloads(String(frame))));
    });
    await bo.goto(addresses.siteUrl + path);
    await bo.reload();
    await log(bo).getByRole("group", { name: "Reactions" }).waitFor();
    expect(payloads).toContain(
      await log(bo).getByRole("group", { name: "Reactions" }).locator("span").first().innerText(),
    );
    await expectNoInjection(bo);
  });
}

/** Replaces each string of the frame that the page shows by a payload. */
function withPayloads(frame: string): string {
  let at = 0;
  const shown = ["name", "topic", "text", "emoji", "message"];
  return JSON.stringify(
    JSON.parse(frame, (key, value) =>
      shown.includes(key) && typeof value === "string" ? payloads[at++ % payloads.length] : value,
    ),
  );
}

/** Expects that no payload became an element or an event handler. */
async function expectNoInjection(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const injected = [
      "script:not([src^='/assets/'])",
      "link:not([href^='/'])",
      "img:not([src='/favicon.svg'])",
      "meta[http-equiv]",
      "[action], [srcdoc], [href^='javascript:' i], [href^='data:' i]",
      "base, style, iframe, object, embed, video, math, template, svg script, svg animate",
    ];
    const elements = [...document.querySelectorAll(injected.join())];
    const all = [...document.querySelectorAll("*")];
    elements.push(...all.filter((element) => element.getAttributeNames().some((name) => name.startsWith("on"))));
    return elements.map(({ outerHTML }) => outerHTML);
  });
  expect(found).toEqual([]);
}

/** Expects that links lead only to http, https and mailto, and reveal nothing to the other site. */
async function expectSafeLinks(page: Page): Promise<void> {
  const found = await log(page)
    .locator("a")
    .evaluateAll((links) =>
      (links as HTMLAnchorElement[]).map(({ protocol, rel, target }) => `${protocol} ${rel} ${target}`),
    );
  const safe = ["http:", "https:", "mailto:"].map((protocol) => `${protocol} noopener noreferrer nofollow _blank`);
  expect([...new Set(found)].sort()).toEqual(safe);
}
