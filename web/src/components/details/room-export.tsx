// Saves the whole log as a text file, which the browser builds.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { LogEvent, Room } from "../../../../client/src/index.ts";
import { download } from "../../browser/download.ts";
import { announce } from "../../state/announcer.ts";
import { readPage } from "../../state/log-pages.ts";
import { errorText } from "../../text/error-text.ts";
import { transcript } from "../../text/transcript.ts";
import { Icon } from "../icon.tsx";

export function RoomExport({ room }: { room: Room }) {
  /** How much of the log has been read, from 0 to 1. Undefined while nothing is saved. */
  const progress = useSignal<number | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function save() {
    running.current = new AbortController();
    const { signal } = running.current;
    problem.value = undefined;
    progress.value = 0;
    const events: LogEvent[] = [];
    try {
      let read = 0;
      let newest = 1;
      while (read < newest) {
        const page = await readPage(room, { after: read }, signal);
        events.push(...page.events);
        // A number that is not decided yet ends the log for now.
        if (page.to <= read) break;
        read = page.to;
        newest = page.seq;
        progress.value = read / newest;
      }
      download(`${fileName(room.name)}.txt`, "text/plain", transcript(room.name, events, Date.now()));
      announce("Saved");
    } catch (error) {
      if (!signal.aborted) problem.value = `Couldn't read all messages. ${errorText(error)}`;
    }
    progress.value = undefined;
  }

  return (
    <section>
      <h3>Keep a copy</h3>
      <div class="details-actions">
        {progress.value === undefined ? (
          <button type="button" class="button" onClick={() => void save()}>
            <Icon name="down" />
            Save as text
          </button>
        ) : (
          <>
            <progress aria-label="Reading the messages" value={progress.value} />
            <button type="button" class="button" onClick={() => running.current?.abort()}>
              Cancel
            </button>
          </>
        )}
      </div>
      {problem.value && <p class="problem">{problem.value}</p>}
    </section>
  );
}

/** Without what file systems do not take. */
function fileName(roomName: string): string {
  return roomName.replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "room";
}
