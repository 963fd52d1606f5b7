// The dialog that an entry of a person's menu opens. Not within the menu's list or message, whose styles it would take on.
import { useEffect } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { moderationDialog } from "../../state/moderating.ts";
import { Dialog } from "../dialog.tsx";
import { HandOverDialog } from "./hand-over-dialog.tsx";
import { RestrictDialog } from "./restrict-dialog.tsx";

const close = () => {
  moderationDialog.value = undefined;
};

export function ModerationDialogs({ room }: { room: Room }) {
  useEffect(() => close, []);
  if (!moderationDialog.value) return null;
  const { dialog, person, onDone } = moderationDialog.value;
  const shared = { room, person, onDone, onClose: close };
  if (dialog === "handOver") return <HandOverDialog {...shared} />;
  if (typeof dialog === "string") return <RestrictDialog action={dialog} {...shared} />;
  return (
    <Dialog title="That did not work" class="dialog" onClose={close}>
      <p>{dialog.problem}</p>
    </Dialog>
  );
}
