// A button that opens a dialog.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { Icon, type IconName } from "./icons.tsx";

interface DialogButtonProps {
  icon?: IconName;
  /** `danger` warns that the dialog deletes something. */
  class?: "danger";
  /** Returns the dialog, which calls `close`. */
  dialog: (close: () => void) => VNode;
  children: ComponentChildren;
}

export function DialogButton({ icon, class: kind, dialog, children }: DialogButtonProps) {
  const isOpen = useSignal(false);
  return (
    <>
      <button
        type="button"
        class={kind ? `button ${kind}` : "button"}
        aria-haspopup="dialog"
        onClick={() => {
          isOpen.value = true;
        }}
      >
        {icon && <Icon name={icon} />}
        {children}
      </button>
      {isOpen.value &&
        dialog(() => {
          isOpen.value = false;
        })}
    </>
  );
}
