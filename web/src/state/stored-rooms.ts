// A list of rooms in which each has a storage key of its own, newest first.
import { type ReadonlySignal, signal } from "@preact/signals";
import { forget, keysAfter, onStorageChange, recall, remember } from "../browser/storage.ts";

interface StoredRoom {
  roomId: string;
}

interface StoredList<Room extends StoredRoom> {
  readonly rooms: ReadonlySignal<readonly Room[]>;
  /** Puts the room first. */
  put(room: Room): void;
  remove(roomId: string): void;
}

export function storedList<Room extends StoredRoom>(name: string, kept: number): StoredList<Room> {
  /** A count, not a time: clocks are wrong, and a room must not be dropped for that. */
  type Entry = Room & { order: number };
  const entries = () =>
    keysAfter(`${name}.`)
      .flatMap((roomId) => recall<Entry>(`${name}.${roomId}`) ?? [])
      .sort((one, other) => other.order - one.order);
  const rooms = signal<readonly Room[]>(entries());
  const read = () => {
    const now = entries();
    if (JSON.stringify(now) !== JSON.stringify(rooms.peek())) rooms.value = now;
  };
  onStorageChange(read);
  return {
    rooms,
    put(room) {
      const [newest, ...rest] = entries();
      const others = newest ? [newest, ...rest].filter(({ roomId }) => roomId !== room.roomId) : [];
      remember(`${name}.${room.roomId}`, { ...room, order: (newest?.order ?? 0) + 1 });
      for (const { roomId } of others.slice(kept - 1)) forget(`${name}.${roomId}`);
      read();
    },
    remove(roomId) {
      forget(`${name}.${roomId}`);
      read();
    },
  };
}
