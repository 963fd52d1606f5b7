// A button of a message's toolbar.
import type { ComponentChildren } from "preact";
import type { ActionMenu } from "../../state/editing.ts";

interface ActionProps {
  title: string;
  /** For screen readers, which need more than a title to tell the messages' buttons apart. */
  label: string;
  pressed?: boolean;
  opens?: ActionMenu["mode"];
  onClick: () => void;
  children: ComponentChildren;
}

export function Action({ title, label, pressed, opens, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={label}
      title={title}
      aria-pressed={pressed}
      data-opens={opens}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
