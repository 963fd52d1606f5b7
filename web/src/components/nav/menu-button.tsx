// A button that opens a menu.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { announce } from "../../state/announcer.ts";
import { Icon } from "../icon.tsx";
import { lazy } from "../lazy.ts";
import type { MenuEntry } from "./menu-entry.ts";

const menu = lazy(async () => (await import("./menu.tsx")).Menu);

interface MenuButtonProps {
  label: string;
  title?: string;
  /** Whether the Tab key leads to it, instead of other keys. */
  isTabStop?: boolean;
  /** What has to be known before the menu opens. */
  prepare?: () => Promise<void>;
  entries: () => readonly MenuEntry[];
}

export function MenuButton({ label, title = "Options", isTabStop = false, prepare, entries }: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = useSignal(false);
  const Menu = menu.loaded;

  async function toggle() {
    const opens = !isOpen.value;
    const [isLoaded] = await Promise.all([menu.load(), opens && prepare?.()]);
    if (isLoaded) isOpen.value = opens;
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
        title={title}
        tabIndex={isTabStop ? 0 : -1}
        onClick={() => void toggle()}
      >
        <Icon name="more" />
      </button>
      {isOpen.value && Menu && (
        <Menu
          label={label}
          entries={entries()}
          button={button}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}
