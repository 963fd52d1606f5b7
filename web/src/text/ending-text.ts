// Why somebody is out of a room, in words.
import type { LeaveReason } from "../../../client/src/index.ts";

/** A map, because the server chooses the key. */
const endings = new Map<LeaveReason, string>([
  ["closed", "This room was closed."],
  ["expired", "Time is up: this room has ended."],
  ["idle", "This room has ended: nobody wrote for 24 hours."],
  ["ownerAway", "This room has ended: its owner was away."],
  ["kicked", "A moderator removed you from this room."],
  ["banned", "A moderator banned you from this room."],
  ["notMember", "You are no longer a member of this conversation."],
  ["passRequired", "This room has a new password."],
  ["nameTaken", "Somebody else has your name in this room now."],
]);

/** Why this person is out of the room. */
export function endingText(reason: LeaveReason): string {
  return endings.get(reason) ?? "You are no longer in this room.";
}

/** Whether the room is over for everybody. */
export function isRoomOver(reason: LeaveReason): boolean {
  return ["closed", "expired", "idle", "ownerAway"].includes(reason);
}
