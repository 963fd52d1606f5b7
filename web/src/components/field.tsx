// A labelled text field that counts characters as the server does and shows its error below.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { count } from "../text/count.ts";
import { lengthOf } from "../text/normalize.ts";

interface FieldProps {
  label: string;
  text: Signal<string>;
  /** In Unicode scalar values. */
  limit: number;
  required?: boolean;
  /** Set it once the form was submitted. The field then takes the focus. */
  error?: string | undefined;
  hint?: string;
  autoFocus?: boolean;
  autoComplete?: string;
  type?: "text" | "password";
  inputMode?: "numeric";
  placeholder?: string;
  disabled?: boolean;
  /** A button at the end of the field. */
  children?: ComponentChildren;
}

export function Field({
  label,
  text,
  limit,
  error,
  hint,
  children,
  autoFocus,
  type = "text",
  ...attributes
}: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // Not the autofocus attribute: a dialog focuses its first button when it opens, which is before this effect.
  useEffect(() => {
    if (!autoFocus) return;
    input.current?.focus();
    input.current?.select();
  }, [autoFocus]);
  useEffect(() => {
    if (error) input.current?.focus();
  }, [error]);
  const id = useId();
  const excess = lengthOf(text.value) - limit;
  const problem = excess > 0 ? `${count(excess, "character")} too many. The limit is ${limit}.` : error;
  return (
    <div class="field">
      <label for={id}>
        {label} {hint && <span class="hint">{hint}</span>}
      </label>
      <div class="field-row">
        <input
          {...attributes}
          id={id}
          // The types allow only a constant here.
          type={type as "text"}
          dir="auto"
          value={text.value}
          aria-invalid={problem ? "true" : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          ref={input}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        {children}
      </div>
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
