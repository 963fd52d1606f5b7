// The connection breaks: the page says so, keeps what is written, and comes back with everything.
import { expect, test } from "vitest";
import { person, useChromium } from "./support/chromium.ts";
import { composer, makeRoom, message, say, texts } from "./support/room.ts";

useChromium();

test("offline shows a banner, and back online nothing is missing, doubled or out of order", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  const bo = await person("Bo", { path });
  await say(bo, "Before");
  await message(ada, "Before").waitFor();

  await ada.context().setOffline(true);
  await ada.getByRole("button", { name: "Try now" }).waitFor();
  for (const text of ["One", "Two", "Three"]) await say(bo, text);
  await message(bo, "Three").getByText("Sent").waitFor();
  await say(ada, "Meanwhile");
  await message(ada, "Meanwhile").getByText("Sending…").waitFor();

  await ada.context().setOffline(false);
  await ada.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
  await message(ada, "Meanwhile").getByText("Sent").waitFor();
  await message(bo, "Meanwhile").waitFor();
  expect(await texts(ada)).toEqual(["Before", "One", "Two", "Three", "Meanwhile"]);
  expect(await texts(bo)).toEqual(await texts(ada));
});

test("a guest token that the server refuses is replaced by a new one", async () => {
  const ada = await person("Ada");
  const path = await makeRoom(ada);
  await ada.evaluate(() => {
    const session = { token: "stale", userId: "nobody", name: "Ada", expiresAt: Date.now() + 1e9 };
    localStorage.setItem("parlor.session", JSON.stringify(session));
  });
  await ada.reload();
  await composer(ada).waitFor();
  await say(ada, "Still here");
  await message(ada, "Still here").getByText("Sent").waitFor();
  expect(ada.url()).toContain(path);
});
