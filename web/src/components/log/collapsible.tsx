// A long text, of which the first 20 lines are shown until the reader asks for more.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, TargetedFocusEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";

export function Collapsible({ children }: { children: ComponentChildren }) {
  const content = useRef<HTMLDivElement>(null);
  const id = useId();
  const isOpen = useSignal(false);
  const overflows = useSignal(false);

  function measure() {
    const element = content.current;
    if (element && !isOpen.peek()) overflows.value = element.scrollHeight > element.clientHeight + 1;
  }

  // At once, so that the button is there before the log finds its place again.
  useLayoutEffect(measure, [children]);
  // The number of lines depends on the width.
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(content.current as HTMLElement);
    return () => observer.disconnect();
  }, []);

  function onFocusIn({ target, currentTarget }: TargetedFocusEvent<HTMLElement>) {
    const bottom = (target as Element).getBoundingClientRect().bottom;
    // The browser scrolls a link that has the focus into view, which would hide the first lines.
    if (currentTarget.scrollTop > 0 || bottom > currentTarget.getBoundingClientRect().bottom) {
      currentTarget.scrollTop = 0;
      isOpen.value = true;
    }
  }

  return (
    <>
      <div ref={content} id={id} class={isOpen.value ? "message-text" : "message-text collapsed"} onFocusIn={onFocusIn}>
        {children}
      </div>
      {overflows.value && (
        <button
          type="button"
          class="link-button show-more"
          aria-expanded={isOpen.value}
          aria-controls={id}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          {isOpen.value ? "Show less" : "Show more"}
        </button>
      )}
    </>
  );
}
