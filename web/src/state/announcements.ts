// Which happenings in a room are read out: what others say and change, and who comes and goes.
import type { Room } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";

export function announceRoom(room: Room): () => void {
  const stops = [
    room.on("message", (message) => {
      if (!message.own) announce(`${message.from.name}: ${message.text}`);
    }),
    room.on("changed", ({ kind, by, emoji, message }) => {
      if (by.userId === room.you.userId) return;
      if (kind === "edited" && message) announce(`${by.name} edited a message: ${message.text}`);
      if (kind === "deleted") announce(`${by.name} deleted a message`);
      if (kind === "reacted" && message?.from.userId === room.you.userId) announce(`${by.name} reacted with ${emoji}`);
    }),
    room.on("notice", ({ kind, name }) => {
      if (kind === "renamed") announce(`This room is called ${name} now`);
      if (kind === "cleared") announce("What was said before was deleted");
    }),
    room.on("presence", ({ event, people }) => {
      const others = people.filter(({ userId }) => userId !== room.you.userId).map(({ name }) => name);
      if (others.length === 0 || event === "renamed") return;
      announce(`${others.length > 3 ? `${others.length} people` : others.join(", ")} ${event}`);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
