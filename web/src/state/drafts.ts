// What each room's composer holds unsent. It survives leaving the room and a reload.
import type { Position } from "../../../client/src/index.ts";
import type { Mentioned } from "../text/mentions.ts";
import { roomStore } from "./room-store.ts";

export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly replyTo?: Position | undefined;
  /** Who was chosen to be mentioned. */
  readonly mentioned?: readonly Mentioned[];
}

/** A text alone is a draft of a page from before there were replies. */
const stored = roomStore<Draft | string>("draft", 20);

/** This tab's drafts. What another tab of the same room writes is stored too, but does not replace them. */
const drafts = new Map<string, Draft>();

export function getDraft(roomId: string): Draft {
  const draft = drafts.get(roomId) ?? stored.load(roomId);
  if (typeof draft === "string") return { text: draft };
  return typeof draft?.text === "string" ? draft : { text: "" };
}

export function updateDraft(roomId: string, change: Partial<Draft>): void {
  const draft = { ...getDraft(roomId), ...change };
  drafts.set(roomId, draft);
  if (draft.text || draft.replyTo) stored.save(roomId, draft);
  else stored.remove(roomId);
}
