// Reports of messages: which one this person is about to report, and what moderators ask the server for.
import { signal } from "@preact/signals";
import type { ReportList, ReportReason, Room, RoomMessage } from "../../../client/src/index.ts";
import { authenticatedApi } from "./identity.ts";
import { passFor } from "./passes.ts";

export const reporting = signal<RoomMessage | undefined>(undefined);

/** Rejects with a ParlorError. */
export async function reportMessage(room: Room, { epoch, seq }: RoomMessage, reason: ReportReason): Promise<void> {
  if (epoch === undefined || seq === undefined) return;
  await (await authenticatedApi()).report(room.id, { epoch, seq, reason }, passFor(room.id));
}

/** Returns a page of the room's open reports. Rejects with a ParlorError. */
export async function readReports(room: Room, cursor?: string): Promise<ReportList> {
  return (await authenticatedApi()).reports(room.id, cursor === undefined ? {} : { cursor });
}
