// Conversations: messaging people wherever they are, groups that change live, what is read across tabs, and blocking.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Conversation } from "../../client/src/index.ts";
import { addresses } from "../support/addresses.ts";
import { violations } from "./support/accessibility.ts";
import { callApi, roomIdOf, storedUserId } from "./support/api.ts";
import { openPage, phone, secondTab, setHidden, useBrowser } from "./support/browser.ts";
import { chooseAction, composer, createRoom, goToLobby, log, message, people, send, texts } from "./support/room.ts";

useBrowser();

const conversations = (page: Page) => page.getByRole("region", { name: "Conversations" });

const conversation = (page: Page, title: string) => conversations(page).getByRole("link").filter({ hasText: title });

const lines = (page: Page) =>
  conversations(page)
    .getByRole("link")
    .evaluateAll((links) =>
      links.map((link) =>
        [".nav-name", ".conversation-latest", ".unread-count"]
          .flatMap((part) => link.querySelector(part)?.textContent?.trim() ?? [])
          .join(" | "),
      ),
    );

/** Opens a room with these people in it. Returns their pages. */
async function inOneRoom(...names: string[]): Promise<Page[]> {
  const [first = "", ...others] = names;
  const one = await openPage(first);
  const path = await createRoom(one, { name: "Square" });
  const pages = await Promise.all(others.map((name) => openPage(name, { path })));
  await Promise.all(pages.map((page) => composer(page).waitFor()));
  await one.getByRole("heading", { name: `${names.length} people here` }).waitFor();
  return [one, ...pages];
}

