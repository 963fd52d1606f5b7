import { expect, test } from "vitest";
import { roomStore } from "./room-store.ts";

test("a value is kept per room and name until it is removed", () => {
  const [one, other] = [roomStore<string>("one", 5), roomStore<string>("other", 5)];
  one.save("a", "first");
  one.save("a", "second");
  expect([one.load("a"), one.load("b"), other.load("a")]).toEqual(["second", undefined, undefined]);
  one.remove("a");
  expect(one.load("a")).toBeUndefined();
});

test("beyond the maximum, the rooms that were stored first are forgotten", () => {
  const store = roomStore<number>("many", 3);
  for (let n = 1; n <= 5; n++) store.save(`room${n}`, n);
  store.save("room3", 33);
  expect([1, 2, 3, 4, 5].map((n) => store.load(`room${n}`))).toEqual([undefined, undefined, 33, 4, 5]);
});
