// What somebody did to the people or bots of a notice: "Ada added Ben".
import type { Notice } from "../../../client/src/index.ts";

export const noticeActs: Partial<Record<Notice["kind"], string>> = {
  added: "added",
  removed: "removed",
  botAdded: "added the bot",
  botRemoved: "removed the bot",
};
