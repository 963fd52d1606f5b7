// An entry of a menu.
import type { IconName } from "../icon.tsx";

export interface MenuEntry {
  readonly label: string;
  readonly icon: IconName;
  readonly onSelect: () => void;
}
