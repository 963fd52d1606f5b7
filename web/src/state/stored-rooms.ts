// A list of rooms in localStorage, newest first, with one storage key per room.
import { type ReadonlySignal, signal } from "@preact/signals";
import { itemKeys, loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";

interface StoredRoom {
  roomId: string;
}

interface StoredRooms<Room extends StoredRoom> {
  readonly rooms: ReadonlySignal<readonly Room[]>;
  /** Adds the room, or moves it to the front, and drops the oldest ones beyond the maximum. */
  add(room: Room): void;
  remove(roomId: string): void;
}

export function storedRooms<Room extends StoredRoom>(name: string, maximum: number): StoredRooms<Room> {
  /** `order` is a counter and not a time: a wrong clock must not drop a room. */
  type Entry = Room & { order: number };
  const entries = () =>
    itemKeys(`${name}.`)
      .flatMap((roomId) => loadItem<Entry>(`${name}.${roomId}`) ?? [])
      .sort((one, other) => other.order - one.order);
  const rooms = signal<readonly Room[]>(entries());
  const reload = () => {
    const current = entries();
    if (JSON.stringify(current) !== JSON.stringify(rooms.peek())) rooms.value = current;
  };
  onStorageChange(reload);
  return {
    rooms,
    add(room) {
      const all = entries();
      const others = all.filter(({ roomId }) => roomId !== room.roomId);
      saveItem(`${name}.${room.roomId}`, { ...room, order: (all[0]?.order ?? 0) + 1 });
      for (const { roomId } of others.slice(maximum - 1)) removeItem(`${name}.${roomId}`);
      reload();
    },
    remove(roomId) {
      removeItem(`${name}.${roomId}`);
      reload();
    },
  };
}
