// Messages that the server has not confirmed. They are stored in IndexedDB, so they survive leaving the room, reloading
// and closing the tab. Every tab shows them; outbox-sender.ts decides which tab sends them.
import { batch, signal } from "@preact/signals";
import { createStore, del, set, values } from "idb-keyval";
import type { ParlorErrorCode, Person, Room, RoomMessage, SendOptions } from "../../../client/src/index.ts";
import { newId, ParlorError } from "../../../client/src/index.ts";
import { onStorageChange } from "../browser/storage.ts";
import { count } from "../text/count.ts";
import { sendErrorText } from "../text/error-text.ts";
import { announce, type Summary } from "./announcer.ts";

/** What a message says besides its text. */
export type Extras = Pick<SendOptions, "replyTo" | "mentions" | "mentionsRoom">;

export interface OutboxEntry extends Extras {
  /** The message's idempotency key: to the server, in one epoch of a room, the same id from the same person is the same message. */
  readonly id: string;
  readonly roomId: string;
  readonly roomName: string;
  readonly from: Person;
  readonly text: string;
  /** By this machine's clock, in milliseconds since 1970. */
  readonly at: number;
  /** Sort key: `at`, but always above the entries before it, even if the clock was set back. */
  readonly order: number;
  /** When it was first sent; from then on the server may have it. Absent if it was never sent. */
  readonly triedAt?: number;
  /** Why it failed. It is not sent again until the person asks. */
  readonly problem?: ParlorErrorCode;
  /** What a moderator or a reviewer says about it. */
  readonly explanation?: string | undefined;
}

/** All entries, by `order`. */
export const outbox = signal<readonly OutboxEntry[]>([]);

/** False without a working database, as in some private windows: entries then last only as long as this tab. */
export const outboxIsDurable = signal(true);

/** A database that does not answer must not keep messages from being sent. */
const DATABASE_TIMEOUT_MS = 2000;

const database = createStore("parlor", "outbox");
const otherTabs = openChannel();
const failures: Summary = (amount) => `${count(amount, "message")} not sent`;

/** The id of the entry last added in this tab. */
export let lastEnqueuedId: string | undefined;

/** Ids of entries that only this tab has, because the database refused them. */
const unstored = new Set<string>();
/** Counts this tab's changes of the outbox. */
let revision = 0;

/** Keeps `outbox` in step with the database, which other tabs write too. */
export function syncOutbox(): void {
  otherTabs?.addEventListener("message", () => void reloadOutbox());
  onStorageChange(() => void reloadOutbox());
  void reloadOutbox();
}

export async function reloadOutbox(): Promise<void> {
  let stored: OutboxEntry[];
  let before: number;
  do {
    before = revision;
    let reading: Promise<OutboxEntry[]> | undefined;
    try {
      reading = values<OutboxEntry>(database);
      stored = await withTimeout(reading);
    } catch {
      outboxIsDurable.value = false;
      // If the database is only slow, its entries appear when it answers.
      void reading?.then(reloadOutbox, () => {});
      return;
    }
    // If this tab changed the outbox meanwhile, what was read may be out of date.
  } while (before !== revision);
  outboxIsDurable.value = unstored.size === 0;
  const onlyHere = outbox.peek().filter(({ id }) => unstored.has(id));
  show([...stored.filter(({ id }) => !unstored.has(id)), ...onlyHere]);
}

export function outboxEntries(roomId: string): OutboxEntry[] {
  return outbox.value.filter((entry) => entry.roomId === roomId);
}

/**
 * Adds a message of the person whom the room shows. If their identity has changed meanwhile, the message is not sent until
 * they ask for it.
 */
export function enqueue(room: Room, text: string, extras: Extras = {}): void {
  add(room.id, room.name, room.you, text, extras);
}

/**
 * Sends the text again under a new id, because whether the server has the failed message is unknown. If what it answers is
 * gone, it answers nothing.
 */
export function resend(id: string, from: Person): void {
  const entry = outbox.peek().find((entry) => entry.id === id);
  if (!entry) return;
  // Adds before it discards: if the tab closes in between, no text is lost.
  batch(() => {
    const { replyTo, ...mentions } = extrasOf(entry);
    const reply = replyTo && entry.problem !== "messageNotFound" && { replyTo };
    add(entry.roomId, entry.roomName, from, entry.text, { ...reply, ...mentions });
    discard(id);
  });
}

export function discard(id: string): void {
  revision++;
  show(outbox.peek().filter((entry) => entry.id !== id));
  unstored.delete(id);
  void write(id, () => del(id, database));
}

export function markFailed(entry: OutboxEntry, problem: ParlorErrorCode, explanation?: string): void {
  announce(`Not sent. ${sendErrorText(toError(problem))}`, failures);
  void put({ ...entry, problem, explanation });
}

/** A moderator has rejected a held message. */
export function markRejected(id: string, { code, explanation }: ParlorError): void {
  const entry = outbox.peek().find((entry) => entry.id === id && entry.problem === "held");
  if (entry) markFailed(entry, code, explanation);
}

/** Records that the server may have the message from now on. Await it before sending. */
export async function markTried(entry: OutboxEntry): Promise<void> {
  await withTimeout(put({ ...entry, triedAt: Date.now() })).catch(() => {});
}

const roomMessages = new WeakMap<OutboxEntry, RoomMessage>();

/** Returns the entry as a message of the room's log; the same object for the same entry. */
export function toRoomMessage(entry: OutboxEntry): RoomMessage {
  const { id, from, text, at, problem, explanation, mentions = [], mentionsRoom = false } = entry;
  const status = problem
    ? ({ status: "failed", error: toError(problem, explanation) } as const)
    : ({ status: "pending" } as const);
  const extras = { ...extrasOf(entry), mentions, mentionsRoom };
  const message = roomMessages.get(entry) ?? { id, from, text, at, ...extras, own: true, reactions: [], ...status };
  roomMessages.set(entry, message);
  return message;
}

export function extrasOf({ replyTo, mentions, mentionsRoom }: Extras): Extras {
  return { ...(replyTo && { replyTo }), ...(mentions && { mentions }), ...(mentionsRoom && { mentionsRoom }) };
}

function add(roomId: string, roomName: string, from: Person, text: string, extras: Extras): void {
  const at = Date.now();
  const order = Math.max(at, ...outbox.peek().map((entry) => entry.order + 1));
  lastEnqueuedId = newId();
  void put({ id: lastEnqueuedId, roomId, roomName, from, text, at, order, ...extras });
}

/** Resolves once the database has stored or refused the entry. */
function put(entry: OutboxEntry): Promise<void> {
  revision++;
  show([...outbox.peek().filter(({ id }) => id !== entry.id), entry]);
  return write(entry.id, () => set(entry.id, entry, database));
}

async function write(id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    unstored.delete(id);
    otherTabs?.postMessage(undefined);
  } catch {
    outboxIsDurable.value = false;
    if (outbox.peek().some((entry) => entry.id === id)) unstored.add(id);
  }
}

function show(entries: OutboxEntry[]): void {
  outbox.value = entries.sort((one, other) => one.order - other.order);
}

function withTimeout<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(reject, DATABASE_TIMEOUT_MS);
    work.then(resolve, reject);
  });
}

/** Undefined if the browser refuses a channel, as it does when site data is blocked. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel("parlor.outbox");
  } catch {
    return undefined;
  }
}

function toError(problem: ParlorErrorCode, explanation?: string): ParlorError {
  return new ParlorError(problem, problem, false, undefined, explanation === undefined ? {} : { explanation });
}
