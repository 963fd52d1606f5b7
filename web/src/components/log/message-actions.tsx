// What one can do with a message: a toolbar beside it for mouse and keyboard; below it, behind a button, for touch.
import { useComputed } from "@preact/signals";
import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Room, RoomMessage } from "../../../../client/src/index.ts";
import { finePointer } from "../../browser/environment.ts";
import { type Acting, acting, closeActions, isSame, startEditing } from "../../state/editing.ts";
import { yourId } from "../../state/joined-room.ts";
import { isOwner } from "../../state/owned-rooms.ts";
import { react, remove } from "../../state/pending-changes.ts";
import { offered } from "../../text/emoji.ts";
import { describe } from "../../text/message-label.ts";
import { Icon } from "../icon.tsx";

interface MessageActionsProps {
  message: RoomMessage;
  room: Room;
}

function useMode(message: RoomMessage): Acting["mode"] | undefined {
  return useComputed(() => (isSame(acting.value?.message, message) ? acting.value?.mode : undefined)).value;
}

/** Opens the toolbar where there is no mouse to bring it up. */
export function MoreButton({ message }: { message: RoomMessage }) {
  const mode = useMode(message);
  return (
    <button
      type="button"
      class="icon-button small more-button"
      aria-label={`Actions for ${describe(message)}`}
      aria-expanded={mode !== undefined}
      onClick={() => {
        acting.value = mode ? undefined : { message, mode: "tools" };
      }}
    >
      <Icon name="more" />
    </button>
  );
}

export function MessageActions({ message, room }: MessageActionsProps) {
  const bar = useRef<HTMLDivElement>(null);
  const row = useRef<Element | null>(null);
  const mode = useMode(message);
  const before = useRef(mode);
  const you = yourId.value;
  // Another identity cannot change what was said before.
  const yours = message.from.userId === you;
  const about = describe(message);

  // The focus follows what opens, and returns to the button that opened it.
  useLayoutEffect(() => {
    const opener = before.current;
    before.current = mode;
    if (mode) {
      row.current = bar.current?.closest("li") ?? null;
      bar.current?.querySelector("button")?.focus();
      if (!finePointer) bar.current?.scrollIntoView({ block: "nearest" });
    } else if (opener && document.activeElement === document.body) {
      const buttons = row.current?.querySelectorAll<HTMLElement>(`[data-opens="${opener}"], .more-button`);
      buttons?.[0]?.focus({ preventScroll: true });
    }
  }, [mode]);

  function show(next: Acting["mode"] | undefined) {
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

  if (!finePointer && !mode) return null;
  if (mode === "deleting") {
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
      <div ref={bar} class="actions open" role="group" aria-label={`Delete ${about}`} onKeyDown={onKeyDown}>
        <span>Delete for everybody?</span>
        <button type="button" class="link-button" onClick={() => show(undefined)}>
          Keep
        </button>
        <button
          type="button"
          class="link-button danger"
          onClick={() => {
            remove(room, message);
            show(undefined);
          }}
        >
          Delete
        </button>
      </div>
    );
  }
  return (
    <div
      ref={bar}
      class={mode ? "actions open" : "actions"}
      role="toolbar"
      aria-label={mode === "reacting" ? `React to ${about}` : `Actions for ${about}`}
      onKeyDown={onKeyDown}
    >
      {mode === "reacting" ? (
        offered.map(([emoji, name], at) => {
          const mine = message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(you));
          const pick = () => {
            react(room, message, emoji, !mine);
            show(undefined);
          };
          return (
            <Action key={emoji} title={name} label={name} first={at === 0} pressed={mine} onClick={pick}>
              <span aria-hidden="true">{emoji}</span>
            </Action>
          );
        })
      ) : (
        <>
          <Action title="React" label={`React to ${about}`} first opens="reacting" onClick={() => show("reacting")}>
            <Icon name="smile" />
          </Action>
          {yours && (
            <Action
              title="Edit"
              label={`Edit ${about}`}
              onClick={() => {
                closeActions();
                startEditing(message);
              }}
            >
              <Icon name="edit" />
            </Action>
          )}
          {(yours || isOwner(room.id, you)) && (
            <Action title="Delete" label={`Delete ${about}`} opens="deleting" onClick={() => show("deleting")}>
              <Icon name="delete" />
            </Action>
          )}
        </>
      )}
    </div>
  );
}

interface ActionProps {
  title: string;
  /** For screen readers: they meet many buttons of the same title. */
  label: string;
  /** A toolbar is one stop of the Tab key; the arrows go on from there. */
  first?: boolean;
  pressed?: boolean;
  opens?: Acting["mode"];
  onClick: () => void;
  children: ComponentChildren;
}

function Action({ title, label, first = false, pressed, opens, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={label}
      title={title}
      aria-pressed={pressed}
      data-opens={opens}
      tabIndex={first ? 0 : -1}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
