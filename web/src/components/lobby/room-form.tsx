// The form that creates a room. It is prefilled, so that one click is enough.
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { limits } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { createRoom } from "../../state/create-room.ts";
import { focusProblem, type RoomFormErrors, roomErrors } from "../../state/room-form.ts";
import { isTemporary, ruleFields, setTemporary } from "../../state/rule-fields.ts";
import { suggestRoomName } from "../../text/name-suggestions.ts";
import { cleanName } from "../../text/normalize.ts";
import { Field } from "../field.tsx";
import { Icon } from "../icons.tsx";
import { lazy } from "../lazy.ts";
import { OptionBox } from "../option-box.tsx";
import { VisibilityChoice } from "./visibility-choice.tsx";

const ruleInputs = lazy(async () => (await import("../rule-inputs.tsx")).RuleInputs);

async function loadOptions(): Promise<void> {
  if (!(await ruleInputs.load())) announce("Couldn't load all options. Reload the page.");
}

export function RoomForm() {
  const name = useSignal(suggestRoomName());
  const topic = useSignal("");
  const isPublic = useSignal(false);
  const rules = useMemo(() => ruleFields(), []);
  const isSubmitting = useSignal(false);
  const errors = useSignal<RoomFormErrors>({});
  const RuleInputs = ruleInputs.loaded;
  const options = useRef<HTMLDetailsElement>(null);

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSubmitting.value) return;
    const form = event.currentTarget;
    const room = { name: cleanName(name.value), topic: cleanName(topic.value), isPublic: isPublic.value, rules };
    const found = roomErrors(room);
    errors.value = found ?? {};
    if (!found) {
      isSubmitting.value = true;
      errors.value = await createRoom(room);
      isSubmitting.value = false;
    }
    const isOptionWrong = errors.value.maxPeople ?? errors.value.password;
    if (isOptionWrong && options.current) options.current.open = true;
    focusProblem(form);
  }

  return (
    <form class="card room-form" aria-label="Create a room" noValidate onSubmit={(event) => void submit(event)}>
      <Field
        label="Room name"
        text={name}
        limit={limits.roomNameLength}
        required
        error={errors.value.name}
        autoComplete="off"
      >
        <button
          type="button"
          class="icon-button"
          aria-label="Suggest another name"
          title="Another name"
          onClick={() => {
            name.value = suggestRoomName();
          }}
        >
          <Icon name="shuffle" />
        </button>
      </Field>
      <Field
        label="Topic"
        hint="optional"
        text={topic}
        limit={limits.topicLength}
        error={errors.value.topic}
        autoComplete="off"
      />
      <VisibilityChoice isPublic={isPublic} />
      <details class="options" ref={options} onToggle={() => void loadOptions()}>
        <summary>Options</summary>
        <div class="options-content">
          <OptionBox
            title="Temporary"
            icon="clock"
            checked={isTemporary(rules)}
            onChange={(on) => setTemporary(rules, on)}
          >
            Ends after 10 minutes, at most 20 people
          </OptionBox>
          {RuleInputs && <RuleInputs fields={rules} errors={errors.value} />}
        </div>
      </details>
      <button type="submit" class="button primary">
        {isSubmitting.value ? "Creating room…" : "Create room"}
      </button>
      {errors.value.form && <p class="problem">{errors.value.form}</p>}
    </form>
  );
}
