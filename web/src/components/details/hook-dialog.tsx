// Makes a webhook: asks for the program's name, then shows how the program sends a message. The secret is shown only here.
import { useSignal } from "@preact/signals";
import { limits, type Room } from "../../../../client/src/index.ts";
import { type CreatedHook, createHook } from "../../state/room-settings.ts";
import { errorText, isRefusal } from "../../text/error-text.ts";
import { cleanName, lengthOf } from "../../text/normalize.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { CopyButton } from "./copy-button.tsx";

interface HookDialogProps {
  room: Room;
  onClose: () => void;
}

export function HookDialog({ room, onClose }: HookDialogProps) {
  const created = useSignal<CreatedHook | undefined>(undefined);
  return (
    <Dialog title="Add a webhook" class="dialog" onClose={onClose}>
      {created.value ? (
        <Instructions hook={created.value} />
      ) : (
        <HookForm
          room={room}
          onCreated={(hook) => {
            created.value = hook;
          }}
        />
      )}
    </Dialog>
  );
}

function HookForm({ room, onCreated }: { room: Room; onCreated: (hook: CreatedHook) => void }) {
  const name = useSignal("");
  const error = useSignal<string | undefined>(undefined);
  const isWorking = useSignal(false);

  async function submit() {
    const chosen = cleanName(name.value);
    error.value = chosen ? undefined : "Enter a name.";
    if (!chosen || lengthOf(chosen) > limits.personNameLength || isWorking.value) return;
    isWorking.value = true;
    try {
      onCreated(await createHook(room, chosen));
    } catch (refusal) {
      error.value = isRefusal(refusal, "invalidField")
        ? "This name is reserved, or looks like another bot's here. Choose another."
        : errorText(refusal);
    }
    isWorking.value = false;
  }

  return (
    <form
      class="settings-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p>A program outside, such as a build server, writes here under a name, marked as a bot.</p>
      <Field
        label="The program's name"
        text={name}
        limit={limits.personNameLength}
        required
        error={error.value}
        autoFocus
        autoComplete="off"
      />
      <button type="submit" class="button primary">
        {isWorking.value ? "Working…" : "Add"}
      </button>
    </form>
  );
}

function Instructions({ hook: { url, secret } }: { hook: CreatedHook }) {
  const command = `curl ${url} -H 'Authorization: Bearer ${secret}' --json '{"text": "Hello"}'`;
  return (
    <>
      <p role="status">Whoever has this secret writes here. Keep it now: it is not shown again.</p>
      <pre class="hook-command">
        <code>{command}</code>
      </pre>
      <div class="details-actions">
        <CopyButton text={command} label="Copy the command" />
        <CopyButton text={secret} label="Copy the secret" />
      </div>
    </>
  );
}
