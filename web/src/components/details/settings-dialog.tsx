// What the owner of a room may change: its name, its topic and its rules.
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { useMemo } from "preact/hooks";
import { limits, type Room } from "../../../../client/src/index.ts";
import { focusProblem, type RoomFormErrors, roomErrors } from "../../state/room-form.ts";
import { updateRoom } from "../../state/room-settings.ts";
import { ruleFields, ruleUpdate } from "../../state/rule-fields.ts";
import { cleanName } from "../../text/normalize.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { RuleInputs } from "../rule-inputs.tsx";

interface SettingsDialogProps {
  room: Room;
  onClose: () => void;
}

export function SettingsDialog({ room, onClose }: SettingsDialogProps) {
  // As they are when the dialog opens: what the owner did not touch is not sent, and does not undo another tab's change.
  const before = useMemo(() => ({ name: room.name, topic: room.topic ?? "", rules: room.rules }), []);
  const name = useSignal(before.name);
  const topic = useSignal(before.topic);
  const rules = useMemo(() => ruleFields(before.rules), []);
  const isSaving = useSignal(false);
  const errors = useSignal<RoomFormErrors>({});

  async function save(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSaving.value) return;
    const form = event.currentTarget;
    const next = { name: cleanName(name.value), topic: cleanName(topic.value), rules };
    errors.value = roomErrors(next) ?? {};
    if (!roomErrors(next)) {
      isSaving.value = true;
      errors.value = await updateRoom(room, {
        ...(next.name !== before.name && { name: next.name }),
        ...(next.topic !== before.topic && { topic: next.topic }),
        ...ruleUpdate(rules, before.rules),
      });
      isSaving.value = false;
      if (Object.keys(errors.value).length === 0) return onClose();
    }
    focusProblem(form);
  }

  return (
    <Dialog title="Room settings" class="dialog settings" onClose={onClose}>
      <form class="settings-form" noValidate onSubmit={(event) => void save(event)}>
        <Field
          label="Room name"
          text={name}
          limit={limits.roomNameLength}
          required
          error={errors.value.name}
          autoFocus
          autoComplete="off"
        />
        <Field
          label="Topic"
          hint="optional"
          text={topic}
          limit={limits.topicLength}
          error={errors.value.topic}
          autoComplete="off"
        />
        <RuleInputs fields={rules} errors={errors.value} rules={before.rules} />
        <button type="submit" class="button primary">
          {isSaving.value ? "Saving…" : "Save"}
        </button>
        {errors.value.form && <p class="problem">{errors.value.form}</p>}
      </form>
    </Dialog>
  );
}
