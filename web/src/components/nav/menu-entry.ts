// An entry of a menu.
import type { IconName } from "../icons.tsx";

export interface MenuEntry {
  readonly label: string;
  readonly icon: IconName;
  readonly onSelect: () => void;
}
