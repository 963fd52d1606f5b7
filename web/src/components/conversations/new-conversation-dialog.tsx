// Starts a direct conversation or a group with people named by handle or user id.
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { limits } from "../../../../client/src/index.ts";
import { createGroup, messagePerson, peopleIn, REFERENCES_LENGTH } from "../../state/conversations.ts";
import { ownHandle } from "../../state/handles.ts";
import { storedSession } from "../../state/identity.ts";
import { errorText, isRefusal } from "../../text/error-text.ts";
import { cleanName } from "../../text/normalize.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { Icon } from "../icons.tsx";
import { CopyAction } from "../log/copy-action.tsx";
import { OptionBox } from "../option-box.tsx";
import { FoundPeople } from "./found-people.tsx";

export function NewConversationDialog({ onClose }: { onClose: () => void }) {
  const isGroup = useSignal(false);
  const title = useSignal("");
  const people = useSignal("");
  const showsHistory = useSignal(false);
  const isSaving = useSignal(false);
  const titleProblem = useSignal<string | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const yourId = storedSession()?.userId;

  async function create(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSaving.value) return;
    const references = peopleIn(people.value);
    const [first] = references;
    titleProblem.value = isGroup.value && !cleanName(title.value) ? "Give the group a title." : undefined;
    problem.value = problemWith(references, isGroup.value);
    if (titleProblem.value || problem.value || first === undefined) return;
    isSaving.value = true;
    try {
      await (isGroup.value
        ? createGroup(cleanName(title.value), references, showsHistory.value)
        : messagePerson(first));
      onClose();
    } catch (error) {
      problem.value = isRefusal(error, "invalidField")
        ? "You can't start a conversation with yourself."
        : errorText(error);
    }
    isSaving.value = false;
  }

  return (
    <Dialog title="New conversation" class="dialog" onClose={onClose}>
      <form class="settings-form" noValidate onSubmit={(event) => void create(event)}>
        <fieldset class="choice">
          <legend>With</legend>
          {[false, true].map((group) => (
            <label key={String(group)} class="option">
              <input
                type="radio"
                name="kind"
                checked={isGroup.value === group}
                onChange={() => {
                  isGroup.value = group;
                }}
              />
              <Icon name={group ? "people" : "message"} />
              <span>
                <strong>{group ? "A group" : "One person"}</strong>
                <small>{group ? "Up to 100 people, with a title" : "Only the two of you"}</small>
              </span>
            </label>
          ))}
        </fieldset>
        {isGroup.value && (
          <Field
            label="Title"
            text={title}
            limit={limits.roomNameLength}
            required
            error={titleProblem.value}
            autoComplete="off"
          />
        )}
        <Field
          label={isGroup.value ? "People" : "Person"}
          hint={isGroup.value ? "@handles or user IDs, separated by spaces" : "@handle or user ID"}
          text={people}
          limit={REFERENCES_LENGTH}
          required
          error={problem.value}
          autoFocus
          autoComplete="off"
        />
        <FoundPeople references={peopleIn(people.value)} />
        {isGroup.value && (
          <OptionBox
            title="Show earlier messages"
            icon="clock"
            checked={showsHistory.value}
            onChange={(checked) => {
              showsHistory.value = checked;
            }}
          >
            People added later can read everything
          </OptionBox>
        )}
        <button type="submit" class="button primary">
          {isSaving.value ? "Starting…" : isGroup.value ? "Create group" : "Start"}
        </button>
      </form>
      {ownHandle.value && (
        <p class="hint your-id">
          Your own handle: <bdi>@{ownHandle.value}</bdi>
          <CopyAction title="Copy your handle" label="Copy your handle" text={`@${ownHandle.value}`} />
        </p>
      )}
      {yourId && (
        <p class="hint your-id">
          Your own user ID: <code>{yourId}</code>
          <CopyAction title="Copy your user ID" label="Copy your user ID" text={yourId} />
        </p>
      )}
    </Dialog>
  );
}

function problemWith(references: readonly string[], isGroup: boolean): string | undefined {
  if (references.length === 0) return isGroup ? "Enter at least one handle or user ID." : "Enter a handle or user ID.";
  if (!isGroup && references.length > 1) return "For more than one person, choose a group.";
  return undefined;
}