async function messageFromRoom(page: Page, name: string): Promise<void> {
  await people(page)
    .getByRole("button", { name: `Message ${name}` })
    .click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

async function startGroup(page: Page, title: string, members: Page[]): Promise<void> {
  await conversations(page).getByRole("button", { name: "New conversation" }).click();
  const dialog = page.getByRole("dialog", { name: "New conversation" });
  await dialog.getByText("A group").click();
  await dialog.getByRole("textbox", { name: "Title" }).fill(title);
  const ids = await Promise.all(members.map(storedUserId));
  await dialog.getByRole("textbox", { name: "People" }).fill(ids.join(", "));
  await dialog.getByRole("button", { name: "Create group" }).click();
  await page.getByRole("heading", { name: title, level: 1 }).waitFor();
}

test("two people message each other: one from the people of a room, the other wherever they are", async () => {
  const [ada, bob] = (await inOneRoom("Ada", "Bob")) as [Page, Page];
  await messageFromRoom(ada, "Bob");
  await log(ada).getByText("Only its members can read what is written here.").waitFor();
  await ada.getByText("Online", { exact: true }).waitFor();
  await send(ada, "Hello, Bob");
  await conversation(bob, "Ada").waitFor();
  expect(await lines(bob)).toEqual(["Ada | Hello, Bob | 1 unread"]);
  await expect.poll(() => bob.title()).toBe("(1) Square · Parlor");
  expect(await violations(bob)).toEqual([]);
  await bob.goto(`${addresses.siteUrl}/#/`);
  await send(ada, "Are you there?");
  await expect.poll(() => lines(bob)).toEqual(["Ada | Are you there? | 2 unread"]);
  expect(await violations(bob)).toEqual([]);

  await conversation(bob, "Ada").click();
  await expect.poll(() => texts(bob)).toEqual(["Hello, Bob", "Are you there?"]);
  await expect.poll(() => lines(bob)).toEqual(["Ada | Are you there?"]);
  await expect.poll(() => bob.title()).toBe("Ada · Parlor");
  await message(ada, "Are you there?").getByText("Seen", { exact: true }).waitFor();
  await composer(bob).pressSequentially("Y");
  await ada.getByText("Bob is typing").waitFor();
  await send(bob, "Yes");
  await message(ada, "Yes").waitFor();
  await expect.poll(() => lines(ada)).toEqual(["Bob | Yes"]);
  expect(await violations(ada)).toEqual([]);
  await ada.reload();
  await expect.poll(() => texts(ada)).toEqual(["Hello, Bob", "Are you there?", "Yes"]);
  await expect.poll(() => lines(ada)).toEqual(["Bob | Yes"]);
});

test("whoever creates a room before they choose a name has the chosen one in conversations", async () => {
  const ada = await openPage(undefined);
  await ada.getByLabel("Room name").fill("Square");
  await ada.getByRole("button", { name: "Create room" }).click();
  await ada.getByLabel("Your name").waitFor();
  // From now on, the page knows a guest with the suggested name. It connects as them, then loads their conversations.
  await ada.reload();
  await conversations(ada).getByText("No conversations yet.").waitFor();
  await ada.getByLabel("Your name").fill("Ada");
  await ada.getByRole("button", { name: "Join room" }).click();
  await composer(ada).waitFor();
  const { pathname, hash } = new URL(ada.url());
  const bob = await openPage("Bob", { path: pathname + hash });
  await composer(bob).waitFor();
  await messageFromRoom(bob, "Ada");
  await send(bob, "Hello, Ada");
  await conversation(ada, "Bob").click();
  await ada.getByRole("heading", { name: "Bob", level: 1 }).waitFor();
  await send(ada, "Hello, Bob");
  await expect.poll(() => lines(bob)).toEqual(["Ada | Hello, Bob"]);
});

test("three tabs agree on what is read, also when it is marked as unread", async () => {
  const [ada, bob] = (await inOneRoom("Ada", "Bob")) as [Page, Page];
  const [second, third] = [await secondTab(bob), await secondTab(bob)];
  await messageFromRoom(ada, "Bob");
  for (const text of ["One", "Two", "Three"]) await send(ada, text);
  for (const tab of [bob, second, third]) {
    await expect.poll(() => lines(tab)).toEqual(["Ada | Three | 3 unread"]);
  }
  await setHidden(bob, true);
  await setHidden(second, true);
  await conversation(bob, "Ada").click();
  await expect.poll(() => texts(bob)).toEqual(["One", "Two", "Three"]);
  await conversation(second, "Ada").click();
  await expect.poll(() => texts(second)).toEqual(["One", "Two", "Three"]);
  expect(await lines(third)).toEqual(["Ada | Three | 3 unread"]);
  await setHidden(bob, false);
  await setHidden(second, false);
  for (const tab of [bob, second, third]) await expect.poll(() => lines(tab)).toEqual(["Ada | Three"]);
  await chooseAction(message(second, "Two"), "Mark as unread");
  for (const tab of [bob, second, third]) await expect.poll(() => lines(tab)).toEqual(["Ada | Three | 2 unread"]);
  // What a tab did before it wrote has reached the server before Ada sees that Bob writes.
  for (const tab of [bob, second]) {
    await composer(tab).pressSequentially("Y");
    await ada.getByText("Bob is typing").waitFor();
    await composer(tab).fill("");
    await ada.getByText("Bob is typing").waitFor({ state: "detached" });
  }
  for (const tab of [bob, second, third]) expect(await lines(tab)).toEqual(["Ada | Three | 2 unread"]);
  await conversations(third).getByRole("button", { name: "Unread" }).click();
  await conversation(third, "Ada").click();
  for (const tab of [bob, second]) await expect.poll(() => lines(tab)).toEqual(["Ada | Three"]);
  // What is read stays in the filtered list while the pointer is over it.
  await expect.poll(() => lines(third)).toEqual(["Ada | Three"]);
  await third.mouse.move(700, 400);
  await conversations(third).getByText("No unread conversations.").waitFor();
});

test("a group comes and goes live: added, renamed, removed, left", async () => {
  const [ada, bob, cleo] = (await inOneRoom("Ada", "Bob", "Cleo")) as [Page, Page, Page];
  await startGroup(ada, "Picnic", [bob]);
  await send(ada, "Saturday?");
  await expect.poll(() => lines(bob)).toEqual(["Picnic | Ada: Saturday? | 1 unread"]);
  expect(await conversation(cleo, "Picnic").count()).toBe(0);
  await conversation(bob, "Picnic").click();
  await message(ada, "Saturday?").getByText("Seen by Bob").waitFor();
  await bob.getByRole("textbox", { name: "Add people" }).fill(await storedUserId(cleo));
  await bob.getByRole("button", { name: "Add", exact: true }).click();
  await conversation(cleo, "Picnic").click();
  await log(cleo).getByText("Bob added Cleo").waitFor();
  expect(await texts(cleo)).toEqual([]);
  await send(cleo, "Sunday!");
  await message(ada, "Sunday!").waitFor();
  await cleo.getByRole("textbox", { name: "Title" }).fill("Picnic on Sunday");
  await cleo.getByRole("button", { name: "Rename" }).click();
  await ada.getByRole("heading", { name: "Picnic on Sunday", level: 1 }).waitFor();
  expect(await violations(ada)).toEqual([]);

  await people(ada).getByRole("button", { name: "Remove Cleo" }).click();
  await cleo.getByRole("strong").getByText("You are no longer a member of this conversation.").waitFor();
  await expect.poll(() => conversation(cleo, "Picnic").count()).toBe(0);
  await send(ada, "Only we two");
  await message(bob, "Only we two").waitFor();
  expect(await texts(cleo)).toEqual(["Sunday!"]);
  await cleo.reload();
  await cleo.getByRole("heading", { name: "Conversation not found" }).waitFor();
  await bob.getByRole("button", { name: "Leave group" }).click();
  await bob.getByRole("button", { name: "Leave group" }).click();
  await log(ada).getByText("Bob left").waitFor();
  await expect.poll(() => people(ada).count()).toBe(1);
});

test("the messages of a blocked person are collapsed, and theirs to the blocking one are refused", async () => {
  const [ada, bob] = (await inOneRoom("Ada", "Bob")) as [Page, Page];
  const other = await secondTab(ada);
  await send(bob, "In the square");
  await message(other, "In the square").waitFor();
  await messageFromRoom(ada, "Bob");
  await send(ada, "Stop it");
  await conversation(bob, "Ada").click();
  await ada.getByRole("button", { name: "Block Bob" }).click();
  await ada.getByRole("button", { name: "Unblock Bob" }).waitFor();
  await log(other).getByText("Blocked message").waitFor();
  const yours = ada.getByRole("region", { name: "Your rooms" });
  await yours.getByText("2 people here").waitFor();
  await send(bob, "No");
  await message(bob, "No").getByText("This person does not accept messages from you.").waitFor();
  await ada.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "Square" }).click();
  await log(ada).getByText("Blocked message").waitFor();
  expect(await log(ada).getByText("In the square").count()).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await log(ada).getByRole("button", { name: "Show" }).click();
  await message(ada, "In the square").waitFor();
  await conversation(ada, "Bob").click();
  await ada.getByRole("button", { name: "Unblock Bob" }).click();
  await ada.getByRole("button", { name: "Block Bob", exact: true }).waitFor();
  await bob.getByRole("button", { name: "Discard: No" }).click();
  await send(bob, "Sorry");
  await message(ada, "Sorry").waitFor();
});

