// What only the room's owner can do. What deletes something asks first.
import type { Room } from "../../../../client/src/index.ts";
import { has } from "../../state/config.ts";
import { clearRoom, endRoom } from "../../state/room-settings.ts";
import { Confirmed } from "../confirmed.tsx";
import { DialogButton } from "../dialog-button.tsx";
import { RoomBots } from "./room-bots.tsx";
import { RoomHooks } from "./room-hooks.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";

export function OwnerTools({ room }: { room: Room }) {
  return (
    <section>
      <h3>You own this room</h3>
      <div class="details-actions">
        <DialogButton icon="settings" dialog={(close) => <SettingsDialog room={room} onClose={close} />}>
          Room settings
        </DialogButton>
      </div>
      <RoomBots room={room} />
      {has("webhooks") && <RoomHooks room={room} />}
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
    </section>
  );
}
