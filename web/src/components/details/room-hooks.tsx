// The webhooks of a room, for its owner: programs outside that write in it.
import { useSignal } from "@preact/signals";
import { limits, type Room } from "../../../../client/src/index.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { setBot } from "../../state/room-settings.ts";
import { isHook } from "../../text/hooks.ts";
import { Avatar } from "../avatar.tsx";
import { Icon } from "../icons.tsx";
import { useAttempt } from "../use-attempt.tsx";
import { HookDialog } from "./hook-dialog.tsx";

export function RoomHooks({ room }: { room: Room }) {
  const showsDialog = useSignal(false);
  const { attempt, problem } = useAttempt();
  const hooks = roomDetails.value?.bots?.filter(isHook) ?? [];
  return (
    <>
      {hooks.length > 0 && <p class="hint">Programs that write here through a webhook:</p>}
      <ul class="people-list">
        {hooks.map((hook) => (
          <li key={hook.userId} class="person">
            <Avatar person={hook} />
            <bdi class="bot-about">{hook.name}</bdi>
            <button
              type="button"
              class="button"
              aria-label={`Remove ${hook.name}`}
              onClick={() => attempt(() => setBot(room, hook.userId.slice("bot:".length), false))}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      {problem}
      {hooks.length < limits.hooksPerRoom && (
        <div class="details-actions">
          <button
            type="button"
            class="button"
            aria-haspopup="dialog"
            onClick={() => {
              showsDialog.value = true;
            }}
          >
            <Icon name="plus" />
            Add a webhook
          </button>
        </div>
      )}
      {showsDialog.value && (
        <HookDialog
          room={room}
          onClose={() => {
            showsDialog.value = false;
          }}
        />
      )}
    </>
  );
}
