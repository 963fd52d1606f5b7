// A notice as a line among the messages.
import type { Notice } from "../../../../client/src/index.ts";
import { roomNotes } from "../room/notes.ts";

export function NoticeRow({ notice }: { notice: Notice }) {
  const notes = roomNotes.loaded;
  return (
    <li class="room-notice" data-seq={notice.seq}>
      <bdi>{notice.by.name}</bdi> {notes ? <notes.NoticeText notice={notice} /> : "…"}
    </li>
  );
}
