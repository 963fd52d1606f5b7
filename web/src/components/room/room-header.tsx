// The room's name and topic, its link to share, and how many people are here.
import { useEffect, useRef } from "preact/hooks";
import { hasFinePointer, wide } from "../../browser/environment.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { hasNavigated } from "../../state/route.ts";
import { accessText } from "../../text/access-text.ts";
import { countPeople } from "../../text/count.ts";
import { Icon } from "../icon.tsx";
import { RoomCountdown } from "./room-countdown.tsx";
import { RoomsButton } from "./rooms-button.tsx";
import { ShareButton } from "./share-button.tsx";

interface RoomHeaderProps {
  roomId: string;
  /** Hides the number of people, which this person no longer receives, and the details. */
  closed: boolean;
  onShowRooms: () => void;
  onShowPeople: () => void;
  onShowDetails: () => void;
}

export function RoomHeader({ roomId, closed, onShowRooms, onShowPeople, onShowDetails }: RoomHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // With a mouse the composer takes the focus. On a phone that would open the keyboard over the log.
  useEffect(() => {
    if (hasNavigated() && !hasFinePointer) heading.current?.focus();
  }, []);
  const { name = "", topic, count: people = 0, visibility, rules } = roomDetails.value ?? {};
  const isOpenToAll = visibility === "public" && !rules?.passwordRequired;
  return (
    <header class="room-header">
      {!wide.value && <RoomsButton onClick={onShowRooms} />}
      <div class="room-title">
        <h1 ref={heading} tabIndex={-1} dir="auto" title={name}>
          {name}
        </h1>
        <p class="room-topic" title={topic}>
          <RoomCountdown />
          {topic ? <bdi>{topic}</bdi> : isOpenToAll ? "Public room" : accessText(rules)}
        </p>
      </div>
      <ShareButton roomId={roomId} roomName={name} />
      {!closed && (
        <button
          type="button"
          class="icon-button"
          aria-haspopup="dialog"
          aria-label="Room details"
          title="Room details"
          onClick={onShowDetails}
        >
          <Icon name="info" />
        </button>
      )}
      {!wide.value && !closed && (
        <button
          type="button"
          class="button people-button"
          aria-haspopup="dialog"
          aria-label={`Show people: ${countPeople(people)} here`}
          onClick={onShowPeople}
        >
          <Icon name="people" />
          {people}
        </button>
      )}
    </header>
  );
}
