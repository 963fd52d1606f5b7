// A labelled text field that counts characters as the server does, and says what is wrong beside itself.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { lengthOf } from "../text/normalize.ts";

interface FieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  /** In Unicode scalar values. */
  limit: number;
  required?: boolean;
  /** Shown once the form was tried. */
  error?: string | undefined;
  hint?: string;
  autoFocus?: boolean;
  autoComplete?: string;
  /** A button at the field's end. */
  children?: ComponentChildren;
}

export function Field({ label, value, onValue, limit, error, hint, children, autoFocus, ...attributes }: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // An effect and not the attribute: a dialog puts the focus on its first button when it opens, before this runs.
  useEffect(() => {
    if (!autoFocus) return;
    input.current?.focus();
    input.current?.select();
  }, [autoFocus]);
  // What is to be corrected takes the focus.
  useEffect(() => {
    if (error) input.current?.focus();
  }, [error]);
  const id = useId();
  const over = lengthOf(value) - limit;
  const problem = over > 0 ? `${over} too many: at most ${limit} characters.` : error;
  return (
    <div class="field">
      <label for={id}>
        {label} {hint && <span class="hint">{hint}</span>}
      </label>
      <div class="field-row">
        <input
          {...attributes}
          id={id}
          type="text"
          dir="auto"
          value={value}
          aria-invalid={problem ? "true" : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          ref={input}
          onInput={(event) => onValue(event.currentTarget.value)}
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
