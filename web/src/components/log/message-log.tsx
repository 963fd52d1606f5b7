// What was said, oldest first. Opens at the newest; older messages load while one scrolls up.
import { useComputed, useSignalEffect } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { now, visible } from "../../browser/environment.ts";
import { acting, closeActions } from "../../state/editing.ts";
import { about, hasOlder, markSeen, messages, notices, unread } from "../../state/joined-room.ts";
import { count } from "../../text/count.ts";
import { dayName } from "../../text/time.ts";
import { Icon } from "../icon.tsx";
import { EmptyLog } from "./empty-log.tsx";
import { logEntries, logItems } from "./log-entries.ts";
import { MessageRow } from "./message-row.tsx";
import { NoticeLine } from "./notice-row.tsx";
import { useLogScroll } from "./use-log-scroll.ts";
import { useOlder } from "./use-older-messages.ts";

export function MessageLog({ room, closed }: { room: Room; closed: boolean }) {
  const scroller = useRef<HTMLElement>(null);
  const entries = useComputed(() => logEntries(messages.value, notices.value));
  const older = useOlder(room);
  const { start, end, atBottom, toBottom } = useLogScroll(scroller, entries.value, older.load, (before) =>
    room.forgetOlder(before),
  );
  const items = logItems(entries.value, start, end);
  const moreBefore = hasOlder.value || start > 0;

  useSignalEffect(() => {
    if (messages.value && visible.value && atBottom.value) markSeen();
  });

  useEffect(() => closeActions, []);
  useSignalEffect(() => {
    if (!acting.value) return undefined;
    const onPress = ({ target }: Event) => {
      if (!(target as Element).closest(".actions, .more-button")) closeActions();
    };
    addEventListener("pointerdown", onPress);
    return () => removeEventListener("pointerdown", onPress);
  });

  return (
    <div class="log-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, the keyboard could not scroll it. */}
      <section class="log" ref={scroller} aria-label="Messages" tabIndex={0}>
        <div class="log-content">
          {older.failed.value && (
            <div class="older-failed">
              <p>Older messages could not be loaded.</p>
              <button type="button" class="button" onClick={older.retry}>
                Try again
              </button>
            </div>
          )}
          {moreBefore && !older.failed.value && <p class="older">Loading older messages…</p>}
          {!moreBefore && items.length > 0 && (
            <p class="log-start">
              This is where <bdi>{about.value?.name}</bdi> begins.
            </p>
          )}
          {items.length === 0 ? (
            !moreBefore && <EmptyLog roomId={room.id} />
          ) : (
            <ol>
              {items.map((item) => {
                const isNotice = "notice" in item;
                const key = isNotice ? item.notice.seq : `${item.message.from.userId} ${item.message.id}`;
                const { at } = isNotice ? item.notice : item.message;
                return (
                  <Fragment key={key}>
                    {item.startsDay && <DayLine at={at} />}
                    {isNotice ? (
                      <NoticeLine notice={item.notice} />
                    ) : (
                      <MessageRow
                        message={item.message}
                        startsGroup={item.startsGroup}
                        endsGroup={item.endsGroup}
                        room={room}
                        closed={closed}
                      />
                    )}
                  </Fragment>
                );
              })}
            </ol>
          )}
        </div>
        {/* In the log, so that the wheel and a finger scroll it from here too. */}
        {!atBottom.value && (
          <div class="to-bottom-place">
            <button type="button" class="to-bottom" onClick={toBottom}>
              <Icon name="down" />
              {unread.value > 0 ? count(unread.value, "new message") : "Newest"}
            </button>
          </div>
        )}
      </section>
    </div>
  );
}

function DayLine({ at }: { at: number }) {
  return (
    <li class="day">
      <span>{dayName(at, now.value)}</span>
    </li>
  );
}
