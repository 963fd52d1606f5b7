// Makes a room. Everything is filled in, so that one click is enough.
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { createRoom, type RoomProblem } from "../../state/create-room.ts";
import { suggestRoomName } from "../../text/name-suggestions.ts";
import { cleanName, lengthOf, ROOM_NAME_LENGTH, TOPIC_LENGTH } from "../../text/normalize.ts";
import { Field } from "../field.tsx";
import { Icon } from "../icon.tsx";
import { VisibilityChoice } from "./visibility-choice.tsx";

export function RoomForm() {
  const name = useSignal(suggestRoomName());
  const topic = useSignal("");
  const isPublic = useSignal(false);
  const busy = useSignal(false);
  const problem = useSignal<RoomProblem>({});

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    const form = event.currentTarget;
    const room = { name: cleanName(name.value), topic: cleanName(topic.value), isPublic: isPublic.value };
    const tooLong = lengthOf(room.name) > ROOM_NAME_LENGTH || lengthOf(room.topic) > TOPIC_LENGTH;
    problem.value = room.name ? {} : { name: "A room needs a name." };
    if (room.name && !tooLong) {
      busy.value = true;
      problem.value = await createRoom(room);
      busy.value = false;
    }
    // Once the fields show it; also where the error is the same as before, and for a text that is too long.
    requestAnimationFrame(() => form.querySelector<HTMLInputElement>("[aria-invalid]")?.focus());
  }

  return (
    <form class="card room-form" aria-label="Make a room" noValidate onSubmit={(event) => void submit(event)}>
      <Field
        label="Room name"
        value={name.value}
        onValue={(value) => {
          name.value = value;
        }}
        limit={ROOM_NAME_LENGTH}
        required
        error={problem.value.name}
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
        value={topic.value}
        onValue={(value) => {
          topic.value = value;
        }}
        limit={TOPIC_LENGTH}
        error={problem.value.topic}
        autoComplete="off"
      />
      <VisibilityChoice isPublic={isPublic} />
      <button type="submit" class="button primary">
        {busy.value ? "Making the room…" : "Make a room"}
      </button>
      {problem.value.form && <p class="problem">{problem.value.form}</p>}
    </form>
  );
}
