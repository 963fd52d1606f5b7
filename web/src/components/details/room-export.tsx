// Saves the whole log as a text file.
import type { LogEvent, Room } from "../../../../client/src/index.ts";
import { readPage } from "../../state/log-pages.ts";
import { transcript } from "../../text/transcript.ts";
import { type FileContent, type ReadProgress, SaveFile } from "../save-file.tsx";

export function RoomExport({ room }: { room: Room }) {
  return (
    <section>
      <h3>Keep a copy</h3>
      <SaveFile
        action="Save as text"
        reading="Reading the messages"
        failure="Couldn't read all messages."
        read={(signal, onProgress) => readLog(room, signal, onProgress)}
      />
    </section>
  );
}

async function readLog(
  room: Room,
  signal: AbortSignal,
  onProgress: (progress: ReadProgress) => void,
): Promise<FileContent> {
  const events: LogEvent[] = [];
  let read = 0;
  let newest = 1;
  while (read < newest) {
    onProgress({ part: read / newest });
    const page = await readPage(room, { after: read }, signal);
    events.push(...page.events);
    // A number that is not decided yet ends the log for now.
    if (page.to <= read) break;
    read = page.to;
    newest = page.seq;
  }
  return {
    name: `${fileName(room.name)}.txt`,
    type: "text/plain",
    text: transcript(room.name, events, Date.now()),
  };
}

/** Without what file systems do not take. */
function fileName(roomName: string): string {
  return roomName.replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "room";
}
