// Deletes everything about this person: says what goes and what stays, and asks.
import { useSignal } from "@preact/signals";
import { announce } from "../../state/announcer.ts";
import { eraseData } from "../../state/my-data.ts";
import { errorText } from "../../text/error-text.ts";
import { Confirmed } from "../confirmed.tsx";
import { Dialog } from "../dialog.tsx";
import { DialogButton } from "../dialog-button.tsx";
import { OptionBox } from "../option-box.tsx";

export function DeleteData() {
  return (
    <div class="details-actions">
      <DialogButton class="danger" dialog={(close) => <DeleteDialog onClose={close} />}>
        Delete your data…
      </DialogButton>
    </div>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const messages = useSignal(false);
  const hasFailed = useSignal(false);
  const isRunning = useSignal(false);

  async function erase(): Promise<string | undefined> {
    isRunning.value = true;
    announce("Deleting…");
    try {
      await eraseData({ messages: messages.value });
      return undefined;
    } catch (error) {
      isRunning.value = false;
      hasFailed.value = true;
      const problem = `Not everything is deleted yet. ${errorText(error)}`;
      announce(problem);
      return problem;
    }
  }

  return (
    <Dialog title="Delete your data" class="dialog delete-data" onClose={onClose}>
      <p>
        This deletes your handle, your name, whom you block, and your place in every conversation: you leave groups, and
        others see “Deleted person” in direct conversations. This browser forgets your rooms, drafts and settings.
      </p>
      <p class="hint">
        What stays: your name on messages that are not deleted, and in notices; reactions; rooms that you own, until
        they end. To close those, end them first.
      </p>
      <OptionBox
        title="Also delete my messages"
        icon="delete"
        checked={messages.value}
        onChange={(checked) => {
          if (!isRunning.value) messages.value = checked;
        }}
      >
        Everywhere you have written, for everyone. This cannot be done later
      </OptionBox>
      <Confirmed
        action="Delete my data"
        question={
          messages.value
            ? "Delete everything, with your messages? This cannot be undone."
            : "Delete everything but your messages? This cannot be undone."
        }
        confirm={hasFailed.value ? "Try again" : "Delete for good"}
        work={erase}
      />
    </Dialog>
  );
}
