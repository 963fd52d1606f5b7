// Your rooms, with what is new in each.
import { useComputed } from "@preact/signals";
import { leaveRoom } from "../../state/leave-room.ts";
import { notificationSettings } from "../../state/notification-settings.ts";
import { activities, type Obstacle, obstacles, unreadText } from "../../state/room-activity.ts";
import { roomHref } from "../../state/route.ts";
import { updateYourRoom, type YourRoom, yourRooms } from "../../state/your-rooms.ts";
import { UnsentCount } from "../unsent-count.tsx";
import type { MenuEntry } from "./menu-entry.ts";
import { NavItem, NavList } from "./nav-list.tsx";

const obstacleLines: Record<Obstacle, string> = {
  password: "Password needed",
  full: "Full",
  over: "Closed",
  name: "Your name is taken there",
  kicked: "You were removed",
  banned: "You are banned",
  unavailable: "Open it to join again",
};

interface YourRoomsListProps {
  /** The room that is open. */
  current?: string;
  /** Shows only the first ones. */
  most?: number;
}

export function YourRoomsList({ current, most }: YourRoomsListProps) {
  const rooms = yourRooms.value;
  if (rooms.length === 0) return null;
  return (
    <NavList title="Your rooms">
      {rooms.slice(0, most).map((room) => (
        <YourRoomItem key={room.roomId} room={room} isCurrent={room.roomId === current} />
      ))}
    </NavList>
  );
}

function notifying({ roomId, notifiesAll = false }: YourRoom): MenuEntry {
  return {
    label: notifiesAll ? "Notify me of mentions only" : "Notify me of every message",
    icon: "bell",
    onSelect: () => updateYourRoom(roomId, { notifiesAll: !notifiesAll }),
  };
}

function YourRoomItem({ room, isCurrent }: { room: YourRoom; isCurrent: boolean }) {
  const { roomId, name, isPinned, isMuted } = room;
  // Signals of its own, so that a message in one room does not render the others.
  const activity = useComputed(() => activities.value.get(roomId)).value;
  const obstacle = useComputed(() => obstacles.value.get(roomId)).value;
  return (
    <NavItem
      href={roomHref(roomId)}
      name={name}
      line={obstacle ? obstacleLines[obstacle] : (activity?.line ?? "")}
      isCurrent={isCurrent}
      unread={activity ? unreadText(activity) : ""}
      isMentioned={activity?.isMentioned ?? false}
      isMuted={isMuted}
      isOver={obstacle === "over"}
      isPinned={isPinned}
      menu={[
        {
          label: isPinned ? "Unpin" : "Pin to the top",
          icon: "pin",
          onSelect: () => updateYourRoom(roomId, { isPinned: !isPinned }),
        },
        ...(notificationSettings.value.isOn && !isMuted ? [notifying(room)] : []),
        {
          label: isMuted ? "Unmute" : "Mute",
          icon: "mute",
          onSelect: () => updateYourRoom(roomId, { isMuted: !isMuted }),
        },
        {
          label: obstacle === "over" ? "Remove from the list" : "Leave",
          icon: "leave",
          onSelect: () => leaveRoom(roomId),
        },
      ]}
    >
      <UnsentCount roomId={roomId} />
    </NavItem>
  );
}
