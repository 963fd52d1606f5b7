// What only the room's owner can do. What deletes something asks first.
import { useSignal } from "@preact/signals";
import type { Room } from "../../../../client/src/index.ts";
import { clearRoom, endRoom } from "../../state/room-settings.ts";
import { Confirmed } from "../confirmed.tsx";
import { Icon } from "../icons.tsx";
import { RoomBots } from "./room-bots.tsx";
import { RoomHooks } from "./room-hooks.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";

export function OwnerTools({ room }: { room: Room }) {
  const showsSettings = useSignal(false);
  return (
    <section>
      <h3>You own this room</h3>
      <div class="details-actions">
        <button
          type="button"
          class="button"
          aria-haspopup="dialog"
          onClick={() => {
            showsSettings.value = true;
          }}
        >
          <Icon name="settings" />
          Room settings
        </button>
      </div>
      <RoomBots room={room} />
      <RoomHooks room={room} />
      <Confirmed
        action="Delete all messages"
        question="Delete all messages for everyone? The room stays."
        confirm="Delete all"
        work={() => clearRoom(room)}
      />
      <Confirmed
        action="End room now"
        question="End the room for everyone and delete its messages?"
        confirm="End room"
        work={() => endRoom(room)}
      />
      {showsSettings.value && (
        <SettingsDialog
          room={room}
          onClose={() => {
            showsSettings.value = false;
          }}
        />
      )}
    </section>
  );
}
