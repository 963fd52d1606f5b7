// A button that opens a menu.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { announce } from "../../state/announcer.ts";
import { Icon } from "../icon.tsx";
import { lazy } from "../lazy.ts";
import type { MenuEntry } from "./menu-entry.ts";

const menu = lazy(async () => (await import("./menu.tsx")).Menu);

export function MenuButton({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = useSignal(false);
  const Menu = menu.loaded;

  async function toggle() {
    if (await menu.load()) isOpen.value = !isOpen.value;
    else announce("Couldn't load the menu. Reload the page.");
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class="icon-button small menu-button"
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-label={label}
        title="Options"
        tabIndex={-1}
        onClick={() => void toggle()}
      >
        <Icon name="more" />
      </button>
      {isOpen.value && Menu && (
        <Menu
          label={label}
          entries={entries}
          button={button}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}
