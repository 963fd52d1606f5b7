// A menu below the button that opened it, which a press elsewhere closes. It is not a popover that the browser closes by
// itself: one that opens while the right mouse button is down would close when it is released.
import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { nextItem } from "../../browser/roving-focus.ts";
import { Icon } from "../icons.tsx";
import type { MenuEntry } from "./menu-entry.ts";

/** The distance from the button and from the window's edges, in px. */
const GAP = 4;

interface MenuProps {
  label: string;
  entries: readonly MenuEntry[];
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

export function Menu({ label, entries, button, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = menu.current as HTMLElement;
    const from = (button.current as HTMLElement).getBoundingClientRect();
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    const fitsBelow = from.bottom + GAP + height <= innerHeight - GAP;
    element.style.top = `${fitsBelow ? from.bottom + GAP : Math.max(GAP, from.top - GAP - height)}px`;
    element.style.left = `${Math.max(GAP, Math.min(from.left, innerWidth - GAP - width))}px`;
    element.querySelector("button")?.focus();
  }, []);

  useEffect(() => {
    const onPointerDown = ({ target }: PointerEvent) => {
      const isInside = [menu.current, button.current].some((element) => element?.contains(target as Node));
      if (!isInside) onClose();
    };
    addEventListener("pointerdown", onPointerDown);
    return () => removeEventListener("pointerdown", onPointerDown);
  }, []);

  function close() {
    button.current?.focus();
    onClose();
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
    <div ref={menu} class="menu" role="menu" aria-label={label} popover="manual" tabIndex={-1} onKeyDown={onKeyDown}>
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
  );
}
