// Ctrl+K or ⌘K opens the switcher anywhere.
import { useEffect } from "preact/hooks";
import { announce } from "../../state/announcer.ts";
import { isMac, showsSwitcher } from "../../state/shortcuts.ts";
import { lazy } from "../lazy.ts";

const dialog = lazy(async () => (await import("./switcher-dialog.tsx")).SwitcherDialog);

export function SwitcherKeys() {
  useEffect(() => {
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  useEffect(() => {
    if (showsSwitcher.value) void open();
  }, [showsSwitcher.value]);
  const Dialog = dialog.loaded;
  if (!showsSwitcher.value || !Dialog) return null;
  return (
    <Dialog
      onClose={() => {
        showsSwitcher.value = false;
      }}
    />
  );
}

async function open(): Promise<void> {
  if (await dialog.load()) return;
  showsSwitcher.value = false;
  announce("Couldn't load the list of rooms. Reload the page.");
}

function onKeyDown(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  const hasModifier = isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (key.toLowerCase() !== "k" || !hasModifier || shiftKey || altKey) return;
  // Browsers use it for their address bar.
  event.preventDefault();
  if (showsSwitcher.value || !document.querySelector("dialog[open]")) showsSwitcher.value = !showsSwitcher.value;
}
