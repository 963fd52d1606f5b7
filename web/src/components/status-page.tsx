// A page that says one thing, in place of a view or of a room.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function StatusPage({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="status-page">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
