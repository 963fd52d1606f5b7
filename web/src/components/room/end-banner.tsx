// Warns that the room is about to end.
import { endWarning } from "../../state/room-end.ts";
import { Icon } from "../icon.tsx";

export function EndBanner() {
  return (
    <div class="banner">
      <Icon name="clock" />
      <p>
        <strong>{endWarning.value}</strong> Its messages will be deleted.
      </p>
      <button
        type="button"
        class="button"
        onClick={() => {
          endWarning.value = undefined;
        }}
      >
        OK
      </button>
    </div>
  );
}
