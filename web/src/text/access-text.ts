// Who can join a room, in words.
import type { RoomRules } from "../../../client/src/index.ts";

export function accessText(rules: RoomRules | undefined): string {
  return `Anyone with the link${rules?.passwordRequired ? " and the password" : ""} can join`;
}
