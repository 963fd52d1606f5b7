// Which happenings in a room are read out: what others say, and who comes and goes.
import type { Room } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";

export function announceRoom(room: Room): () => void {
  const stops = [
    room.on("message", (message) => {
      if (!message.own) announce(`${message.from.name}: ${message.text}`);
    }),
    room.on("presence", ({ event, person }) => {
      if (person.userId === room.you.userId) return;
      if (event === "joined") announce(`${person.name} joined`);
      if (event === "left") announce(`${person.name} left`);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
