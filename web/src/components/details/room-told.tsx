// Where what people write here goes: to the programs that webhooks tell. Everyone may know.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Room, ToldHook } from "../../../../client/src/index.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { toldHooks } from "../../state/room-settings.ts";

export function RoomTold({ room }: { room: Room }) {
  const told = useSignal<readonly ToldHook[]>([]);
  const bots = roomDetails.value?.bots;
  useEffect(() => {
    toldHooks(room).then(
      (hooks) => {
        told.value = hooks;
      },
      () => {},
    );
  }, [room, bots]);
  const nameOf = (id: string) => bots?.find(({ userId }) => userId === id)?.name;
  return told.value.map(({ userId, host }) => (
    <p key={userId} class="hint">
      What people write here also goes to <bdi>{nameOf(userId)}</bdi>, a program at <bdi>{host}</bdi>.
    </p>
  ));
}
