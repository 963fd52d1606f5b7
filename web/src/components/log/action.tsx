// A button of a message's toolbar.
import type { ComponentChildren } from "preact";
import type { ActionMenu } from "../../state/editing.ts";

interface ActionProps {
  title: string;
  /** For screen readers, which need more than a title to tell the messages' buttons apart. */
  label: string;
  /** The toolbar's one tab stop. The arrow keys move between its buttons. */
  first?: boolean;
  pressed?: boolean;
  opens?: ActionMenu["mode"];
  onClick: () => void;
  children: ComponentChildren;
}

export function Action({ title, label, first = false, pressed, opens, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={label}
      title={title}
      aria-pressed={pressed}
      data-opens={opens}
      tabIndex={first ? 0 : -1}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
