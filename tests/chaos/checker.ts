// Checks a recorded history against the protocol's guarantees.

import { checkContents } from "./check-contents.ts";
import { checkDevices } from "./check-devices.ts";
import { checkLeaks } from "./check-leaks.ts";
import { checkLog } from "./check-log.ts";
import { checkPosts } from "./check-posts.ts";
import { checkReaders } from "./check-readers.ts";
import { checkRequests } from "./check-requests.ts";
import { EVERY_ROOM, type HistoryEvent } from "./history.ts";
import { RoomHistory } from "./room-history.ts";
import type { Violation } from "./violation.ts";

const checks = [checkLog, checkRequests, checkReaders, checkContents, checkLeaks, checkPosts, checkDevices];

export function check(history: readonly HistoryEvent[]): Violation[] {
  const violations: Violation[] = [];
  for (const [room, events] of byRoom(history)) {
    const roomHistory = new RoomHistory(events);
    for (const checkRoom of checks) checkRoom(roomHistory, (name, about) => violations.push({ name, room, about }));
  }
  return violations;
}

function byRoom(history: readonly HistoryEvent[]): Map<string, HistoryEvent[]> {
  const rooms = new Map<string, HistoryEvent[]>();
  const ofEvery = history.filter(({ room }) => room === EVERY_ROOM);
  for (const event of history) {
    if (event.room === EVERY_ROOM) continue;
    const events = rooms.get(event.room);
    if (events) events.push(event);
    else rooms.set(event.room, [...ofEvery, event]);
  }
  return rooms;
}
