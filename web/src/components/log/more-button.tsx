// Opens a message's sheet on touch screens.
import type { RoomMessage } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { actionMenu, closeActionMenu } from "../../state/editing.ts";
import { messageLabel } from "../../text/message-label.ts";
import { Icon } from "../icon.tsx";
import { messageTools } from "./message-tools.ts";

export function MoreButton({ message }: { message: RoomMessage }) {
  return (
    <button
      type="button"
      class="icon-button small more-button"
      aria-label={`Actions for ${messageLabel(message)}`}
      aria-haspopup="dialog"
      onClick={() => {
        actionMenu.value = { message, mode: "toolbar" };
        void explainMissing();
      }}
    >
      <Icon name="more" />
    </button>
  );
}

async function explainMissing(): Promise<void> {
  if (await messageTools.load()) return;
  closeActionMenu();
  announce("Couldn't load the actions. Reload the page.");
}
