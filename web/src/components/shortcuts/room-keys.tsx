// Keys that work anywhere in a room: text goes to the composer, and `?` opens the list of keyboard shortcuts.
import { useEffect } from "preact/hooks";
import { announce } from "../../state/announcer.ts";
import { questionMarkOpens, showsShortcuts } from "../../state/shortcuts.ts";
import { lazy } from "../lazy.ts";

const dialog = lazy(async () => (await import("./shortcuts-dialog.tsx")).ShortcutsDialog);

export function RoomKeys() {
  useEffect(() => {
    addEventListener("keydown", onKeyDown);
    return () => {
      removeEventListener("keydown", onKeyDown);
      showsShortcuts.value = false;
    };
  }, []);
  useEffect(() => {
    if (showsShortcuts.value) void open();
  }, [showsShortcuts.value]);
  const Dialog = dialog.loaded;
  if (!showsShortcuts.value || !Dialog) return null;
  return (
    <Dialog
      onClose={() => {
        showsShortcuts.value = false;
      }}
    />
  );
}

async function open(): Promise<void> {
  if (await dialog.load()) return;
  showsShortcuts.value = false;
  announce("Couldn't load the keyboard shortcuts. Reload the page.");
}

function onKeyDown(event: KeyboardEvent): void {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  // Space presses buttons and scrolls. Names of keys, such as "Enter", are longer than any character.
  if (key === " " || [...key].length !== 1) return;
  if ((target as Element).closest("input, textarea, select, [contenteditable]")) return;
  if (document.querySelector("dialog[open]")) return;
  if (key === "?" && questionMarkOpens.value) {
    event.preventDefault();
    showsShortcuts.value = true;
  } else {
    // The browser then enters the character there.
    document.querySelector<HTMLTextAreaElement>(".composer textarea")?.focus();
  }
}
