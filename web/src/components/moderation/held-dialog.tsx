// The messages that wait for a moderator: who wrote them, what and why they wait, and the two ways to decide.
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { type HeldMessage, limits, type Room } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { announce } from "../../state/announcer.ts";
import { moderate, readHeld } from "../../state/moderating.ts";
import { cleanName, lengthOf } from "../../text/normalize.ts";
import { fullTime, momentTime } from "../../text/time.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { useAttempt } from "../use-attempt.tsx";

type Decision = { action: "approveHeld" } | { action: "rejectHeld"; explanation?: string };

export function HeldDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  /** Undefined until the first page has arrived. */
  const held = useSignal<readonly HeldMessage[] | undefined>(undefined);
  const cursor = useSignal<string | undefined>(undefined);
  const { attempt, problem } = useAttempt();

  async function readMore() {
    const page = await readHeld(room, cursor.peek());
    held.value = [...(held.peek() ?? []), ...page.held];
    cursor.value = page.cursor;
  }
  useEffect(() => {
    attempt(readMore);
  }, []);

  const decide = (message: HeldMessage, decision: Decision) =>
    attempt(async () => {
      const { epoch, id, from } = message;
      await moderate(room, { ...decision, held: { epoch, id, userId: from.userId } });
      held.value = held.peek()?.filter((other) => other !== message);
      announce(decision.action === "approveHeld" ? "The message appears" : "The message is rejected");
    });
  return (
    <Dialog title="Held messages" class="dialog details" onClose={onClose}>
      {problem}
      {held.value === undefined && !problem && <p class="hint">Loading…</p>}
      {held.value?.length === 0 && cursor.value === undefined && <p class="hint">Nothing waits for you</p>}
      <ul class="report-list">
        {held.value?.map((message) => (
          <HeldRow
            key={`${message.from.userId} ${message.id}`}
            message={message}
            onDecide={(decision) => decide(message, decision)}
          />
        ))}
      </ul>
      {cursor.value !== undefined && (
        <div class="details-actions">
          <button type="button" class="button" onClick={() => attempt(readMore)}>
            Show more
          </button>
        </div>
      )}
    </Dialog>
  );
}

interface HeldRowProps {
  message: HeldMessage;
  onDecide: (decision: Decision) => void;
}

function HeldRow({ message: { from, text, at, reason }, onDecide }: HeldRowProps) {
  /** Tells several messages of one author apart. */
  const textId = useId();
  const isRejecting = useSignal(false);
  const explanation = useSignal("");
  const button = (action: string, onClick: () => void, isDanger = false) => (
    <button
      type="button"
      class={isDanger ? "button danger" : "button"}
      aria-label={`${action} ${from.name}'s message`}
      aria-describedby={textId}
      onClick={onClick}
    >
      {action}
    </button>
  );

  function reject() {
    const why = cleanName(explanation.value);
    if (lengthOf(why) <= limits.explanationLength) onDecide({ action: "rejectHeld", ...(why && { explanation: why }) });
  }

  return (
    <li>
      <p class="report-head">
        <bdi>{from.name}</bdi>
        <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
          {momentTime(at, now.value)}
        </time>
      </p>
      <p id={textId} class="report-text" dir="auto">
        {text}
      </p>
      {reason !== undefined && <p class="hint">{reason}</p>}
      {isRejecting.value && (
        <Field
          label="Why"
          hint={`optional, for ${from.name} and the moderators`}
          text={explanation}
          limit={limits.explanationLength}
          autoFocus
          autoComplete="off"
        />
      )}
      <div class="details-actions">
        {isRejecting.value
          ? button("Cancel", () => {
              isRejecting.value = false;
            })
          : button("Approve", () => onDecide({ action: "approveHeld" }))}
        {button(
          "Reject",
          () => {
            if (isRejecting.value) reject();
            else isRejecting.value = true;
          },
          true,
        )}
      </div>
    </li>
  );
}
