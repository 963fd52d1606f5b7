// What moderators ask the server for.
import { signal } from "@preact/signals";
import type { HeldList, Moderation, ModerationState, Person, Room } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";
import { authenticatedApi } from "./identity.ts";
import { lastSeq } from "./joined-room.ts";
import { isAsked, setAsked } from "./standings.ts";

/** What a moderator is asked before something is done to a person, or why it was not done. */
export interface ModerationDialog {
  dialog: "kick" | "mute" | "ban" | "handOver" | { problem: string };
  person: Person;
  /** Called after something was done. */
  onDone: () => void;
}

export const moderationDialog = signal<ModerationDialog | undefined>(undefined);

/** Rejects with a ParlorError. The notice that follows tells everyone. */
export async function moderate(room: Room, moderation: Moderation): Promise<void> {
  await (await authenticatedApi()).moderate(room.id, moderation);
}

/** Returns who is moderated, and a page of what was done. Rejects with a ParlorError. */
export async function readModeration(room: Room, cursor?: string): Promise<ModerationState> {
  // What happens while the answer is on its way is known twice, which is as good as once.
  const seq = lastSeq.peek();
  const state = await (await authenticatedApi()).moderation(room.id, cursor === undefined ? {} : { cursor });
  setAsked(room.id, state.people, seq);
  return state;
}

/** Returns a page of the messages that wait for a moderator. Rejects with a ParlorError. */
export async function readHeld(room: Room, cursor?: string): Promise<HeldList> {
  return (await authenticatedApi()).held(room.id, cursor === undefined ? {} : { cursor });
}

/** Finds out who is moderated, once per room. Without an answer, the page goes by the notices that it has. */
export async function learnStandings(room: Room): Promise<void> {
  if (!isAsked.peek()) await readModeration(room).catch(() => announce("Couldn't ask who is muted or banned"));
}
