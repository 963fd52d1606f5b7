// Says which room was just left, and takes it back.
import { leftRoom, undoLeave } from "../../state/leave-room.ts";
import { Icon } from "../icons.tsx";

/** Both buttons go with the note: the focus moves to the list first. */
function moveFocus() {
  document.querySelector<HTMLElement>(".nav-list a[tabindex='0']")?.focus();
}

export function LeftRoomNote() {
  const room = leftRoom.value;
  if (!room) return null;
  return (
    <section class="note" aria-label="Room left">
      <p>
        You left <bdi>{room.name}</bdi>
      </p>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          moveFocus();
          undoLeave();
        }}
      >
        Undo
      </button>
      <button
        type="button"
        class="icon-button small"
        aria-label="Dismiss"
        onClick={() => {
          moveFocus();
          leftRoom.value = undefined;
        }}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}
