// The way to other rooms, for the panel next to the log or, on narrow screens, for a drawer.
import { useEffect } from "preact/hooks";
import { hasFinePointer } from "../../browser/environment.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { refreshOnFocus, rooms } from "../../state/lobby.ts";
import { lobbyHref, roomHref } from "../../state/route.ts";
import { isMac, showsShortcuts, showsSwitcher } from "../../state/shortcuts.ts";
import { yourRooms } from "../../state/your-rooms.ts";
import { accountUi } from "../account/account-ui.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { NavItem, NavList } from "../nav/nav-list.tsx";
import { YourRoomsList } from "../nav/your-rooms-list.tsx";

export function RoomsDrawer({ roomId, onClose }: { roomId: string; onClose: () => void }) {
  return (
    <Dialog title="Rooms" class="drawer from-start" onClose={onClose}>
      <nav class="rooms-nav" aria-label="Rooms">
        <RoomsList roomId={roomId} onOpenOther={onClose} />
      </nav>
    </Dialog>
  );
}

/** `onOpenOther`: something takes the drawer's place. */
export function RoomsList({ roomId, onOpenOther }: { roomId: string; onOpenOther?: () => void }) {
  useEffect(refreshOnFocus, []);
  const ui = conversationUi.value;
  const accounts = accountUi.loaded;
  const yours = yourRooms.value;
  const occupied = rooms.value?.filter((room) => room.people > 0 && !yours.some((your) => your.roomId === room.roomId));
  return (
    <>
      {accounts && <accounts.AccountControl />}
      <div class="nav-actions">
        <a class="button" href={lobbyHref}>
          <Icon name="plus" />
          New room
        </a>
        <button
          type="button"
          class="button"
          aria-haspopup="dialog"
          title={`Find a room (${isMac ? "⌘K" : "Ctrl+K"})`}
          onClick={() => {
            onOpenOther?.();
            showsSwitcher.value = true;
          }}
        >
          <Icon name="search" />
          Find
        </button>
      </div>
      <YourRoomsList current={roomId} />
      {ui && <ui.ConversationSection current={roomId} />}
      {occupied !== undefined && occupied.length > 0 && (
        <NavList title="Public rooms with people">
          {occupied.map(({ roomId, name, people }) => (
            <NavItem key={roomId} href={roomHref(roomId)} name={name}>
              <span class="nav-count">{people}</span>
            </NavItem>
          ))}
        </NavList>
      )}
      {hasFinePointer && (
        <button
          type="button"
          class="link-button shortcuts-button"
          aria-haspopup="dialog"
          onClick={() => {
            onOpenOther?.();
            showsShortcuts.value = true;
          }}
        >
          Keyboard shortcuts
        </button>
      )}
    </>
  );
}
