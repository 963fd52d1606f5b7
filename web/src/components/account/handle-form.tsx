// Claims, changes and releases this person's handle.
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { useEffect } from "preact/hooks";
import { limits } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { claimHandle, loadOwnHandle, lostHandle, ownHandle, releaseHandle } from "../../state/handles.ts";
import { account } from "../../state/known-account.ts";
import { errorText } from "../../text/error-text.ts";
import { handleErrorText, withoutAt } from "../../text/handle.ts";
import { Confirmed } from "../confirmed.tsx";
import { CopyButton } from "../details/copy-button.tsx";
import { Field } from "../field.tsx";

export function HandleForm() {
  const known = ownHandle.value;
  const next = useSignal("");
  const problem = useSignal<string | undefined>(undefined);
  const isSaving = useSignal(false);

  useEffect(() => {
    loadOwnHandle().catch((error: unknown) => {
      problem.value = errorText(error);
    });
  }, []);

  async function claim(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSaving.value) return;
    problem.value = undefined;
    const chosen = withoutAt(next.value);
    if (!chosen) {
      problem.value = "Enter a handle.";
      return;
    }
    isSaving.value = true;
    try {
      await claimHandle(chosen);
      next.value = "";
      announce(`Your handle is @${ownHandle.value}`);
    } catch (error) {
      problem.value = handleErrorText(error);
    }
    isSaving.value = false;
  }

  async function release(): Promise<string | undefined> {
    try {
      await releaseHandle();
      announce("Released");
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }

  return (
    <section>
      <h3>Your handle</h3>
      {known === undefined ? (
        <p class="hint">People find you by it, to message you. Nobody else here can have the same.</p>
      ) : (
        <div class="details-actions">
          <strong class="own-handle">
            <bdi>@{known}</bdi>
          </strong>
          <CopyButton key={known} text={`@${known}`} label="Copy handle" />
        </div>
      )}
      {lostHandle.value !== undefined && (
        <p class="problem">You had @{lostHandle.value} as a guest, for 30 days. Somebody else has it now.</p>
      )}
      <form class="group-form" noValidate onSubmit={(event) => void claim(event)}>
        <Field
          label={known === undefined ? "Handle" : "Another handle"}
          hint="2–32 letters, digits, _ . -"
          text={next}
          limit={limits.handleLength + (next.value.trimStart().startsWith("@") ? 1 : 0)}
          error={problem.value}
          placeholder="@ada"
          autoComplete="off"
        >
          <button type="submit" class="button">
            {isSaving.value ? "Saving…" : known === undefined ? "Claim" : "Change"}
          </button>
        </Field>
      </form>
      {known !== undefined && (
        <>
          {!account.value && (
            <p class="hint">A guest's handle lasts 30 days, and is renewed whenever you open this page.</p>
          )}
          <Confirmed
            key={known}
            action="Release handle"
            question={`Release @${known}? Somebody else can claim it then.`}
            confirm="Release"
            working="Releasing…"
            work={release}
          />
        </>
      )}
    </section>
  );
}
