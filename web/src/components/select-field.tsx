// A labelled choice. Its children are the options.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface SelectFieldProps {
  label: string;
  /** The value of the option that is chosen. */
  chosen: string | number;
  onChoose: (value: string) => void;
  children: ComponentChildren;
}

export function SelectField({ label, chosen, onChoose, children }: SelectFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {children}
      </select>
    </div>
  );
}
