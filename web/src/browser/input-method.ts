// While an input method composes text, the keys belong to it and no part of the page sees them.

export function leaveKeysToInputMethods(): void {
  addEventListener(
    "keydown",
    (event) => {
      // Safari ends a composition before it reports the key that ended it. Only this key code still says so.
      const { isComposing, keyCode, key, target } = event;
      if (!isComposing && keyCode !== 229) return;
      event.stopImmediatePropagation();
      // The browser itself would close a dialog, or submit a form.
      if (key === "Escape" || (key === "Enter" && target instanceof HTMLInputElement)) event.preventDefault();
    },
    { capture: true },
  );
}
