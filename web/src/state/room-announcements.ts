// Announces room events to screen readers: what other people write and change, who joins and who leaves.
import type { Room } from "../../../client/src/index.ts";
import { count, countPeople } from "../text/count.ts";
import { announce, type Summary } from "./announcer.ts";
import { isCollapsed } from "./conversation-ui.ts";
import { mentionsYou } from "./names.ts";
import { announceNotice } from "./notice-announcements.ts";

const newMessages: Summary = (amount) => count(amount, "new message");
const mentions: Summary = (amount) => `${count(amount, "new message")} that mention you`;
const answers: Summary = (amount) => `${count(amount, "reply", "replies")} to you`;
const edits: Summary = (amount) => `${count(amount, "message")} edited`;
const deletions: Summary = (amount) => `${count(amount, "message")} deleted`;
const reactions: Summary = (amount) => `${count(amount, "reaction")} to your messages`;
const arrivals: Summary = (amount) => `${countPeople(amount)} joined`;
const departures: Summary = (amount) => `${countPeople(amount)} left`;

export function announceRoom(room: Room): () => void {
  let { epoch } = room;
  const stops = [
    room.on("message", (message) => {
      const { own, from, text, replyTo } = message;
      if (own || isCollapsed(room.id, from.userId)) return;
      const isAnswer = replyTo && room.messages.some((other) => other.own && other.seq === replyTo.seq);
      if (mentionsYou(message)) announce(`${from.name} mentions you: ${text}`, mentions);
      else if (isAnswer) announce(`${from.name} replies to you: ${text}`, answers);
      else announce(`${from.name}: ${text}`, newMessages);
    }),
    room.on("changed", ({ kind, by, emoji, message }) => {
      if (by.userId === room.you.userId || isCollapsed(room.id, by.userId)) return;
      if (kind === "edited" && message) announce(`${by.name} edited a message: ${message.text}`, edits);
      if (kind === "deleted") announce(`${by.name} deleted a message`, deletions);
      if (kind === "reacted" && message?.from.userId === room.you.userId) {
        announce(`${by.name} reacted with ${emoji}`, reactions);
      }
    }),
    room.on("notice", (notice) => announceNotice(room, notice)),
    room.on("discontinuity", () => {
      const cleared = epoch !== room.epoch;
      epoch = room.epoch;
      announce(cleared ? "Earlier messages were deleted" : "You missed some messages");
    }),
    room.on("presence", ({ event, people }) => {
      for (const { userId, name } of people) {
        if (userId === room.you.userId) continue;
        if (event === "joined") announce(`${name} joined`, arrivals);
        if (event === "left") announce(`${name} left`, departures);
      }
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
