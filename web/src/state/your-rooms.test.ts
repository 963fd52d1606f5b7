import { expect, test, vi } from "vitest";

vi.hoisted(() => {
  const stored = new Map<string, string>();
  const localStorage = new Proxy(
    {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    },
    {
      ownKeys: () => [...stored.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  );
  const document = { addEventListener: () => {}, hidden: false };
  Object.assign(globalThis, { addEventListener: () => {}, document, localStorage });
});

const { MOST_ROOMS, removeYourRoom, restoreYourRoom, updateYourRoom, visitRoom, yourRooms } = await import(
  "./your-rooms.ts"
);
const { moveTo, placeIn } = await import("./places.ts");

const ids = () => yourRooms.value.map(({ roomId }) => roomId);

test("rooms keep the order in which they were first opened, pinned ones first; a room comes back to its place", () => {
  for (const id of ["a", "b", "c", "a"]) visitRoom(id, `Room ${id}`);
  expect(ids()).toEqual(["a", "b", "c"]);
  updateYourRoom("c", { isPinned: true });
  expect(ids()).toEqual(["c", "a", "b"]);
  const left = removeYourRoom("a");
  expect(ids()).toEqual(["c", "b"]);
  if (left) restoreYourRoom(left);
  expect(ids()).toEqual(["c", "a", "b"]);
  updateYourRoom("gone", { name: "Nothing" });
  expect(ids()).toEqual(["c", "a", "b"]);
});

test("of too many rooms, the one that was not opened for longest goes, but no pinned one", () => {
  visitRoom("a", "Room a");
  for (let n = 0; n < MOST_ROOMS - 3; n++) visitRoom(`n${n}`, `Room ${n}`);
  expect(ids()).toHaveLength(MOST_ROOMS);
  visitRoom("new", "Room new");
  expect(ids()).toHaveLength(MOST_ROOMS);
  expect(ids().slice(0, 2)).toEqual(["c", "a"]);
  expect(ids()).not.toContain("b");
  expect(ids().at(-1)).toBe("new");
});

test("a place only moves forward, unless the log or the person is another one", () => {
  const at = (seq: number, epoch = "e1", userId = "ada") => moveTo("r", { epoch, seq, userId });
  at(5);
  at(3);
  expect(placeIn("r", "ada")?.seq).toBe(5);
  expect(placeIn("r", "bo")).toBe(undefined);
  at(1, "e2");
  expect(placeIn("r", "ada")).toMatchObject({ epoch: "e2", seq: 1 });
  at(0, "e2", "bo");
  expect(placeIn("r", "bo")?.seq).toBe(0);
});
