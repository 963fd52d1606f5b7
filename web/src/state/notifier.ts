// Notifications of mentions, direct messages and rooms of which this person wants to hear everything, while no tab of the page
// is visible. One tab shows them for all.
import { effect } from "@preact/signals";
import type { Conversation, Room, RoomMessage } from "../../../client/src/index.ts";
import { visible } from "../browser/environment.ts";
import { withLock } from "../browser/locks.ts";
import { showNotification } from "../browser/notification.ts";
import { isQuiet } from "../text/quiet-hours.ts";
import { conversationUi, isCollapsed } from "./conversation-ui.ts";
import { notificationSettings } from "./notification-settings.ts";
import { roomHref } from "./route.ts";
import { listedRooms } from "./your-rooms.ts";

/** Older messages, which arrive when this tab comes back from sleep, are only counted. */
const LATEST_MS = 60_000;
/** How much of a message is shown, in UTF-16 code units. */
const MOST_SHOWN = 200;
const VISIBLE_TAB = "parlor.visibleTab";

let isNotifier = false;

export function startNotifier(): void {
  void withLock("notifier", () => {
    isNotifier = true;
    return new Promise(() => {});
  });
  holdWhileVisible();
  let known: ReadonlyMap<string, Conversation> | undefined;
  effect(() => {
    const ui = conversationUi.value;
    if (!ui?.isLoaded.value) return;
    const current = ui.conversations.value;
    // Pages that are loaded later have older messages.
    const newest = Math.max(0, ...[...(known?.values() ?? [])].map(({ activeAt }) => activeAt));
    for (const conversation of known ? current : []) {
      if (conversation.activeAt >= newest) notifyOfConversation(conversation, known?.get(conversation.room));
    }
    known = new Map(current.map((conversation) => [conversation.room, conversation]));
  });
}

export function notifyOfMessage(room: Room, message: RoomMessage): void {
  const { own, from, text, seq, at, mentions, mentionsRoom } = message;
  const listed = listedRooms.peek().find(({ roomId }) => roomId === room.id);
  const isOld = Date.now() + room.clockOffset - at > LATEST_MS;
  if (own || isOld || !listed || listed.isMuted || isCollapsed(room.id, from.userId)) return;
  const isMention = mentionsRoom || mentions.includes(room.you.userId);
  if (isMention || listed.notifiesAll) void notify(room.id, `${from.name} in ${room.name}`, text, seq);
}

function notifyOfConversation(conversation: Conversation, before: Conversation | undefined): void {
  const { room, kind, title, latest, unread, mentions } = conversation;
  const isNew = latest && unread > 0 && latest.seq > (before?.latest?.seq ?? 0);
  if (!isNew || (kind === "group" && mentions <= (before?.mentions ?? 0))) return;
  const { from, text, seq } = latest;
  if (isCollapsed(room, from.userId)) return;
  void notify(room, title === undefined ? from.name : `${from.name} in ${title}`, text, seq);
}

async function notify(roomId: string, title: string, text: string, seq: number | undefined): Promise<void> {
  const { isOn, isSilent, quietHours } = notificationSettings.peek();
  if (!isOn || !isNotifier || (quietHours && isQuiet(quietHours, Date.now())) || (await isAnyTabVisible())) return;
  showNotification(title, {
    body: text.slice(0, MOST_SHOWN),
    // Without locks, several tabs show the same one.
    tag: `${roomId}.${seq}`,
    silent: isSilent,
    href: roomHref(roomId, seq),
  });
}

/** Holds a shared lock while this tab is visible, by which the others know. */
function holdWhileVisible(): void {
  effect(() => {
    if (!visible.value) return;
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    navigator.locks?.request(VISIBLE_TAB, { mode: "shared" }, () => until).catch(() => {});
    return release;
  });
}

async function isAnyTabVisible(): Promise<boolean> {
  if (visible.peek()) return true;
  try {
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name }) => name === VISIBLE_TAB);
  } catch {
    return false;
  }
}
