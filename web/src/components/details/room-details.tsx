// Everything about a room, in a dialog: what it is, how to invite people, who is here, and what can be done with its log. A
// chunk of its own, because of the QR code.
import type { Room } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { may, roomDetails } from "../../state/joined-room.ts";
import { accessText } from "../../text/access-text.ts";
import { countPeople } from "../../text/count.ts";
import { endTexts, ruleTexts } from "../../text/room-facts.ts";
import { Dialog } from "../dialog.tsx";
import { moderation } from "../moderation/moderation.ts";
import { PeopleList } from "../room/people.tsx";
import { OwnerTools } from "./owner-tools.tsx";
import { RoomExport } from "./room-export.tsx";
import { RoomLink } from "./room-link.tsx";
import { RoomSearch } from "./room-search.tsx";
import { RoomTold } from "./room-told.tsx";

interface RoomDetailsProps {
  room: Room;
  onRename: () => void;
  onClose: () => void;
}

export function RoomDetails({ room, onRename, onClose }: RoomDetailsProps) {
  const details = roomDetails.value;
  const tools = moderation.loaded;
  if (!details) return null;
  const { name, topic, visibility, rules, count } = details;
  const isOpenToAll = visibility === "public" && !rules.passwordRequired;
  const facts = [
    isOpenToAll ? "Public: everyone finds it in the lobby" : accessText(rules),
    ...endTexts(rules, now.value),
    ...ruleTexts(rules),
  ];
  return (
    <Dialog title="Room details" class="dialog details" onClose={onClose}>
      <section class="details-about">
        <h3 dir="auto">{name}</h3>
        {topic && <p dir="auto">{topic}</p>}
        <ul class="facts">
          {facts.map((fact) => (
            <li key={fact}>{fact}.</li>
          ))}
        </ul>
      </section>
      <RoomLink roomId={room.id} />
      <RoomSearch room={room} onGo={onClose} />
      <section>
        <h3>{countPeople(count)} here</h3>
        <PeopleList room={room} onRename={onRename} />
        <RoomTold room={room} />
      </section>
      <RoomExport room={room} />
      {tools && (may("lock") || may("slowMode")) && <tools.RoomTools room={room} onGo={onClose} />}
      {may("update") && <OwnerTools room={room} />}
    </Dialog>
  );
}
