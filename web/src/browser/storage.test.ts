import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closeStorage, loadItem, onStorageChange, saveItem } from "./storage.ts";

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

test("a value that could not be stored lasts until another tab changes that key", () => {
  let read: unknown;
  onStorageChange(() => {
    read = loadItem("name");
  });
  saveItem("name", "Ada");
  isFull = true;
  saveItem("name", "Bo");
  expect(loadItem("name")).toBe("Bo");
  stored.set("parlor.name", '"Cy"');
  events.dispatchEvent(Object.assign(new Event("storage"), { key: "parlor.other" }));
  expect(read).toBe("Bo");
  events.dispatchEvent(Object.assign(new Event("storage"), { key: "parlor.name" }));
  expect(read).toBe("Cy");
  saveItem("name", "Bo");
  stored.clear();
  events.dispatchEvent(Object.assign(new Event("storage"), { key: null }));
  expect(read).toBeUndefined();
});

test("a tab whose storage is closed stores nothing more", () => {
  isFull = false;
  saveItem("name", "Ada");
  closeStorage();
  saveItem("name", "Bo");
  expect(loadItem("name")).toBe("Ada");
});
