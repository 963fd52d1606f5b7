// Everything about this person, in a dialog: who they are, their handle, and their data.
import { knownConfig } from "../../state/config.ts";
import { displayName } from "../../state/identity.ts";
import { account } from "../../state/known-account.ts";
import { Dialog } from "../dialog.tsx";
import { DeleteData } from "./delete-data.tsx";
import { DownloadData } from "./download-data.tsx";
import { HandleForm } from "./handle-form.tsx";
import { NotificationOptions } from "./notification-options.tsx";

export function PersonDialog({ onClose }: { onClose: () => void }) {
  const known = account.value;
  return (
    <Dialog title="You" class="dialog details" onClose={onClose}>
      <section class="details-about">
        <h3 dir="auto">{known?.name ?? displayName.value ?? "Guest"}</h3>
        <p class="hint">
          {known
            ? "Signed in. You are the same person wherever you sign in."
            : "A guest. You are the same person in this browser only, until you have stayed away for 30 days."}
          {!known && knownConfig.value?.signIn && " To keep what you have, sign in."}
        </p>
      </section>
      <HandleForm />
      <NotificationOptions />
      <section>
        <h3>Your data</h3>
        <DownloadData />
        <DeleteData />
      </section>
    </Dialog>
  );
}
