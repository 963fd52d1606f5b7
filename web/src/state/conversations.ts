// This person's conversations as signals, and what they do with them. In a chunk that loads after the page.
import { batch, computed, effect, signal } from "@preact/signals";
import { Conversations } from "../../../client/src/conversations.ts";
import { type Conversation, limits, type NewConversation, newId, type Person } from "../../../client/src/index.ts";
import { loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";
import { client, connection, isConnectedAs } from "./connection.ts";
import { conversationTitles } from "./conversation-name.ts";
import { authenticatedApi, storedSession } from "./identity.ts";
import { account } from "./known-account.ts";
import { roomHref } from "./route.ts";
import { readHere } from "./unread.ts";

export const conversations = signal<readonly Conversation[]>([]);
export const hasMore = signal(false);
export const isLoaded = signal(false);

/** The user ids of the people whom this person blocks. */
export const blockedIds = signal<ReadonlySet<string>>(new Set());

/** Whether the others see up to where this person has read, and this person sees theirs. */
export const sharesReading = signal(true);

/** Unread messages in all conversations that are loaded. */
export const totalUnread = computed(() => conversations.value.reduce((sum, { unread }) => sum + unread, 0));

let store: Promise<Conversations> | undefined;

/** Starts to follow them. A person who is known here connects for it, also in the lobby. */
export function followConversations(): void {
  store ??= follow();
}

async function follow(): Promise<Conversations> {
  const connected = await client();
  const followed = new Conversations(connected, await authenticatedApi());
  const copy = () =>
    batch(() => {
      conversations.value = followed.list;
      conversationTitles.value = new Map(followed.list.map((one) => [one.room, titleOf(one)]));
      hasMore.value = followed.hasMore;
      isLoaded.value = followed.isLoaded;
    });
  followed.on("change", copy);
  const loadSetting = () => {
    sharesReading.value = loadItem("privateReading") !== true;
    followed.sharesReading = sharesReading.value;
  };
  loadSetting();
  onStorageChange(loadSetting);
  // Each place is told once: what was marked as unread afterwards stays unread, also if another tab shows it.
  let told = { roomId: "", seq: 0 };
  effect(() => {
    const { roomId, seq } = readHere.value;
    const known = conversationIn(roomId);
    if (!known || (roomId === told.roomId && seq === told.seq)) return;
    told = { roomId, seq };
    if (seq > known.read) followed.markRead(roomId, seq);
  });
  let accountId = account.peek()?.userId;
  effect(() => {
    const current = account.value?.userId;
    if (current === accountId) return;
    accountId = current;
    if (storedSession()) connected.connect();
    // Whoever was a guest stays the same person.
    if (isConnectedAs(storedSession()?.userId ?? "")) return;
    told = { roomId: "", seq: 0 };
    blockedIds.value = new Set();
    followed.forgetAll();
  });
  effect(() => {
    if (connection.value.state === "open") void loadBlocks();
  });
  let blocksChanged = loadItem("blocksChanged");
  onStorageChange(() => {
    const changed = loadItem("blocksChanged");
    if (changed === blocksChanged) return;
    blocksChanged = changed;
    followed.refresh();
    void loadBlocks();
  });
  if (storedSession()) connected.connect();
  return followed;
}

async function loadBlocks(): Promise<void> {
  const person = storedSession()?.userId;
  try {
    const ids = await (await authenticatedApi()).blocks();
    if (storedSession()?.userId !== person) return;
    // Every message of every room depends on it.
    const known = blockedIds.peek();
    if (ids.length !== known.size || ids.some((id) => !known.has(id))) blockedIds.value = new Set(ids);
  } catch {
    // The next connection asks again.
  }
}

async function following(): Promise<Conversations> {
  followConversations();
  return store as Promise<Conversations>;
}

export function conversationIn(roomId: string): Conversation | undefined {
  return conversations.value.find(({ room }) => room === roomId);
}

/** The other person of a direct conversation. */
export function otherIn(conversation: Conversation): Person | undefined {
  return conversation.kind === "direct" ? conversation.members[1] : undefined;
}

export function titleOf(conversation: Conversation): string {
  return conversation.title ?? otherIn(conversation)?.name ?? "Conversation";
}

/** Whether this person owns the group, and so may delete any message in it. */
export function ownsGroup(roomId: string): boolean {
  const conversation = conversationIn(roomId);
  return conversation?.kind === "group" && conversation.members[0]?.role === "owner";
}

/** Whether a person's messages are collapsed. In a direct conversation they never are: one opens it to read them. */
export function isCollapsed(roomId: string, userId: string): boolean {
  return blockedIds.value.has(userId) && conversationIn(roomId)?.kind !== "direct";
}

/** Loads a conversation that the list does not have, because nothing was sent in it or it is on a later page. */
export async function loadConversation(roomId: string): Promise<void> {
  const all = await following();
  if (!all.get(roomId)) await all.load(roomId);
}

export async function loadMore(): Promise<void> {
  await (await following()).loadMore();
}

export async function loadUnread(): Promise<void> {
  await (await following()).loadUnread();
}

/** Opens the direct conversation with a person. Only one that is not listed needs them online. Rejects with a ParlorError. */
export async function messagePerson(person: string): Promise<void> {
  const listed = conversations.peek().find((conversation) => otherIn(conversation)?.userId === person);
  open(listed ?? (await (await following()).create({ with: person })));
}

/** The group that was asked for and may exist already: trying again must not create another. */
let unfinished: { readonly of: string; readonly id: string } | undefined;

/** Creates a group and opens it. Rejects with a ParlorError. */
export async function createGroup(title: string, members: string[], showsHistory: boolean): Promise<void> {
  const group: NewConversation = { title, members, history: showsHistory ? "all" : "joined" };
  const of = JSON.stringify(group);
  if (unfinished?.of !== of) unfinished = { of, id: newId() };
  open(await (await following()).create({ ...group, id: unfinished.id }));
  unfinished = undefined;
}

function open({ room }: Conversation): void {
  location.hash = roomHref(room);
}

export async function renameGroup(roomId: string, title: string): Promise<void> {
  await (await following()).rename(roomId, title);
}

export async function addPeople(roomId: string, people: string[]): Promise<void> {
  await (await following()).addMembers(roomId, people);
}

/** Removes somebody, or this person, from a group. */
export async function removePerson(roomId: string, userId: string): Promise<void> {
  await (await authenticatedApi()).removeMember(roomId, userId);
}

export async function setBlocked(roomId: string, userId: string, blocked: boolean): Promise<void> {
  await (await following()).setBlocked(roomId, userId, blocked);
  await loadBlocks();
  // Tells the other tabs.
  saveItem("blocksChanged", Date.now());
}

export async function markUnread(roomId: string, seq: number): Promise<void> {
  (await following()).markUnread(roomId, seq);
}

/** Applies to what is read from now on. */
export function setSharesReading(shares: boolean): void {
  if (shares) removeItem("privateReading");
  else saveItem("privateReading", true);
  sharesReading.value = shares;
  void following().then((all) => {
    all.sharesReading = shares;
  });
}

/** Characters of as many handles or user ids with their `@` as a group has members at most. */
export const REFERENCES_LENGTH = 65 * limits.groupMembers;

/** Splits what was typed as people: handles and user ids, separated by commas or spaces. */
export function peopleIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
