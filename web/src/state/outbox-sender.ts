// Sends the outbox, room by room, including rooms that no tab shows. A Web Lock per person and room elects
// the sending tab. If a tab closes before it has recorded that a message was sent, the message's id keeps it from being sent
// twice.
import { effect } from "@preact/signals";
import { ParlorError, type ParlorErrorCode, type Room } from "../../../client/src/index.ts";
import { withLock } from "../browser/locks.ts";
import { isRefusal } from "../text/error-text.ts";
import { client, connection, isConnectedAs } from "./connection.ts";
import { displayName, ensureSession, rejectName } from "./identity.ts";
import { discard, extrasOf, markFailed, markTried, type OutboxEntry, outbox, reloadOutbox } from "./outbox.ts";
import { acquireRoomToSend, type RoomHandle } from "./room-handles.ts";

const RETRY_MS = 10_000;

/** Rooms whose entries this tab is sending. */
const sending = new Set<string>();

export function startOutboxSender(): void {
  effect(() => {
    // Depend on the name: a refused one stops sending, a new one restarts it.
    void displayName.value;
    for (const roomId of new Set(outbox.value.filter(isPending).map(({ roomId }) => roomId))) void sendRoom(roomId);
  });
}

function isPending({ problem }: OutboxEntry): boolean {
  return problem === undefined;
}

function pendingIn(roomId: string): OutboxEntry[] {
  return outbox.peek().filter((entry) => entry.roomId === roomId && isPending(entry));
}

async function sendRoom(roomId: string): Promise<void> {
  if (sending.has(roomId)) return;
  sending.add(roomId);
  try {
    while (pendingIn(roomId).length > 0) {
      try {
        const { userId } = await ensureSession();
        const isDone = await withLock(`outbox.${userId}.${roomId}`, () => sendAll(roomId, userId));
        // Waits without the lock: a tab without a connection must not hold up the others.
        if (!isDone) await connected();
      } catch (error) {
        if (isRefusal(error, "invalidField")) break;
        await failOrWait(roomId, error);
      }
    }
  } finally {
    sending.delete(roomId);
  }
}

/** Sends the room's pending entries. Returns false if that needs a connection and there is none. */
async function sendAll(roomId: string, userId: string): Promise<boolean> {
  // Drops entries that another tab sent while this one waited for the lock.
  await reloadOutbox();
  failOtherIdentities(roomId, userId);
  const [first] = pendingIn(roomId);
  if (!first) return true;
  if (!isConnectedAs(userId)) return false;
  const handle = await acquireUnlessDisconnected(roomId, displayName.peek() ?? first.from.name);
  if (!handle) return false;
  try {
    while (true) {
      failOtherIdentities(roomId, userId);
      const [entry] = pendingIn(roomId);
      if (!entry) return true;
      if (entry.triedAt === undefined) {
        await markTried(entry);
        continue;
      }
      if (handle.room.you.userId !== userId) throw new Error("The connection now belongs to someone else.");
      const outcome = await send(handle.room, entry, entry.triedAt);
      if (outcome === "disconnected") return false;
      if (outcome === "sent") {
        discard(entry.id);
      } else {
        markFailed(entry, outcome.problem, outcome.explanation);
        handle.room.discard(entry.id);
      }
    }
  } finally {
    handle.release();
  }
}

/** Joins the room. Returns undefined if the connection is lost meanwhile. */
function acquireUnlessDisconnected(roomId: string, name: string): Promise<RoomHandle | undefined> {
  return new Promise((resolve, reject) => {
    let isDisconnected = false;
    const stop = connection.subscribe(({ state }) => {
      isDisconnected ||= state !== "open";
      if (isDisconnected) resolve(undefined);
    });
    acquireRoomToSend(roomId, name)
      .then(
        (handle) => (isDisconnected ? handle.release() : resolve(handle)),
        (error: unknown) => {
          if (isRefusal(error, "invalidField")) rejectName(name);
          reject(error);
        },
      )
      .finally(stop);
  });
}

async function connected(): Promise<void> {
  const current = await client();
  // After a refused token only the person may try again: each attempt could create a new guest.
  if (current.state !== "refused") current.connect();
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    stop = connection.subscribe(({ state }) => {
      if (state === "open") resolve();
    });
  });
  stop?.();
}

/** Fails the room's pending entries if the error is final. Otherwise waits before the next attempt. */
async function failOrWait(roomId: string, error: unknown): Promise<void> {
  if (error instanceof ParlorError && !error.retryable && error.code !== "disconnected") {
    for (const entry of pendingIn(roomId)) markFailed(entry, error.code);
  } else {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

type Outcome = "sent" | "disconnected" | { problem: ParlorErrorCode; explanation: string | undefined };

function send(room: Room, entry: OutboxEntry, triedAt: number): Promise<Outcome> {
  const { id, text, at } = entry;
  const stops: (() => void)[] = [];
  const outcome = new Promise<Outcome>((resolve) => {
    const failed = (error: ParlorError | undefined) =>
      resolve({ problem: error?.code ?? "unavailable", explanation: error?.explanation });
    // An attempt from before a lost connection may have settled while nothing listened for its outcome.
    const checkMessages = () => {
      const message = room.messages.findLast((message) => message.own && message.id === id);
      if (message?.status === "sent") resolve("sent");
      if (message?.status === "failed") failed(message.error);
    };
    stops.push(
      room.on("change", checkMessages),
      room.on("delivery", (delivery) => {
        if (delivery.id !== id || delivery.status === "trying") return;
        if (delivery.status === "sent") resolve("sent");
        else failed(delivery.error);
      }),
      room.on("left", () => resolve("disconnected")),
      connection.subscribe(({ state }) => {
        if (state !== "open") resolve("disconnected");
      }),
    );
    room.send(text, { id, at, triedAt, ...extrasOf(entry) });
    checkMessages();
  });
  return outcome.finally(() => {
    for (const stop of stops) stop();
  });
}

/** Messages written under another identity are sent only if the person asks for it. */
function failOtherIdentities(roomId: string, userId: string): void {
  for (const entry of pendingIn(roomId)) {
    if (entry.from.userId !== userId) markFailed(entry, "disconnected");
  }
}
