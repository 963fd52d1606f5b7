// What one has said and the server has not confirmed, in this browser's database: a message survives leaving the room,
// reloading and closing the tab. Every tab shows it; which one sends it, delivery.ts decides.
import { batch, signal } from "@preact/signals";
import { createStore, del, set, values } from "idb-keyval";
import type { ParlorErrorCode, Person, Room, RoomMessage } from "../../../client/src/index.ts";
import { newId, ParlorError } from "../../../client/src/index.ts";
import { onStorageChange } from "../browser/storage.ts";
import { count } from "../text/count.ts";
import { refusedText } from "../text/error-text.ts";
import { announce, type Summary } from "./announcer.ts";

export interface Unsent {
  /** The message's own id: to the server, the same id from the same person is the same message. */
  readonly id: string;
  readonly roomId: string;
  readonly roomName: string;
  readonly from: Person;
  readonly text: string;
  /** By this machine's clock, in milliseconds since 1970. */
  readonly at: number;
  /** The time, but later than that of what is here already, even if the clock was set back. */
  readonly order: number;
  /** When the server may have got it first; absent if it was never sent. */
  readonly triedAt?: number;
  /** Why it is not sent until the person asks for it again. */
  readonly problem?: ParlorErrorCode;
}

/** In the order in which they were said. */
export const outbox = signal<readonly Unsent[]>([]);

/** False where the browser has no database, as in some private windows: messages then wait only as long as the tab lives. */
export const outboxLasts = signal(true);

/** A database that does not answer must not keep anything from being sent. */
const PATIENCE_MS = 2000;

const inStore = createStore("parlor", "outbox");
const otherTabs = channel();
const failures: Summary = (amount) => `${count(amount, "message")} not sent`;

/** The id of what was last said in this tab. */
export let lastSaid: string | undefined;

/** Known only to this tab, for the database has refused them. */
const unstored = new Set<string>();
let changes = 0;

export function followOutbox(): void {
  otherTabs?.addEventListener("message", () => void readOutbox());
  onStorageChange(() => void readOutbox());
  void readOutbox();
}

/** Learns what other tabs have added and sent. */
export async function readOutbox(): Promise<void> {
  let stored: Unsent[];
  let before: number;
  do {
    before = changes;
    let reading: Promise<Unsent[]> | undefined;
    try {
      reading = values<Unsent>(inStore);
      stored = await inTime(reading);
    } catch {
      outboxLasts.value = false;
      // If it was only slow, what it has is not lost.
      void reading?.then(readOutbox, () => {});
      return;
    }
    // What was read is older than what this tab did meanwhile.
  } while (before !== changes);
  outboxLasts.value = unstored.size === 0;
  const here = outbox.peek().filter(({ id }) => unstored.has(id));
  show([...stored.filter(({ id }) => !unstored.has(id)), ...here]);
}

export function unsentIn(roomId: string): Unsent[] {
  return outbox.value.filter((message) => message.roomId === roomId);
}

export function say(room: Room, text: string): void {
  add(room.id, room.name, room.you, text);
}

/** Says it again, as a new message: nobody knows whether the former one has arrived. */
export function sayAgain(id: string, from: Person): void {
  const message = outbox.peek().find((message) => message.id === id);
  if (!message) return;
  // In this order, for the tab may end between the two.
  batch(() => {
    add(message.roomId, message.roomName, from, message.text);
    discard(id);
  });
}

export function discard(id: string): void {
  changes++;
  show(outbox.peek().filter((message) => message.id !== id));
  unstored.delete(id);
  void store(id, () => del(id, inStore));
}

export function setProblem(message: Unsent, problem: ParlorErrorCode): void {
  announce(`Not sent. ${refusedText(asError(problem))}`, failures);
  void put({ ...message, problem });
}

/** Notes that the server may have it from now on. To be awaited before it is sent. */
export async function setTried(message: Unsent): Promise<void> {
  await inTime(put({ ...message, triedAt: Date.now() })).catch(() => {});
}

const shown = new WeakMap<Unsent, RoomMessage>();

/** As a room's log shows it; the same object for the same state. */
export function asRoomMessage(message: Unsent): RoomMessage {
  const { id, from, text, at, problem } = message;
  const about = { id, from, text, at, own: true, reactions: [] };
  const known = shown.get(message) ?? {
    ...about,
    ...(problem ? { status: "failed", error: asError(problem) } : { status: "pending" }),
  };
  shown.set(message, known);
  return known;
}

function add(roomId: string, roomName: string, from: Person, text: string): void {
  const at = Date.now();
  const order = Math.max(at, ...outbox.peek().map((message) => message.order + 1));
  lastSaid = newId();
  void put({ id: lastSaid, roomId, roomName, from, text, at, order });
}

/** Resolves when the database has it, or has refused it. */
function put(message: Unsent): Promise<void> {
  changes++;
  show([...outbox.peek().filter(({ id }) => id !== message.id), message]);
  return store(message.id, () => set(message.id, message, inStore));
}

async function store(id: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
    unstored.delete(id);
    otherTabs?.postMessage(undefined);
  } catch {
    outboxLasts.value = false;
    if (outbox.peek().some((message) => message.id === id)) unstored.add(id);
  }
}

function show(messages: Unsent[]): void {
  outbox.value = messages.sort((one, other) => one.order - other.order);
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE_MS);
    work.then(resolve, reject);
  });
}

/** Undefined where the browser refuses it, as where site data is blocked. */
function channel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel("parlor.outbox");
  } catch {
    return undefined;
  }
}

function asError(problem: ParlorErrorCode): ParlorError {
  return new ParlorError(problem, problem, false);
}
