// The form that creates a room. It is prefilled, so that one click is enough.
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { limits } from "../../../../client/src/index.ts";
import { createRoom, type RoomFormErrors } from "../../state/create-room.ts";
import { suggestRoomName } from "../../text/name-suggestions.ts";
import { cleanName, lengthOf } from "../../text/normalize.ts";
import { Field } from "../field.tsx";
import { Icon } from "../icon.tsx";
import { VisibilityChoice } from "./visibility-choice.tsx";

export function RoomForm() {
  const name = useSignal(suggestRoomName());
  const topic = useSignal("");
  const isPublic = useSignal(false);
  const isSubmitting = useSignal(false);
  const errors = useSignal<RoomFormErrors>({});

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSubmitting.value) return;
    const form = event.currentTarget;
    const room = { name: cleanName(name.value), topic: cleanName(topic.value), isPublic: isPublic.value };
    const isTooLong = lengthOf(room.name) > limits.roomNameLength || lengthOf(room.topic) > limits.topicLength;
    errors.value = room.name ? {} : { name: "Enter a room name." };
    if (room.name && !isTooLong) {
      isSubmitting.value = true;
      errors.value = await createRoom(room);
      isSubmitting.value = false;
    }
    // `Field` takes the focus only if its error changes; this also covers a repeated error and a text that is too long.
    requestAnimationFrame(() => form.querySelector<HTMLInputElement>("[aria-invalid]")?.focus());
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
      <button type="submit" class="button primary">
        {isSubmitting.value ? "Creating room…" : "Create room"}
      </button>
      {errors.value.form && <p class="problem">{errors.value.form}</p>}
    </form>
  );
}
