import { afterEach, expect, test, vi } from "vitest";
import { withLock } from "./locks.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const refuse = () => Promise.reject(new DOMException("blocked", "SecurityError"));
const work = vi.fn(async () => "done");

test.each([
  ["there are none", undefined],
  ["they are refused", { request: refuse }],
  [
    "they are refused at once",
    {
      request: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    },
  ],
])("work is done without a lock where %s", async (_, locks) => {
  vi.stubGlobal("navigator", { locks });
  expect(await withLock("x", work)).toBe("done");
});

test("work that fails under a lock is not done again", async () => {
  vi.stubGlobal("navigator", { locks: { request: (_: string, locked: () => Promise<unknown>) => locked() } });
  const failing = vi.fn(refuse);
  await expect(withLock("x", failing)).rejects.toThrow("blocked");
  expect(failing).toHaveBeenCalledOnce();
});
