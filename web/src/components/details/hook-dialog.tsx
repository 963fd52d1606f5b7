// Makes a webhook: asks for the program's name and address, then shows how it sends a message and checks what it is told. The
// secrets are shown only here.
import { useSignal } from "@preact/signals";
import { limits, ParlorError, type Room } from "../../../../client/src/index.ts";
import { type CreatedHook, createHook } from "../../state/room-settings.ts";
import { errorText } from "../../text/error-text.ts";
import { cleanName, lengthOf } from "../../text/normalize.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { CopyButton } from "./copy-button.tsx";

const BAD_NAME = "This name is reserved, or looks like another bot's here. Choose another.";
const BAD_ADDRESS = "Enter an address on the Internet that begins with https://, without a port.";
const TOO_MANY = `This room has ${limits.toldPerRoom} programs that get its messages. Remove one first.`;

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
  const address = useSignal("");
  const error = useSignal<string | undefined>(undefined);
  const addressError = useSignal<string | undefined>(undefined);
  const isWorking = useSignal(false);

  async function submit() {
    const chosen = cleanName(name.value);
    error.value = chosen ? undefined : "Enter a name.";
    const url = address.value.trim() || undefined;
    const isLong = lengthOf(chosen) > limits.personNameLength || lengthOf(url ?? "") > limits.hookUrlLength;
    addressError.value = undefined;
    if (!chosen || isLong || isWorking.value) return;
    isWorking.value = true;
    try {
      onCreated(await createHook(room, chosen, url));
    } catch (refusal) {
      const invalid = refusal instanceof ParlorError && refusal.code === "invalidField" ? refusal.message : "";
      if (invalid.includes("url:")) addressError.value = BAD_ADDRESS;
      else if (invalid.includes("are told")) addressError.value = TOO_MANY;
      else error.value = invalid ? BAD_NAME : errorText(refusal);
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
      <Field
        label="Send it what people write here (optional)"
        text={address}
        limit={limits.hookUrlLength}
        error={addressError.value}
        placeholder="https://"
        hint="The address at which the program is reached. Everyone here learns its host."
        autoComplete="off"
      />
      <button type="submit" class="button primary">
        {isWorking.value ? "Working…" : "Add"}
      </button>
    </form>
  );
}

function Instructions({ hook: { url, secret, signingSecret } }: { hook: CreatedHook }) {
  const command = `curl ${url} -H 'Authorization: Bearer ${secret}' --json '{"text": "Hello"}'`;
  return (
    <>
      <p role="status">Whoever has this secret writes here. Keep it now: it is not shown again.</p>
      <pre class="hook-command">
        <code>{command}</code>
      </pre>
      {signingSecret && (
        <>
          <p>With this one, the program checks that what it is told comes from here:</p>
          <pre class="hook-command">
            <code>{signingSecret}</code>
          </pre>
        </>
      )}
      <div class="details-actions">
        <CopyButton text={command} label="Copy the command" />
        <CopyButton text={secret} label="Copy the secret" />
        {signingSecret && <CopyButton text={signingSecret} label="Copy the signing secret" />}
      </div>
    </>
  );
}
