import { afterEach, expect, test, vi } from "vitest";
import { withLock } from "./locks.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const refuse = () => Promise.reject(new DOMException("blocked", "SecurityError"));
const work = vi.fn(async () => "done");

test.each([
  ["are unavailable", undefined],
  ["reject", { request: refuse }],
  [
    "throw",
    {
      request: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    },
  ],
])("work runs without a lock when locks %s", async (_, locks) => {
  vi.stubGlobal("navigator", { locks });
  expect(await withLock("x", work)).toBe("done");
});

test("work that fails under a lock does not run again", async () => {
  vi.stubGlobal("navigator", { locks: { request: (_: string, locked: () => Promise<unknown>) => locked() } });
  const failing = vi.fn(refuse);
  await expect(withLock("x", failing)).rejects.toThrow("blocked");
  expect(failing).toHaveBeenCalledOnce();
});
