// Brings the outbox to the server, room by room, also to rooms that no tab shows. One tab at a time sends for a person and
// room; ids make sure that nothing is said twice, even if a tab ends before it has noted that something was sent.
import { effect } from "@preact/signals";
import { ParlorError, type ParlorErrorCode, type Room } from "../../../client/src/index.ts";
import { withLock } from "../browser/locks.ts";
import { isRefusal } from "../text/error-text.ts";
import { client, connection, isOpenAs } from "./connection.ts";
import { displayName, refuseName, session } from "./identity.ts";
import { discard, outbox, readOutbox, setProblem, setTried, type Unsent } from "./outbox.ts";
import { type Stay, stayToSend } from "./room-handles.ts";

const RETRY_MS = 10_000;

const underWay = new Set<string>();

export function followDelivery(): void {
  effect(() => {
    // What waits for a name that the server takes goes on once there is one.
    void displayName.value;
    for (const roomId of new Set(outbox.value.filter(isWaiting).map(({ roomId }) => roomId))) void deliver(roomId);
  });
}

function isWaiting({ problem }: Unsent): boolean {
  return problem === undefined;
}

function waitingIn(roomId: string): Unsent[] {
  return outbox.peek().filter((message) => message.roomId === roomId && isWaiting(message));
}

async function deliver(roomId: string): Promise<void> {
  if (underWay.has(roomId)) return;
  underWay.add(roomId);
  try {
    while (waitingIn(roomId).length > 0) {
      try {
        const { userId } = await session();
        const isDone = await withLock(`outbox.${userId}.${roomId}`, () => sendAll(roomId, userId));
        // Outside the lock: a tab without a connection must not hold up the others.
        if (!isDone) await connected();
      } catch (error) {
        if (isRefusal(error, "invalidField")) break;
        await settle(roomId, error);
      }
    }
  } finally {
    underWay.delete(roomId);
  }
}

/** Sends what waits in this room. False when that takes a connection, and there is none. */
async function sendAll(roomId: string, userId: string): Promise<boolean> {
  // What another tab has sent while this one waited for the lock is not there any more.
  await readOutbox();
  failOthers(roomId, userId);
  const [first] = waitingIn(roomId);
  if (!first) return true;
  if (!isOpenAs(userId)) return false;
  const stay = await stayUnlessLost(roomId, displayName.peek() ?? first.from.name);
  if (!stay) return false;
  try {
    while (true) {
      failOthers(roomId, userId);
      const [message] = waitingIn(roomId);
      if (!message) return true;
      if (message.triedAt === undefined) {
        await setTried(message);
        continue;
      }
      if (stay.room.you.userId !== userId) throw new Error("The connection is another person's.");
      const outcome = await send(stay.room, message, message.triedAt);
      if (outcome === "lost") return false;
      if (outcome === "sent") {
        discard(message.id);
      } else {
        setProblem(message, outcome);
        stay.room.discard(message.id);
      }
    }
  } finally {
    stay.release();
  }
}

/** Joins, unless the connection is lost meanwhile. */
function stayUnlessLost(roomId: string, name: string): Promise<Stay | undefined> {
  return new Promise((resolve, reject) => {
    let isLost = false;
    const stop = connection.subscribe(({ state }) => {
      isLost ||= state !== "open";
      if (isLost) resolve(undefined);
    });
    stayToSend(roomId, name)
      .then(
        (stay) => (isLost ? stay.release() : resolve(stay)),
        (error: unknown) => {
          if (isRefusal(error, "invalidField")) refuseName(name);
          reject(error);
        },
      )
      .finally(stop);
  });
}

async function connected(): Promise<void> {
  const current = await client();
  // After a refusal only the person starts another attempt: each may make a new guest.
  if (current.state !== "refused") current.connect();
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    stop = connection.subscribe(({ state }) => {
      if (state === "open") resolve();
    });
  });
  stop?.();
}

/** Fails what waits in a room that is closed to it, and waits a while where it may still be sent. */
async function settle(roomId: string, error: unknown): Promise<void> {
  if (error instanceof ParlorError && !error.retryable && error.code !== "disconnected") {
    for (const message of waitingIn(roomId)) setProblem(message, error.code);
  } else {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function send(room: Room, { id, text, at }: Unsent, triedAt: number): Promise<"sent" | "lost" | ParlorErrorCode> {
  const stops: (() => void)[] = [];
  const outcome = new Promise<"sent" | "lost" | ParlorErrorCode>((resolve) => {
    // It may be there from an attempt before the connection was lost, whose outcome came while nobody waited for it.
    const look = () => {
      const shown = room.messages.findLast((message) => message.own && message.id === id);
      if (shown?.status === "sent") resolve("sent");
      if (shown?.status === "failed") resolve(shown.error?.code ?? "unavailable");
    };
    stops.push(
      room.on("change", look),
      room.on("delivery", (delivery) => {
        if (delivery.id !== id || delivery.status === "trying") return;
        resolve(delivery.status === "sent" ? "sent" : (delivery.error?.code ?? "unavailable"));
      }),
      room.on("left", () => resolve("lost")),
      connection.subscribe(({ state }) => {
        if (state !== "open") resolve("lost");
      }),
    );
    room.send(text, { id, at, triedAt });
    look();
  });
  return outcome.finally(() => {
    for (const stop of stops) stop();
  });
}

/** What was written under another identity waits until the person asks for it. */
function failOthers(roomId: string, userId: string): void {
  for (const message of waitingIn(roomId)) {
    if (message.from.userId !== userId) setProblem(message, "disconnected");
  }
}
