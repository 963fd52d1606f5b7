// What shows the message that another one answers, in a chunk of its own. Until it has arrived, nothing is shown as a reply
// and no reply can be written.
import { lazy } from "../lazy.ts";

const preview = lazy(async () => (await import("./reply-preview.tsx")).ReplyPreview);
const bar = lazy(async () => (await import("./reply-preview.tsx")).ReplyBar);

/** Call it when a room opens. */
export function loadReplies(): void {
  void preview.load();
  void bar.load();
}

export function replyPreview() {
  return preview.loaded;
}

export function replyBar() {
  return bar.loaded;
}
