// A modal dialog on the browser's own: it keeps the focus inside, closes with Escape, and gives the focus back.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface DialogProps {
  title: string;
  class: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, class: className, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closing, and not only removing it, is what gives the focus back.
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class={className} aria-labelledby="dialog-title" closedby="any" onClose={onClose}>
      <div class="dialog-content">
        <header class="dialog-header">
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
