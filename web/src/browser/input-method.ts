// While an input method (IME) composes text, its keystrokes must not reach the page.

export function ignoreKeysDuringComposition(): void {
  addEventListener(
    "keydown",
    (event) => {
      // Safari ends the composition before it reports the key that ended it. That key has code 229.
      const { isComposing, keyCode, key, target } = event;
      if (!isComposing && keyCode !== 229) return;
      event.stopImmediatePropagation();
      // Without this, the browser closes a dialog or submits a form.
      if (key === "Escape" || (key === "Enter" && target instanceof HTMLInputElement)) event.preventDefault();
    },
    { capture: true },
  );
}
