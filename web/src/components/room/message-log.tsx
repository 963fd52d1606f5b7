// What was said, oldest first. Opens at the newest; older messages load while one scrolls up.
import { useComputed, useSignalEffect } from "@preact/signals";
import { Fragment } from "preact";
import { useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { now, visible } from "../../state/browser.ts";
import { about, hasOlder, markSeen, messages, unread } from "../../state/conversation.ts";
import { count } from "../../text/count.ts";
import { groupMessages } from "../../text/groups.ts";
import { dayName } from "../../text/time.ts";
import { Icon } from "../icon.tsx";
import { EmptyLog } from "./empty-log.tsx";
import { MessageRow } from "./message-row.tsx";
import { useLogScroll } from "./use-log-scroll.ts";
import { useOlder } from "./use-older.ts";

export function MessageLog({ room }: { room: Room }) {
  const scroller = useRef<HTMLElement>(null);
  const items = useComputed(() => groupMessages(messages.value));
  const older = useOlder(room);
  const { atBottom, toBottom } = useLogScroll(scroller, messages.value, older.load);

  useSignalEffect(() => {
    if (messages.value && visible.value && atBottom.value) markSeen();
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
          {hasOlder.value && !older.failed.value && <p class="older">Loading older messages…</p>}
          {!hasOlder.value && items.value.length > 0 && (
            <p class="log-start">
              This is where <bdi>{about.value?.name}</bdi> begins.
            </p>
          )}
          {items.value.length === 0 ? (
            <EmptyLog roomId={room.id} />
          ) : (
            <ol>
              {items.value.map((item) => (
                <Fragment key={`${item.message.from.userId} ${item.message.id}`}>
                  {item.startsDay && (
                    <li class="day">
                      <span>{dayName(item.message.at, now.value)}</span>
                    </li>
                  )}
                  <MessageRow item={item} room={room} />
                </Fragment>
              ))}
            </ol>
          )}
        </div>
      </section>
      {!atBottom.value && (
        <button type="button" class="to-bottom" onClick={toBottom}>
          <Icon name="down" />
          {unread.value > 0 ? count(unread.value, "new message") : "Newest"}
        </button>
      )}
    </div>
  );
}
