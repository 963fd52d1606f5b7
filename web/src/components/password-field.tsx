// A field for a room's password, which a button makes readable.
import { type Signal, useSignal } from "@preact/signals";
import { limits } from "../../../client/src/index.ts";
import { Field } from "./field.tsx";
import { Icon } from "./icon.tsx";

interface PasswordFieldProps {
  label: string;
  text: Signal<string>;
  error?: string | undefined;
  hint?: string;
  disabled?: boolean;
  required?: boolean;
  autoFocus?: boolean;
  /** Whether the person chooses it here. */
  isNew?: boolean;
}

export function PasswordField({ isNew, ...field }: PasswordFieldProps) {
  const isShown = useSignal(false);
  return (
    <Field
      {...field}
      type={isShown.value ? "text" : "password"}
      limit={limits.passwordLength}
      autoComplete={isNew ? "new-password" : "current-password"}
    >
      <button
        type="button"
        class="icon-button"
        aria-label="Show the password"
        title="Show the password"
        aria-pressed={isShown.value}
        onClick={() => {
          isShown.value = !isShown.value;
        }}
      >
        <Icon name={isShown.value ? "hide" : "show"} />
      </button>
    </Field>
  );
}
