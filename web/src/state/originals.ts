// The messages that others answer, in their current state: from the log or, if it is not loaded that far, read one by one.
import { computed, effect, signal } from "@preact/signals";
import type { Position, Room, RoomMessage } from "../../../client/src/index.ts";
import { epoch, hasOlder, messages } from "./joined-room.ts";
import { roomView } from "./room-view.ts";

/** `null`: the number holds no message. */
type Original = RoomMessage | null;

const loaded = computed(() => new Map(messages.value.map((message) => [message.seq, message])));

/** What was read, by room, epoch and number. */
const found = signal<ReadonlyMap<string, Original>>(new Map());
const asked = new Set<string>();
/** Settles once everything that was asked for is read. */
let reading: Promise<unknown> = Promise.resolve();

/** Undefined until it is read. */
export function originalOf(room: Room, position: Position): Original | undefined {
  if (position.epoch !== epoch.value) return null;
  const isLoaded = !hasOlder.value || position.seq >= (messages.value[0]?.seq ?? Number.POSITIVE_INFINITY);
  return loaded.value.get(position.seq) ?? (isLoaded ? null : found.value.get(key(room, position)));
}

/** Reads a message, once. Tries again only after a failure. */
export function readOriginal(room: Room, position: Position): void {
  const name = key(room, position);
  if (asked.has(name)) return;
  asked.add(name);
  // One after the other: the rate of frames is limited.
  reading = reading
    .then(() => room.messageAt(position))
    .then(
      (message) => set(name, message ?? null),
      () => asked.delete(name),
    );
}

/** Keeps what was read up to date. */
effect(() => {
  const view = roomView.value;
  return view.stage === "joined" ? track(view.room) : undefined;
});

function track(room: Room): () => void {
  const stops = [
    room.on("changed", ({ epoch, of, message }) => {
      const name = key(room, { epoch, seq: of });
      const known = found.peek().get(name);
      if (!known || !message) return;
      const { text, deletedAt } = message;
      set(name, { ...known, text, ...(deletedAt !== undefined && { deletedAt }) });
    }),
    // Changes may be among what was missed.
    room.on("discontinuity", forgetAll),
    forgetAll,
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function forgetAll(): void {
  asked.clear();
  found.value = new Map();
}

function set(name: string, original: Original): void {
  found.value = new Map(found.peek()).set(name, original);
}

function key({ id }: Room, { epoch, seq }: Position): string {
  return `${id} ${epoch} ${seq}`;
}
