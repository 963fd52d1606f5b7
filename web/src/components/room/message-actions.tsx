// What one can do with a message: a toolbar at its edge for mouse and keyboard, behind a button for touch.
import { useComputed } from "@preact/signals";
import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Room, RoomMessage } from "../../../../client/src/index.ts";
import { react, remove } from "../../state/attempts.ts";
import { finePointer } from "../../state/browser.ts";
import { about } from "../../state/conversation.ts";
import { type Acting, acting, closeActions, isSame, startEditing } from "../../state/editing.ts";
import { isOwner } from "../../state/owned.ts";
import { offered } from "../../text/emoji.ts";
import { Icon } from "../icon.tsx";

interface MessageActionsProps {
  message: RoomMessage;
  room: Room;
}

export function MessageActions({ message, room }: MessageActionsProps) {
  const bar = useRef<HTMLDivElement>(null);
  const takesFocus = useRef(false);
  const mode = useComputed(() => (isSame(acting.value?.message, message) ? acting.value?.mode : undefined)).value;
  const you = about.value?.you.userId ?? "";

  // The button that had the focus is gone.
  useLayoutEffect(() => {
    if (takesFocus.current) bar.current?.querySelector("button")?.focus();
    takesFocus.current = false;
  }, [mode]);

  function show(next: Acting["mode"] | undefined) {
    takesFocus.current = true;
    acting.value = next && { message, mode: next };
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>) {
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons.at((at + step) % buttons.length)?.focus();
    } else if (event.key === "Escape" && mode) show(undefined);
    else return;
    event.preventDefault();
  }

  return (
    <>
      {!finePointer && (
        <button
          type="button"
          class="icon-button small more-button"
          aria-label="Message actions"
          aria-expanded={mode !== undefined}
          onClick={() => show(mode ? undefined : "tools")}
        >
          <Icon name="more" />
        </button>
      )}
      {(finePointer || mode) && (
        <div
          ref={bar}
          class={mode ? "actions open" : "actions"}
          role="toolbar"
          aria-label="Message actions"
          onKeyDown={onKeyDown}
        >
          {mode === "reacting" &&
            offered.map(([emoji, name], at) => {
              const mine = message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(you));
              const pick = () => {
                react(room, message, emoji, !mine);
                show(undefined);
              };
              return (
                <Action key={emoji} name={name} first={at === 0} pressed={mine} onClick={pick}>
                  <span aria-hidden="true">{emoji}</span>
                </Action>
              );
            })}
          {mode === "deleting" && (
            <>
              <span>Delete for everybody?</span>
              <button type="button" class="link-button" onClick={() => show(undefined)}>
                Keep
              </button>
              <button
                type="button"
                class="link-button danger"
                tabIndex={-1}
                onClick={() => {
                  remove(room, message);
                  show(undefined);
                }}
              >
                Delete
              </button>
            </>
          )}
          {(mode === undefined || mode === "tools") && (
            <>
              <Action name="React" first onClick={() => show("reacting")}>
                <Icon name="smile" />
              </Action>
              {message.from.userId === you && (
                <Action
                  name="Edit"
                  onClick={() => {
                    closeActions();
                    startEditing(message);
                  }}
                >
                  <Icon name="edit" />
                </Action>
              )}
              {(message.from.userId === you || isOwner(room.id, you)) && (
                <Action name="Delete" onClick={() => show("deleting")}>
                  <Icon name="delete" />
                </Action>
              )}
            </>
          )}
        </div>
      )}
    </>
  );
}

interface ActionProps {
  name: string;
  /** A toolbar is one stop of the Tab key; the arrows go on from there. */
  first?: boolean;
  pressed?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}

function Action({ name, first = false, pressed, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={name}
      title={name}
      aria-pressed={pressed}
      tabIndex={first ? 0 : -1}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
