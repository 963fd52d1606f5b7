// What one has said and the server has not confirmed, in this browser's database: a message survives leaving the room,
// reloading and closing the tab. Every tab shows it; which one sends it, delivery.ts decides.
import { signal } from "@preact/signals";
import { createStore, del, set, values } from "idb-keyval";
import type { ParlorErrorCode, Person, Room, RoomMessage } from "../../../client/src/index.ts";
import { ParlorError } from "../../../client/src/index.ts";
import { onStorageChange } from "./storage.ts";

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
const otherTabs = new BroadcastChannel("parlor.outbox");

/** The id of what was last said in this tab. */
export let lastSaid: string | undefined;

/** Known only to this tab, for the database has refused them. */
const unstored = new Set<string>();
let changes = 0;

export function followOutbox(): void {
  otherTabs.addEventListener("message", () => void readOutbox());
  onStorageChange(() => void readOutbox());
  void readOutbox();
}

/** Learns what other tabs have added and sent. */
export async function readOutbox(): Promise<void> {
  let stored: Unsent[];
  let before: number;
  do {
    before = changes;
    try {
      stored = await inTime(values<Unsent>(inStore));
    } catch {
      outboxLasts.value = false;
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
  discard(id);
  add(message.roomId, message.roomName, from, message.text);
}

export function discard(id: string): void {
  changes++;
  show(outbox.peek().filter((message) => message.id !== id));
  unstored.delete(id);
  void store(id, () => del(id, inStore));
}

export function setProblem(message: Unsent, problem: ParlorErrorCode): void {
  put({ ...message, problem });
}

const shown = new WeakMap<Unsent, RoomMessage>();

/** As a room's log shows it; the same object for the same state. */
export function asRoomMessage(message: Unsent): RoomMessage {
  const { id, from, text, at, problem } = message;
  const about = { id, from, text, at, own: true, reactions: [] };
  const known = shown.get(message) ?? {
    ...about,
    ...(problem ? { status: "failed", error: new ParlorError(problem, problem, false) } : { status: "pending" }),
  };
  shown.set(message, known);
  return known;
}

function add(roomId: string, roomName: string, from: Person, text: string): void {
  const at = Date.now();
  const order = Math.max(at, ...outbox.peek().map((message) => message.order + 1));
  lastSaid = newId();
  put({ id: lastSaid, roomId, roomName, from, text, at, order });
}

function put(message: Unsent): void {
  changes++;
  show([...outbox.peek().filter(({ id }) => id !== message.id), message]);
  void store(message.id, () => set(message.id, message, inStore));
}

async function store(id: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
    unstored.delete(id);
    otherTabs.postMessage(undefined);
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

/** `crypto.randomUUID` would need a secure context. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
