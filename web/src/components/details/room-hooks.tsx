// The webhooks of a room, for its owner: programs outside that write in it.
import { limits, type Room } from "../../../../client/src/index.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { setBot } from "../../state/room-settings.ts";
import { isHook } from "../../text/hooks.ts";
import { Avatar } from "../avatar.tsx";
import { DialogButton } from "../dialog-button.tsx";
import { useAttempt } from "../use-attempt.tsx";
import { HookDialog } from "./hook-dialog.tsx";

export function RoomHooks({ room }: { room: Room }) {
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
          <DialogButton icon="plus" dialog={(close) => <HookDialog room={room} onClose={close} />}>
            Add a webhook
          </DialogButton>
        </div>
      )}
    </>
  );
}
