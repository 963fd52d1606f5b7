// Tells the keys of an on-screen keyboard from those of a hardware keyboard, which a tablet or phone may have too.

/** The least height of an on-screen keyboard, in px. The bar that iPadOS shows with a hardware keyboard is lower. */
const MIN_HEIGHT = 120;

/**
 * Android reports keys of its on-screen keyboards without the place of a physical key. iOS reports a place, but its keyboard
 * covers a part of the page, which the visual viewport leaves out.
 */
export function isFromHardwareKeyboard({ code }: KeyboardEvent): boolean {
  return code !== "" && code !== "Unidentified" && coveredHeight() < MIN_HEIGHT;
}

function coveredHeight(): number {
  return visualViewport ? innerHeight - visualViewport.height * visualViewport.scale : 0;
}
