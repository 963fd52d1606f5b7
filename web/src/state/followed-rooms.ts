// This tab stays in all of your rooms, over its one connection, to count what is unread there. The room that is open joins
// first. The others follow one at a time, at random intervals, from where this person stopped reading. A chunk of its own,
// because reading and writing need none of it.
import { computed, effect, untracked } from "@preact/signals";
import { ParlorError, type ParlorErrorCode, type Room } from "../../../client/src/index.ts";
import { isRoomOver } from "../text/ending-text.ts";
import { conversationUi, isCollapsed } from "./conversation-ui.ts";
import { displayName, ensureSession, storedSession } from "./identity.ts";
import { account } from "./known-account.ts";
import { notifyOfMessage, startNotifier } from "./notifier.ts";
import { passes, passFor } from "./passes.ts";
import { moveTo, placeIn } from "./places.ts";
import { activities, activityOf, type Obstacle, obstacles, type RoomActivity } from "./room-activity.ts";
import { acquireRoomToFollow, type RoomHandle } from "./room-handles.ts";
import { roomView } from "./room-view.ts";
import { roomInAddress } from "./route.ts";
import { listedRooms, updateYourRoom } from "./your-rooms.ts";

/** Average time between two joins, in milliseconds. All of 49 take 12 seconds, and a tenth of a minute's frames. */
const PAUSE_MS = 250;
/** Shortest time before a room is tried again that was full or that could not be reached; the longest is twice that. */
const REST_MS = { full: 300_000, unavailable: 30_000 };
/** Changes within this time are counted together, in milliseconds. */
const COUNT_MS = 100;
/** Of a room that is not open, this many messages stay in memory: enough to count. */
const KEPT = 100;

interface Followed {
  readonly room: Room;
  /** The name that was last asked for in it. */
  name: string;
  /** Ends it; the room is left unless something else in this tab needs it. */
  stop(): void;
}

const followed = new Map<string, Followed>();
let isJoining = false;

/** The room that is open and joined. */
const openRoomId = computed(() => {
  const view = roomView.value;
  return view.stage === "joined" && view.ended === undefined ? view.room.id : undefined;
});

/** Whether the room in the address is being joined, before which no other is. */
const isOpening = computed(() => roomInAddress.value !== undefined && roomView.value.stage === "opening");

export function followRooms(): void {
  startNotifier();
  let accountId = account.peek()?.userId;
  effect(() => {
    // After signing in or out in any tab, leave the rooms that somebody else has joined: the new person joins them again.
    const current = account.value?.userId;
    if (current === accountId) return;
    accountId = current;
    untracked(() => {
      const userId = storedSession()?.userId;
      for (const { room, stop } of followed.values()) if (room.you.userId !== userId) stop();
      void joinNext();
    });
  });
  effect(() => {
    void displayName.value;
    untracked(() => {
      for (const [roomId, obstacle] of obstacles.peek()) if (obstacle === "name") setObstacle(roomId, undefined);
      void joinNext();
    });
  });
  effect(() => {
    const listed = new Set(listedRooms.value.map(({ roomId }) => roomId));
    const open = openRoomId.value;
    void isOpening.value;
    untracked(() => {
      for (const [roomId, { stop }] of followed) if (!listed.has(roomId)) stop();
      for (const [roomId, { room }] of followed) setInBackground(room, roomId !== open);
      if (open !== undefined && listed.has(open)) {
        setObstacle(open, undefined);
        if (!followed.has(open)) void follow(open);
      }
      void joinNext();
    });
  });
  effect(() => {
    void passes.value;
    for (const [roomId, obstacle] of obstacles.peek()) {
      if (obstacle === "password" && passFor(roomId) !== undefined) setObstacle(roomId, undefined);
    }
    untracked(() => void joinNext());
  });
}

/** Joins the rooms that are not joined yet, and takes a new name to the others, in the order of the list. */
async function joinNext(): Promise<void> {
  if (isJoining) return;
  isJoining = true;
  for (let next = nextRoom(); next !== undefined; next = nextRoom()) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));
    if (nextRoom() === next) await (followed.has(next) ? rename(next) : follow(next));
  }
  isJoining = false;
}

function nextRoom(): string | undefined {
  const name = displayName.peek();
  if (isOpening.peek() || name === undefined) return undefined;
  const isDue = (roomId: string) => {
    const known = followed.get(roomId);
    if (!known) return !obstacles.peek().has(roomId);
    // The room that is open is renamed with its view.
    return roomId !== openRoomId.peek() && known.name !== name && known.room.you.name !== name;
  };
  return listedRooms.peek().find(({ roomId }) => isDue(roomId))?.roomId;
}

