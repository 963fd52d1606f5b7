// One small value per room in localStorage. Beyond a maximum, the rooms that were stored first are forgotten.
import { itemKeys, loadItem, removeItem, saveItem } from "../browser/storage.ts";

interface RoomStore<Value> {
  load(roomId: string): Value | undefined;
  all(): ReadonlyMap<string, Value>;
  save(roomId: string, value: Value): void;
  remove(roomId: string): void;
}

export function roomStore<Value>(name: string, maximum: number): RoomStore<Value> {
  /** `order` is a counter and not a time: a wrong clock must not drop a room. */
  type Entry = { value: Value; order: number };
  const find = (roomId: string) => loadItem<Entry>(`${name}.${roomId}`);
  const remove = (roomId: string) => removeItem(`${name}.${roomId}`);

  /** Makes room for one more. Returns its place in the order. */
  function nextOrder(): number {
    const stored = itemKeys(`${name}.`)
      .map((roomId) => ({ roomId, order: find(roomId)?.order ?? 0 }))
      .sort((one, other) => other.order - one.order);
    for (const { roomId } of stored.slice(maximum - 1)) remove(roomId);
    return (stored[0]?.order ?? 0) + 1;
  }

  return {
    load: (roomId) => find(roomId)?.value,
    all() {
      const entries = itemKeys(`${name}.`).map((roomId) => [roomId, find(roomId)?.value] as const);
      return new Map(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
    },
    save(roomId, value) {
      saveItem(`${name}.${roomId}`, { value, order: find(roomId)?.order ?? nextOrder() });
    },
    remove,
  };
}
