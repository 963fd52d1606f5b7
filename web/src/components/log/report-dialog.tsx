// Reports a message to the room's moderators: asks why, and says what happens. Hides nothing.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ReportReason, Room, RoomMessage } from "../../../../client/src/index.ts";
import { reporting, reportMessage } from "../../state/reporting.ts";
import { errorText, isRefusal } from "../../text/error-text.ts";
import { reasons } from "../../text/report-text.ts";
import { Dialog } from "../dialog.tsx";

interface ReportDialogProps {
  room: Room;
  message: RoomMessage;
}

export function ReportDialog({ room, message }: ReportDialogProps) {
  const reason = useSignal<ReportReason>("spam");
  const state = useSignal<"asking" | "working" | "done">("asking");
  const problem = useSignal("");
  const form = useRef<HTMLFormElement>(null);
  const thanks = useRef<HTMLParagraphElement>(null);
  const isDone = state.value === "done";
  // Not the button to close, which the dialog focuses.
  useEffect(() => (isDone ? thanks.current : form.current?.querySelector("input"))?.focus(), [isDone]);
  const close = () => {
    reporting.value = undefined;
  };
  useEffect(() => close, []);

  async function submit() {
    if (state.value === "working") return;
    state.value = "working";
    problem.value = "";
    try {
      await reportMessage(room, message, reason.value);
      state.value = "done";
    } catch (error) {
      // Its menu offers it for others' messages only.
      problem.value = isRefusal(error, "forbidden") ? "Nobody moderates this room." : errorText(error);
      state.value = "asking";
    }
  }

  return (
    <Dialog title={`Report ${message.from.name}'s message`} class="dialog" onClose={close}>
      {isDone ? (
        <>
          <p ref={thanks} class="report-done" tabIndex={-1}>
            <strong>Reported.</strong> The room's moderators see the message and the reason, but not who reported it.
          </p>
          <div class="details-actions">
            <button type="button" class="button" onClick={close}>
              Done
            </button>
          </div>
        </>
      ) : (
        <form
          ref={form}
          class="settings-form"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <p class="sheet-excerpt" dir="auto">
            {message.text}
          </p>
          <fieldset class="report-reasons">
            <legend>Why?</legend>
            {reasons.map(([each, title, meaning]) => (
              <label key={each} class="option">
                <input
                  type="radio"
                  name="reason"
                  checked={reason.value === each}
                  onChange={() => {
                    reason.value = each;
                  }}
                />
                <span>
                  <strong>{title}</strong>
                  <small>{meaning}</small>
                </span>
              </label>
            ))}
          </fieldset>
          <button type="submit" class="button danger">
            {state.value === "working" ? "Reporting…" : "Report"}
          </button>
          {problem.value && (
            <p class="problem" role="alert">
              {problem.value}
            </p>
          )}
        </form>
      )}
    </Dialog>
  );
}
