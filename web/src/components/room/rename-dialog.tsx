// Changes one's name in the room, and for the rooms to come.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { setDisplayName } from "../../state/identity.ts";
import { isRefusal, refused, refusedName } from "../../text/error-text.ts";
import { Dialog } from "../dialog.tsx";
import { NameForm } from "./name-form.tsx";

export function RenameDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const busy = useRef(false);
  const error = useSignal<string | undefined>(undefined);

  async function rename(name: string) {
    if (busy.current) return;
    busy.current = true;
    try {
      await room.rename(name);
      // Unless another tab has chosen one meanwhile.
      if (room.you.name === name) {
        setDisplayName(name);
        announce(`You are now ${name}`);
      }
      onClose();
    } catch (failure) {
      error.value = isRefusal(failure, "invalidField") ? refusedName(name) : refused(failure);
      busy.current = false;
    }
  }

  return (
    <Dialog title="Change your name" class="dialog" onClose={onClose}>
      <NameForm initial={room.you.name} action="Save" error={error.value} onName={(name) => void rename(name)} />
    </Dialog>
  );
}
