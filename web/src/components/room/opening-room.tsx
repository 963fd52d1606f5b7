// Shown instead of the room while it opens.
import { connection } from "../../state/connection.ts";
import { kindOf } from "../../state/conversation-name.ts";
import { yourRooms } from "../../state/your-rooms.ts";
import { ConnectionBanner } from "./connection-banner.tsx";

export function OpeningRoom({ roomId }: { roomId: string }) {
  const known = yourRooms.value.find((room) => room.roomId === roomId);
  return (
    <>
      {connection.value.state === "waiting" && <ConnectionBanner />}
      <div class="status-page">
        <h1 class="opening" dir="auto">
          {known?.name ?? `Opening the ${kindOf(roomId)}…`}
        </h1>
      </div>
    </>
  );
}
