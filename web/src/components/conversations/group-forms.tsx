// What any member of a group may change: who is in it, and its title.
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { limits } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { addPeople, peopleIn, REFERENCES_LENGTH, renameGroup } from "../../state/conversations.ts";
import { errorText } from "../../text/error-text.ts";
import { cleanName } from "../../text/normalize.ts";
import { Field } from "../field.tsx";

export function AddPeople({ roomId }: { roomId: string }) {
  const people = useSignal("");
  const { problem, submit } = useSubmit(async () => {
    const references = peopleIn(people.value);
    if (references.length === 0) return "Enter at least one handle or user ID.";
    await addPeople(roomId, references);
    people.value = "";
    announce("Added");
    return undefined;
  });
  return (
    <form class="group-form" noValidate onSubmit={submit}>
      <Field
        label="Add people"
        hint="@handles or user IDs"
        text={people}
        limit={REFERENCES_LENGTH}
        error={problem.value}
        autoComplete="off"
      >
        <button type="submit" class="button">
          Add
        </button>
      </Field>
    </form>
  );
}

export function GroupTitle({ roomId, title }: { roomId: string; title: string }) {
  const next = useSignal(title);
  const { problem, submit } = useSubmit(async () => {
    const cleaned = cleanName(next.value);
    if (!cleaned) return "Give the group a title.";
    if (cleaned !== title) await renameGroup(roomId, cleaned);
    return undefined;
  });
  return (
    <form class="group-form" noValidate onSubmit={submit}>
      <Field label="Title" text={next} limit={limits.roomNameLength} error={problem.value} autoComplete="off">
        <button type="submit" class="button">
          Rename
        </button>
      </Field>
    </form>
  );
}

/** `request` returns what is wrong with the form, or rejects with what the server says. */
function useSubmit(request: () => Promise<string | undefined>) {
  const problem = useSignal<string | undefined>(undefined);
  const isSaving = useSignal(false);
  async function send() {
    if (isSaving.value) return;
    isSaving.value = true;
    problem.value = undefined;
    try {
      problem.value = await request();
    } catch (error) {
      problem.value = errorText(error);
    }
    isSaving.value = false;
  }
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void send();
  };
  return { problem, submit };
}
