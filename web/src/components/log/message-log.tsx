// The room's log, oldest entry first. It opens at the newest one; older messages load while scrolling up.
import { useComputed, useSignalEffect } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { now, visible } from "../../browser/environment.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { actionMenu, closeActionMenu } from "../../state/editing.ts";
import { hasOlder, messages, notices, roomName } from "../../state/joined-room.ts";
import { rememberPlace } from "../../state/log-target.ts";
import { dividerSeq, leftPage, markNew, markRead, unread } from "../../state/unread.ts";
import { count } from "../../text/count.ts";
import { dayName } from "../../text/time.ts";
import { Icon } from "../icon.tsx";
import { lazy } from "../lazy.ts";
import { EmptyLog } from "./empty-log.tsx";
import { logEntries, logItems } from "./log-entries.ts";
import { MessageRow } from "./message-row.tsx";
import { NewMessagesButton, NewMessagesDivider } from "./new-messages.tsx";
import { NoticeRow } from "./notice-row.tsx";
import { useLogScroll } from "./use-log-scroll.ts";
import { useLogTarget } from "./use-log-target.ts";
import { useOlderMessages } from "./use-older-messages.ts";

const logInput = lazy(() => import("./log-input.ts"));

export function MessageLog({ room, closed }: { room: Room; closed: boolean }) {
  const scroller = useRef<HTMLElement>(null);
  const entries = useComputed(() => logEntries(messages.value, notices.value));
  const older = useOlderMessages(room);
  const { start, end, atBottom, scrollToBottom, reveal } = useLogScroll(
    scroller,
    entries.value,
    older.load,
    (before) => room.forgetOlder(before),
    (place) => rememberPlace(room, place),
  );
  useLogTarget(entries, older, reveal);
  const newFrom = dividerSeq.value;
  const items = logItems(entries.value, start, end, newFrom);
  const isDirect = useComputed(() => conversationUi.value?.conversationIn(room.id)?.kind === "direct").value;
  const hasMoreBefore = hasOlder.value || start > 0;

  useSignalEffect(() => {
    if (visible.value && atBottom.value) return markRead();
    markNew();
    if (!visible.value) leftPage();
  });

  // Before the log can be seen: a log of another epoch replaces one that has the keys.
  const input = logInput.loaded;
  useLayoutEffect(() => input?.handleLogInput(scroller.current as HTMLElement, scrollToBottom), [input]);
  useEffect(() => {
    void logInput.load();
    return closeActionMenu;
  }, []);
  useSignalEffect(() => {
    if (!actionMenu.value) return undefined;
    const onPointerDown = ({ target }: Event) => {
      if (!(target as Element).closest(".actions, .more-button, dialog")) closeActionMenu();
    };
    addEventListener("pointerdown", onPointerDown);
    return () => removeEventListener("pointerdown", onPointerDown);
  });

  return (
    <div class="log-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, the keyboard cannot scroll it. */}
      <section class="log" ref={scroller} aria-label="Messages" tabIndex={0}>
        <NewMessagesButton />
        <div class="log-content">
          {older.failed.value && (
            <div class="older-failed">
              <p>Couldn't load older messages.</p>
              <button type="button" class="button" onClick={older.retry}>
                Try again
              </button>
            </div>
          )}
          {hasMoreBefore && !older.failed.value && <p class="older">Loading older messages…</p>}
          {!hasMoreBefore && items.length > 0 && (
            <p class="log-start">
              This is the beginning of {isDirect && "your conversation with "}
              <bdi>{roomName.value}</bdi>.
            </p>
          )}
          {items.length === 0 ? (
            !hasMoreBefore && <EmptyLog roomId={room.id} />
          ) : (
            <ol>
              {items.map((item) => {
                const isNotice = "notice" in item;
                const key = isNotice ? item.notice.seq : `${item.message.from.userId} ${item.message.id}`;
                const { at, seq } = isNotice ? item.notice : item.message;
                return (
                  <Fragment key={key}>
                    {item.startsDay && <DayDivider at={at} />}
                    {newFrom !== undefined && seq === newFrom && <NewMessagesDivider />}
                    {isNotice ? (
                      <NoticeRow notice={item.notice} />
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
        {/* Inside the log, so that wheel and touch scroll the log from here too. */}
        {!atBottom.value && (
          <div class="to-bottom-anchor">
            <button type="button" class="to-bottom" onClick={scrollToBottom}>
              <Icon name="down" />
              {unread.value > 0 ? count(unread.value, "new message") : "Jump to latest"}
            </button>
          </div>
        )}
      </section>
    </div>
  );
}

function DayDivider({ at }: { at: number }) {
  return (
    <li class="day">
      <span>{dayName(at, now.value)}</span>
    </li>
  );
}
