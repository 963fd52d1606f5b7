// Reading a client's room.

import type { Room } from "../../client/src/index.ts";

/** The texts of the room's messages, oldest first. */
export const texts = (room: Room): string[] => room.messages.map(({ text }) => text);

/** The names of the people in the room, sorted. */
export const names = (room: Room): string[] => room.people.map(({ name }) => name).sort();

/** Whether every message of the room is sent. */
export const allSent = (room: Room): boolean => room.messages.every(({ status }) => status === "sent");
