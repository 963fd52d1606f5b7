import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onStorageChange, recall, remember } from "./storage.ts";

const stored = new Map<string, string>();
let isFull = false;
const events = new EventTarget();

beforeEach(() => {
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (isFull) throw new DOMException("full", "QuotaExceededError");
      stored.set(key, value);
    },
  });
  vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
  vi.stubGlobal("document", new EventTarget());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("what could not be stored lives until another tab stores something else", () => {
  let read: unknown;
  onStorageChange(() => {
    read = recall("name");
  });
  remember("name", "Ada");
  isFull = true;
  remember("name", "Bo");
  expect(recall("name")).toBe("Bo");
  stored.set("parlor.name", '"Cy"');
  events.dispatchEvent(Object.assign(new Event("storage"), { key: "parlor.other" }));
  expect(read).toBe("Bo");
  events.dispatchEvent(Object.assign(new Event("storage"), { key: "parlor.name" }));
  expect(read).toBe("Cy");
  remember("name", "Bo");
  stored.clear();
  events.dispatchEvent(Object.assign(new Event("storage"), { key: null }));
  expect(read).toBeUndefined();
});
