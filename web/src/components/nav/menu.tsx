// A button that opens a menu, which a press elsewhere closes. It is not a popover that the browser closes by itself: one that
// opens while the right mouse button is down would close when it is released.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { nextItem } from "../../browser/roving-focus.ts";
import { Icon, type IconName } from "../icon.tsx";

export interface MenuEntry {
  readonly label: string;
  readonly icon: IconName;
  readonly onSelect: () => void;
}

/** The distance from the button and from the window's edges, in px. */
const GAP = 4;

export function MenuButton({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const isOpen = useSignal(false);

  useEffect(() => {
    if (!isOpen.value) return undefined;
    const onPointerDown = ({ target }: PointerEvent) => {
      const isInside = [menu.current, button.current].some((element) => element?.contains(target as Node));
      if (!isInside) menu.current?.hidePopover();
    };
    addEventListener("pointerdown", onPointerDown);
    return () => removeEventListener("pointerdown", onPointerDown);
  }, [isOpen.value]);

  function open() {
    const element = menu.current;
    const from = button.current?.getBoundingClientRect();
    if (!element || !from) return;
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    const fitsBelow = from.bottom + GAP + height <= innerHeight - GAP;
    element.style.top = `${fitsBelow ? from.bottom + GAP : Math.max(GAP, from.top - GAP - height)}px`;
    element.style.left = `${Math.max(GAP, Math.min(from.left, innerWidth - GAP - width))}px`;
    element.querySelector("button")?.focus();
  }

  function close() {
    menu.current?.hidePopover();
    button.current?.focus();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>) {
    const items = [...event.currentTarget.querySelectorAll("button")];
    const next = nextItem(items, document.activeElement as HTMLElement, event.key);
    if (next) next.focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class="icon-button small menu-button"
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-controls={id}
        aria-label={label}
        title="Options"
        tabIndex={-1}
        onClick={() => (isOpen.value ? close() : open())}
      >
        <Icon name="more" />
      </button>
      <div
        ref={menu}
        id={id}
        class="menu"
        role="menu"
        aria-label={label}
        popover="manual"
        tabIndex={-1}
        onKeyDown={onKeyDown}
        onToggle={({ newState }) => {
          isOpen.value = newState === "open";
        }}
      >
        {entries.map(({ label, icon, onSelect }) => (
          <button
            key={label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              close();
              onSelect();
            }}
          >
            <Icon name={icon} />
            {label}
          </button>
        ))}
      </div>
    </>
  );
}
