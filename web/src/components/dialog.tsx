// A modal dialog. The native element traps the focus, closes on Escape and restores the focus.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons.tsx";

interface DialogProps {
  title: string;
  class?: string;
  /** At the bottom edge. It may open while a finger is down, whose lifting must not close it. */
  isSheet?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, class: className, isSheet = false, onClose, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Only close() restores the focus; removing the element does not.
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={isSheet ? "sheet" : className}
      aria-labelledby={id}
      closedby={isSheet ? "closerequest" : "any"}
      onPointerDown={({ target, currentTarget }) => {
        if (isSheet && target === currentTarget) currentTarget.close();
      }}
      onClose={onClose}
    >
      <div class="dialog-content">
        <header class="dialog-header">
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
