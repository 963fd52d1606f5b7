// The panel with the way to other rooms, next to the log.
import { Brand } from "../brand.tsx";
import { surroundings } from "../surroundings.ts";

export function RoomsNav({ roomId }: { roomId: string }) {
  const loaded = surroundings.loaded;
  return (
    <nav class="side-panel rooms-nav" aria-label="Rooms">
      <Brand />
      {loaded && <loaded.RoomsList roomId={roomId} />}
    </nav>
  );
}