test("receipts are private if that is set, and the list keeps its order under the pointer", async () => {
  const [ada, bob, cleo] = (await inOneRoom("Ada", "Bob", "Cleo")) as [Page, Page, Page];
  await messageFromRoom(bob, "Ada");
  await send(bob, "From Bob");
  await messageFromRoom(cleo, "Ada");
  await send(cleo, "From Cleo");
  await expect.poll(() => lines(ada)).toEqual(["Cleo | From Cleo | 1 unread", "Bob | From Bob | 1 unread"]);
  await conversation(ada, "Cleo").hover();
  await send(bob, "Again");
  await expect.poll(() => lines(ada)).toEqual(["Cleo | From Cleo | 1 unread", "Bob | Again | 2 unread"]);
  await ada.mouse.move(700, 400);
  await expect.poll(() => lines(ada)).toEqual(["Bob | Again | 2 unread", "Cleo | From Cleo | 1 unread"]);
  await conversation(ada, "Cleo").click();
  await message(cleo, "From Cleo").getByText("Seen", { exact: true }).waitFor();
  await ada.getByRole("checkbox", { name: "Read receipts" }).uncheck();
  await conversation(ada, "Bob").click();
  await expect.poll(() => lines(ada)).toEqual(["Bob | Again", "Cleo | From Cleo"]);
  await send(ada, "Hi");
  await message(bob, "Hi").waitFor();
  const described = (page: Page) =>
    callApi<Conversation>(page, "GET", `/conversations/${roomIdOf(new URL(bob.url()).hash)}`);
  await expect.poll(async () => (await described(ada)).read).toBe(3);
  await send(ada, "You there?");
  await message(bob, "You there?").waitFor();
  const adaToBob = (await described(bob)).members.find(({ name }) => name === "Ada");
  expect([adaToBob?.name, adaToBob?.read]).toEqual(["Ada", undefined]);
  expect(await log(bob).getByText("Seen", { exact: true }).count()).toBe(0);
});

