// Arrow keys in a grid of buttons whose columns depend on the width.

/** Returns the button that a key leads to from the focused one, if it is a key for that. */
export function nextInGrid(
  buttons: readonly HTMLElement[],
  focused: Element | null,
  key: string,
): HTMLElement | undefined {
  const at = buttons.indexOf(focused as HTMLElement);
  const current = buttons[at];
  if (!current) return undefined;
  const forward = getComputedStyle(current).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === "ArrowLeft" || key === "ArrowRight") return buttons[at + (key === forward ? 1 : -1)] ?? current;
  if (key === "Home") return buttons[0];
  if (key === "End") return buttons.at(-1);
  if (key === "ArrowDown") return nearest(current, buttons.slice(at + 1)) ?? current;
  if (key === "ArrowUp") return nearest(current, buttons.slice(0, Math.max(0, at)).reverse()) ?? current;
  return undefined;
}

/** Of the first row of `others` that is not the current one, returns the button in the same column, or closest to it. */
function nearest(current: HTMLElement, others: readonly HTMLElement[]): HTMLElement | undefined {
  const row = others.find(({ offsetTop }) => offsetTop !== current.offsetTop)?.offsetTop;
  const distance = ({ offsetLeft }: HTMLElement) => Math.abs(offsetLeft - current.offsetLeft);
  return others.filter(({ offsetTop }) => offsetTop === row).sort((one, other) => distance(one) - distance(other))[0];
}
