// The form to choose the name that other people see.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { limits } from "../../../../client/src/index.ts";
import { cleanName, lengthOf } from "../../text/normalize.ts";
import { Field } from "../field.tsx";

interface NameFormProps {
  initial: string;
  action: string;
  onName: (name: string) => void;
  error?: string | undefined;
  /** Whether the name takes the focus. */
  isFirst?: boolean;
  /** Further fields. */
  children?: ComponentChildren;
}

export function NameForm({ initial, action, onName, error, isFirst = true, children }: NameFormProps) {
  const name = useSignal(initial);
  const emptyError = useSignal<string | undefined>(undefined);

  function submit(event: Event) {
    event.preventDefault();
    const chosen = cleanName(name.value);
    emptyError.value = chosen ? undefined : "Enter a name.";
    if (chosen && lengthOf(chosen) <= limits.personNameLength) onName(chosen);
  }

  return (
    <form class="name-form" noValidate onSubmit={submit}>
      <Field
        label="Your name"
        text={name}
        limit={limits.personNameLength}
        required
        error={emptyError.value ?? error}
        autoFocus={isFirst}
        autoComplete="nickname"
      />
      {children}
      <button type="submit" class="button primary">
        {action}
      </button>
    </form>
  );
}
