// Items of which only one is a stop of the Tab key; the arrow keys go from one to another.

/** Makes one of the items the tab stop. */
export function setTabStop(items: Iterable<HTMLElement>, stop: HTMLElement): void {
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}

/** Returns the item that a key leads to from `current`, if it is a key for that. */
export function nextItem(
  items: readonly HTMLElement[],
  current: HTMLElement | undefined,
  key: string,
): HTMLElement | undefined {
  const at = current ? items.indexOf(current) : -1;
  if (key === "ArrowDown") return items[Math.min(items.length - 1, at + 1)];
  if (key === "ArrowUp") return at < 0 ? items.at(-1) : items[Math.max(0, at - 1)];
  if (key === "Home") return items[0];
  return key === "End" ? items.at(-1) : undefined;
}
