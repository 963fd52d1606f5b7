// What somebody did, by a notice: "Ada added Ben". A new name and new rules need more words.
import type { Notice } from "../../../client/src/index.ts";

export const noticeActs: Partial<Record<Notice["kind"], string>> = {
  added: "added",
  removed: "removed",
  memberLeft: "left",
  botAdded: "added the bot",
  botRemoved: "removed the bot",
  cleared: "deleted all earlier messages",
  closed: "closed the room",
};
