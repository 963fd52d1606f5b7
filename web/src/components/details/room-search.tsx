// Finds messages of the room: among the loaded ones at once, and further back page by page when the person asks.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Message, Room } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { firstSeq, messages } from "../../state/joined-room.ts";
import { readPage } from "../../state/log-pages.ts";
import { logTarget } from "../../state/log-target.ts";
import { roomHref } from "../../state/route.ts";
import { count } from "../../text/count.ts";
import { errorText } from "../../text/error-text.ts";
import { fold } from "../../text/match.ts";
import { momentTime } from "../../text/time.ts";

/** The most results that are shown. */
const MOST = 100;
/** How much of a message is shown before and after what was found, in characters. */
const AROUND = 60;

type Searched = Pick<Message, "from" | "text" | "at"> & { readonly seq?: number; readonly deletedAt?: number };

export function RoomSearch({ room, onGo }: { room: Room; onGo: () => void }) {
  const id = useId();
  const query = useSignal("");
  /** Messages before the loaded ones, oldest first. */
  const older = useSignal<readonly Message[]>([]);
  /** Everything from this number on has been searched. */
  const reached = useSignal(firstSeq.peek());
  const isSearching = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const found = useComputed(() => {
    const wanted = fold(query.value.trim());
    if (!wanted) return [];
    const first = firstSeq.value;
    const all: Searched[] = [...older.value.filter(({ seq }) => seq < first), ...messages.value];
    return all
      .filter(({ seq, text, deletedAt }) => seq !== undefined && !deletedAt && fold(text).includes(wanted))
      .reverse();
  });

  async function searchBack() {
    running.current = new AbortController();
    const { signal } = running.current;
    isSearching.value = true;
    problem.value = undefined;
    try {
      reached.value = Math.min(reached.value, firstSeq.peek());
      while (reached.value > 1) {
        const page = await readPage(room, { before: reached.value }, signal);
        const more = page.events.flatMap((event) => (event.type === "message" ? [event] : []));
        older.value = [...more, ...older.value];
        reached.value = page.from;
      }
    } catch (error) {
      if (!signal.aborted) problem.value = `Couldn't search further back. ${errorText(error)}`;
    }
    isSearching.value = false;
  }

  const wanted = query.value.trim();
  const oldest = older.value[0];
  return (
    <section>
      <h3>
        <label for={id}>Search the messages</label>
      </h3>
      <input
        id={id}
        class="search-field"
        type="search"
        dir="auto"
        autoComplete="off"
        value={query.value}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
        }}
      />
      {wanted && (
        <>
          <p class="search-state">
            {count(found.value.length, "message")} found
            {found.value.length > MOST && `, the newest ${MOST} are shown`}
            {oldest && `, back to ${momentTime(oldest.at, now.value)}`}.
          </p>
          <ol class="search-results">
            {found.value.slice(0, MOST).map(({ seq, from, at, text }) => (
              <li key={seq}>
                <a
                  href={roomHref(room.id, seq)}
                  onClick={() => {
                    onGo();
                    // The address may name this message already.
                    if (seq !== undefined) logTarget.value = { seq };
                  }}
                >
                  <span class="search-about">
                    <bdi>{from.name}</bdi>{" "}
                    <time dateTime={new Date(at).toISOString()}>{momentTime(at, now.value)}</time>
                  </span>
                  <Excerpt text={text} wanted={wanted} />
                </a>
              </li>
            ))}
          </ol>
          <div class="details-actions">
            {isSearching.value ? (
              <>
                <progress aria-label="Searching older messages" value={1 - reached.value / room.last} />
                <button type="button" class="button" onClick={() => running.current?.abort()}>
                  Cancel
                </button>
              </>
            ) : (
              Math.min(reached.value, firstSeq.value) > 1 && (
                <button type="button" class="button" onClick={() => void searchBack()}>
                  Search older messages
                </button>
              )
            )}
          </div>
          {problem.value && <p class="problem">{problem.value}</p>}
        </>
      )}
    </section>
  );
}

/** The part of a text around what was found, which is marked if folding has not moved it. */
function Excerpt({ text, wanted }: { text: string; wanted: string }) {
  const folded = fold(text);
  const at = folded.indexOf(fold(wanted));
  const start = Math.max(0, at - AROUND);
  const end = at + wanted.length + AROUND;
  const isMarked = folded.length === text.length;
  return (
    <span dir="auto">
      {start > 0 && "…"}
      {isMarked ? (
        <>
          {text.slice(start, at)}
          <mark>{text.slice(at, at + wanted.length)}</mark>
          {text.slice(at + wanted.length, end)}
        </>
      ) : (
        text.slice(start, end)
      )}
      {end < text.length && "…"}
    </span>
  );
}
