// A labelled choice of a number, or of none.
import { useId } from "preact/hooks";

interface SelectFieldProps {
  label: string;
  choices: readonly (readonly [value: number | undefined, text: string])[];
  chosen: number | undefined;
  onChoose: (chosen: number | undefined) => void;
}

export function SelectField({ label, choices, chosen, onChoose }: SelectFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={chosen ?? ""}
        onChange={({ currentTarget }) => onChoose(Number(currentTarget.value) || undefined)}
      >
        {choices.map(([value, text]) => (
          <option key={text} value={value ?? ""}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