/** If the name is refused, this person keeps the former one there. */
async function rename(roomId: string): Promise<void> {
  const known = followed.get(roomId);
  const name = displayName.peek();
  if (!known || name === undefined) return;
  known.name = name;
  await known.room.rename(name).catch(() => {});
}

async function follow(roomId: string): Promise<void> {
  const name = displayName.peek();
  if (name === undefined) return;
  let handle: RoomHandle;
  try {
    const { userId } = await ensureSession();
    handle = await acquireRoomToFollow(roomId, name, placeIn(roomId, userId));
  } catch (error) {
    refused(roomId, error);
    return;
  }
  // Meanwhile the room may have been left, or opened and followed.
  if (followed.has(roomId) || !listedRooms.peek().some((room) => room.roomId === roomId)) handle.release();
  else track(handle, name);
}

function track(handle: RoomHandle, name: string): void {
  const { room } = handle;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const updateSoon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      update(room);
    }, COUNT_MS);
  };
  const stops = [
    () => clearTimeout(timer),
    room.on("change", updateSoon),
    room.on("message", (message) => notifyOfMessage(room, message)),
    room.on("left", (reason) => {
      stop();
      if (reason !== "left")
        setObstacle(room.id, isRoomOver(reason) ? "over" : (refusals.get(reason) ?? "unavailable"));
    }),
    effect(() => {
      void placeIn(room.id, room.you.userId);
      void conversationUi.value?.blockedIds.value;
      untracked(updateSoon);
    }),
  ];
  const stop = () => {
    for (const each of stops) each();
    followed.delete(room.id);
    setActivity(room.id, undefined);
    handle.release();
  };
  followed.set(room.id, { room, name, stop });
  setInBackground(room, room.id !== openRoomId.peek());
  update(room);
}

function update(room: Room): void {
  if (room.inBackground && room.messages.length > 1.5 * KEPT) {
    room.forgetOlder(room.messages.at(-KEPT)?.seq ?? 0);
    return;
  }
  const known = listedRooms.peek().find(({ roomId }) => roomId === room.id);
  if (known && known.name !== room.name) updateYourRoom(room.id, { name: room.name });
  const userId = room.you.userId;
  const place = placeIn(room.id, userId);
  // Nothing is known to be unread in a room that was read by somebody else, or before it was cleared.
  if (place?.epoch !== room.epoch) moveTo(room.id, { epoch: room.epoch, seq: room.last, userId });
  else
    setActivity(
      room.id,
      activityOf(room, place.seq, (id) => isCollapsed(room.id, id)),
    );
}

/** Once a room is not open any more, it is a background room, which keeps less. */
function setInBackground(room: Room, isInBackground: boolean): void {
  if (room.inBackground === isInBackground) return;
  room.inBackground = isInBackground;
  update(room);
}

/** A map, because the server chooses the key. */
const refusals = new Map<ParlorErrorCode | string, Obstacle>([
  ["passRequired", "password"],
  ["roomFull", "full"],
  ["roomClosed", "over"],
  ["roomNotFound", "over"],
  ["nameTaken", "name"],
  ["kicked", "kicked"],
  ["banned", "banned"],
]);

/** What may pass is tried again much later. Anything else waits until this person opens the room. */
function refused(roomId: string, error: unknown): void {
  const obstacle = error instanceof ParlorError ? refusals.get(error.code) : undefined;
  setObstacle(roomId, obstacle ?? "unavailable");
  const isTemporary = !(error instanceof ParlorError) || error.retryable;
  if (!isTemporary) return;
  const rest = REST_MS[obstacle === "full" ? "full" : "unavailable"];
  setTimeout(
    () => {
      setObstacle(roomId, undefined);
      void joinNext();
    },
    rest * (1 + Math.random()),
  );
}

function setObstacle(roomId: string, obstacle: Obstacle | undefined): void {
  if (obstacles.peek().get(roomId) !== obstacle) obstacles.value = withEntry(obstacles.peek(), roomId, obstacle);
}

function setActivity(roomId: string, activity: RoomActivity | undefined): void {
  const shown = activities.peek().get(roomId);
  if (JSON.stringify(shown) !== JSON.stringify(activity)) {
    activities.value = withEntry(activities.peek(), roomId, activity);
  }
}

function withEntry<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value | undefined): Map<string, Value> {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
}
