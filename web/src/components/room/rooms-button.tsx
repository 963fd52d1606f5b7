// Opens the drawer with the rooms, on narrow screens. A mark tells that something is unread.
import { totalUnread } from "../../state/total-unread.ts";
import { Icon } from "../icon.tsx";

export function RoomsButton({ onClick }: { onClick: () => void }) {
  const unread = totalUnread.value;
  return (
    <button
      type="button"
      class={unread ? "icon-button rooms-button unread" : "icon-button rooms-button"}
      aria-haspopup="dialog"
      aria-label={unread ? `Rooms: ${unread} unread` : "Rooms"}
      title="Rooms"
      onClick={onClick}
    >
      <Icon name="menu" />
    </button>
  );
}
