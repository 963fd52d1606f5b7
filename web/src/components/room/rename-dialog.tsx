// Changes this person's name, in this room and for later ones.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { setDisplayName } from "../../state/identity.ts";
import { errorText, isRefusal, nameErrorText } from "../../text/error-text.ts";
import { Dialog } from "../dialog.tsx";
import { NameForm } from "./name-form.tsx";

export function RenameDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const isSaving = useRef(false);
  const error = useSignal<string | undefined>(undefined);

  async function rename(name: string) {
    if (isSaving.current) return;
    isSaving.current = true;
    try {
      await room.rename(name);
      // Another tab may have chosen yet another name meanwhile.
      if (room.you.name === name) {
        setDisplayName(name);
        announce(`You are now ${name}`);
      }
      onClose();
    } catch (failure) {
      error.value = isRefusal(failure, "invalidField") ? nameErrorText(name) : errorText(failure);
      isSaving.current = false;
    }
  }

  return (
    <Dialog title="Change your name" class="dialog" onClose={onClose}>
      <NameForm initial={room.you.name} action="Save" error={error.value} onName={(name) => void rename(name)} />
    </Dialog>
  );
}
