// Announces notices to screen readers.
import { isConversation, type Notice, type Room } from "../../../client/src/index.ts";
import { noticeText, rulesBefore } from "../text/notice-text.ts";
import { announce } from "./announcer.ts";

export function announceNotice(room: Room, notice: Notice): void {
  const { kind, by, name } = notice;
  // The end of a room or of its log is announced by itself.
  if (kind === "closed" || kind === "cleared") return;
  if (kind === "renamed") announce(`This ${isConversation(room.id) ? "group" : "room"} is now called ${name}`);
  else announce(`${by.name} ${noticeText(notice, rulesBefore(room.notices, notice, room.first), Date.now())}`);
}
