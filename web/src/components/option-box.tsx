// A checkbox as a box of its own, like the choices of a room's visibility.
import { Icon, type IconName } from "./icons.tsx";

interface OptionBoxProps {
  title: string;
  icon: IconName;
  /** What it means. */
  children: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function OptionBox({ title, icon, children, checked, onChange }: OptionBoxProps) {
  return (
    <label class="option">
      <input type="checkbox" checked={checked} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      <Icon name={icon} />
      <span>
        <strong>{title}</strong>
        <small>{children}</small>
      </span>
    </label>
  );
}
