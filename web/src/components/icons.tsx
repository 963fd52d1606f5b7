// All icons, for what loads after reading and writing.
import { shapes as few, Shape } from "./icon.tsx";

const shapes = {
  ...few,
  ban: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.8 5.8l12.4 12.4",
  bell: "M6 17v-6a6 6 0 0 1 12 0v6l1.5 2h-15ZM10 22h4",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9ZM5 15H4V4h11v1",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M4 20h4L19 9a2.8 2.8 0 0 0-4-4L4 16v4ZM13.5 6.5l4 4",
  flag: "M6 21V4M6 5h11l-2.5 4L17 13H6",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  keyboard: "M3 6h18v12H3ZM7 10v.01M12 10v.01M17 10v.01M8 14h8",
  key: "M8.5 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM11.7 12.3 20 4M16.5 7.5l2.8 2.8",
  leave: "M14 4H5v16h9M10 12h10M16.5 8l4 4-4 4",
  lock: "M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  mention: "M16 8v5.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.6 7.2M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z",
  message: "M4 5h16v11H9l-5 4Z",
  mute: "M9.5 5.6A5 5 0 0 1 17 10v3.5M7 9.5V14l-2 3h12M10 20h4M4 4l16 16",
  pin: "M9 4h6l-1 6 3 3.5H7L10 10ZM12 13.5V20",
  plus: "M12 5v14M5 12h14",
  reply: "M10 8V4L3 11l7 7v-4.5c5 0 8.5 1.5 11 5.5-.8-6-4-11-11-11Z",
  refresh: "M20 11a8 8 0 0 0-14.3-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14.3 4L20 15M20 20v-5h-5",
  search: "M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM16 16l4.5 4.5",
  settings: "M4 7h8M18 7h2M15 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 17h2M12 17h8M9 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  shield: "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6Z",
  shuffle:
    "M3 7h3.5c4 0 7 10 11 10H21M3 17h3.5c1.5 0 2.8-1.3 4-3M13.5 10c1.2-1.7 2.5-3 4-3H21M18 4l3 3-3 3M18 14l3 3-3 3",
  silence: "M8 5h12v11h-2M13 16H9l-5 4V6M4 4l16 16",
  unread: "M4 6h10M4 6v12h16v-7M4 7l8 6 3-2.2M19 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }) {
  return <Shape path={shapes[name]} />;
}
