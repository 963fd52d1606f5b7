// Kicks, mutes or bans a person: for how long, and why. Says what it does, and what it cannot.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { limits, type Person, type ReportedMessage, type Room } from "../../../../client/src/index.ts";
import { moderate } from "../../state/moderating.ts";
import { cleanName, lengthOf } from "../../text/normalize.ts";
import { duration } from "../../text/time.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { OptionBox } from "../option-box.tsx";
import { SelectField } from "../select-field.tsx";
import { useAttempt } from "../use-attempt.tsx";

/** In seconds; without a number, until somebody lifts it. */
const DURATIONS = [600, 3600, 86_400, undefined];

const AS_SOMEBODY_NEW = "Guests can come back under another name, as somebody new.";

const words = {
  kick: { verb: "Kick", effect: "is removed, and may come back", caveat: undefined },
  mute: { verb: "Mute", effect: "can read, but not write or react", caveat: AS_SOMEBODY_NEW },
  ban: { verb: "Ban", effect: "is removed, and can neither join nor read this room", caveat: AS_SOMEBODY_NEW },
};

interface RestrictDialogProps {
  action: keyof typeof words;
  room: Room;
  person: Person;
  /** A reported message of theirs, whose report this resolves. */
  report?: ReportedMessage;
  onDone: () => void;
  onClose: () => void;
}

export function RestrictDialog({
  action,
  room,
  person: { userId, name },
  report,
  onDone,
  onClose,
}: RestrictDialogProps) {
  const { verb, effect, caveat } = words[action];
  const lasts = action !== "kick";
  const seconds = useSignal<number | undefined>(DURATIONS[0]);
  const explanation = useSignal("");
  const address = useSignal(false);
  const isWorking = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const { attempt, problem } = useAttempt();
  // Not the button to close, which the dialog focuses.
  useEffect(() => form.current?.querySelector<HTMLElement>("select, input")?.focus(), []);

  async function submit() {
    const why = cleanName(explanation.value);
    if (isWorking.value || lengthOf(why) > limits.explanationLength) return;
    isWorking.value = true;
    try {
      const time = lasts && seconds.value !== undefined && { seconds: seconds.value };
      const covered = action === "ban" && address.value && { address: true };
      const said = why && { explanation: why };
      await moderate(room, { action, userId, name, ...time, ...covered, ...said, ...(report && { report }) });
      onClose();
      onDone();
    } finally {
      isWorking.value = false;
    }
  }

  return (
    <Dialog title={`${verb} ${name}`} class="dialog" onClose={onClose}>
      <form
        ref={form}
        class="settings-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          attempt(submit);
        }}
      >
        <p class="moderation-effect">
          <bdi>{name}</bdi> {effect}. Everyone sees that you did this. {caveat}
        </p>
        {lasts && (
          <SelectField
            label="For how long"
            chosen={seconds.value ?? ""}
            onChoose={(chosen) => {
              seconds.value = Number(chosen) || undefined;
            }}
          >
            {DURATIONS.map((each) => (
              <option key={each} value={each ?? ""}>
                {each === undefined ? "For good" : duration(each)}
              </option>
            ))}
          </SelectField>
        )}
        <Field
          label="Explanation"
          hint={`optional, for ${name} and moderators`}
          text={explanation}
          limit={limits.explanationLength}
          autoComplete="off"
        />
        {action === "ban" && (
          <OptionBox
            title="The address, too"
            icon="people"
            checked={address.value}
            onChange={(checked) => {
              address.value = checked;
            }}
          >
            Keeps out everyone else there who has neither signed in nor made a room. That can meet others.
          </OptionBox>
        )}
        <button type="submit" class="button danger">
          {isWorking.value ? "Working…" : verb}
        </button>
        {problem}
      </form>
    </Dialog>
  );
}
