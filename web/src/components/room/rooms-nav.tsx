// Links to other rooms, next to the log.
import { useEffect } from "preact/hooks";
import { hasFinePointer } from "../../browser/environment.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { refreshOnFocus, rooms } from "../../state/lobby.ts";
import { lobbyHref, roomHref } from "../../state/route.ts";
import { showsShortcuts } from "../../state/shortcuts.ts";
import { yourRooms } from "../../state/your-rooms.ts";
import { Brand } from "../brand.tsx";
import { Icon } from "../icon.tsx";
import { UnsentCount } from "../unsent-count.tsx";

interface RoomLink {
  roomId: string;
  name: string;
  people?: number;
}

export function RoomsNav({ roomId }: { roomId: string }) {
  useEffect(refreshOnFocus, []);
  const ui = conversationUi.value;
  const yours = yourRooms.value;
  const occupied = rooms.value?.filter((room) => room.people > 0 && !yours.some((your) => your.roomId === room.roomId));
  return (
    <nav class="side-panel rooms-nav" aria-label="Rooms">
      <Brand />
      <a class="button" href={lobbyHref}>
        <Icon name="plus" />
        New room
      </a>
      <Links title="Your rooms" links={yours} current={roomId} />
      {ui && <ui.ConversationSection current={roomId} />}
      <Links title="Public rooms with people" links={occupied ?? []} current={roomId} />
      {hasFinePointer && (
        <button
          type="button"
          class="link-button shortcuts-button"
          aria-haspopup="dialog"
          onClick={() => {
            showsShortcuts.value = true;
          }}
        >
          Keyboard shortcuts
        </button>
      )}
    </nav>
  );
}

function Links({ title, links, current }: { title: string; links: readonly RoomLink[]; current: string }) {
  if (links.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="nav-list">
        {links.map(({ roomId, name, people }) => (
          <li key={roomId}>
            <a href={roomHref(roomId)} aria-current={roomId === current ? "page" : undefined}>
              <bdi class="nav-name">{name}</bdi>
              <UnsentCount roomId={roomId} />
              {people !== undefined && <span class="nav-count">{people}</span>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