test("a conversation whose other parts do not arrive has a title and a way to other rooms, and can be written in", async () => {
  const [ada, bob] = (await inOneRoom("Ada", "Bob")) as [Page, Page];
  await messageFromRoom(ada, "Bob");
  await ada.route("**/conversations-*.js", (route) => route.abort());
  await ada.reload();
  await ada.getByRole("heading", { name: "Conversation", level: 1 }).waitFor();
  await send(ada, "Hello");
  await expect.poll(() => lines(bob)).toEqual(["Ada | Hello | 1 unread"]);
  expect(await ada.getByRole("complementary").count()).toBe(0);
  expect(await violations(ada)).toEqual([]);
  await ada.setViewportSize({ width: 390, height: 844 });
  await ada.getByRole("button", { name: "Rooms" }).click();
  await ada.getByRole("dialog", { name: "Rooms" }).getByRole("link", { name: "Square" }).click();
  await ada.getByRole("heading", { name: "Square", level: 1 }).waitFor();
});

test("on a phone, conversations are in the lobby and their members in a drawer; refusals say what is wrong", async () => {
  const [ada, bob] = (await inOneRoom("Ada", "Bob")) as [Page, Page];
  await messageFromRoom(ada, "Bob");
  await send(ada, "Hello");
  const cleo = await openPage("Cleo", phone);
  await createRoom(cleo);
  await goToLobby(cleo);
  await conversations(cleo).getByText("No conversations yet.").waitFor();
  await conversations(cleo).getByRole("button", { name: "New conversation" }).tap();
  const dialog = cleo.getByRole("dialog", { name: "New conversation" });
  await dialog.getByRole("textbox", { name: "Person" }).fill("nobody");
  await dialog.getByRole("button", { name: "Start" }).tap();
  await dialog.getByText("Nobody has this handle or ID, or they are offline.").waitFor();
  expect(await violations(cleo)).toEqual([]);
  await dialog.getByRole("textbox", { name: "Person" }).fill(await storedUserId(bob));
  await dialog.getByRole("button", { name: "Start" }).tap();
  await send(cleo, "Hi from the phone");
  await expect.poll(() => lines(bob)).toContain("Cleo | Hi from the phone | 1 unread");
  await cleo.getByRole("button", { name: "Show 2 members" }).tap();
  await cleo.getByRole("dialog", { name: "2 members" }).getByRole("list").getByText("Bob").waitFor();
  expect(await violations(cleo)).toEqual([]);
  await cleo.getByRole("button", { name: "Close" }).tap();
  await send(ada, "Still there?");
  await goToLobby(cleo);
  await cleo.getByRole("button", { name: "Create room" }).waitFor();
});
