// Asks before somebody else becomes the room's owner.
import { useRef } from "preact/hooks";
import type { Person, Room } from "../../../../client/src/index.ts";
import { moderate } from "../../state/moderating.ts";
import { Dialog } from "../dialog.tsx";
import { useAttempt } from "../use-attempt.tsx";

interface HandOverDialogProps {
  room: Room;
  person: Person;
  onDone: () => void;
  onClose: () => void;
}

export function HandOverDialog({ room, person: { userId, name }, onDone, onClose }: HandOverDialogProps) {
  const isWorking = useRef(false);
  const { attempt, problem } = useAttempt();

  async function handOver() {
    if (isWorking.current) return;
    isWorking.current = true;
    try {
      await moderate(room, { action: "handOver", userId });
      onClose();
      onDone();
    } finally {
      isWorking.current = false;
    }
  }

  return (
    <Dialog title={`Make ${name} the owner?`} class="dialog" onClose={onClose}>
      <p class="moderation-effect">
        The room then belongs to <bdi>{name}</bdi>, and you become a moderator. Only they can give it back.
      </p>
      <div class="details-actions">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button danger" onClick={() => attempt(handOver)}>
          Make owner
        </button>
      </div>
      {problem}
    </Dialog>
  );
}
