// What moderators can do to the room as a whole, in its details: slow mode, a lock, review, what was reported and what
// waits, and what was done so far.
import type { Room } from "../../../../client/src/index.ts";
import { has, knownConfig } from "../../state/config.ts";
import { may, roomDetails } from "../../state/joined-room.ts";
import { moderate } from "../../state/moderating.ts";
import { duration } from "../../text/time.ts";
import { DialogButton } from "../dialog-button.tsx";
import { OptionBox } from "../option-box.tsx";
import { SelectField } from "../select-field.tsx";
import { useAttempt } from "../use-attempt.tsx";
import { AuditDialog } from "./audit-dialog.tsx";
import { HeldDialog } from "./held-dialog.tsx";
import { ReportsDialog } from "./reports-dialog.tsx";

/** In seconds. */
const SLOW_CHOICES = [5, 10, 30, 60, 300, 900, 3600];

export function RoomTools({ room, onGo }: { room: Room; onGo: () => void }) {
  const { attempt, problem } = useAttempt();
  const { slowModeSeconds, locked = false, reviewed = false } = roomDetails.value?.rules ?? {};
  const review = knownConfig.value?.review;
  const choices = [...new Set([...SLOW_CHOICES, ...(slowModeSeconds === undefined ? [] : [slowModeSeconds])])];
  return (
    <section class="room-tools">
      <h3>Moderation</h3>
      {may("slowMode") && (
        <SelectField
          label="Slow mode"
          chosen={slowModeSeconds ?? ""}
          onChoose={(seconds) =>
            attempt(() => moderate(room, { action: "slowMode", ...(seconds && { seconds: Number(seconds) }) }))
          }
        >
          <option value="">Off</option>
          {choices
            .sort((one, other) => one - other)
            .map((seconds) => (
              <option key={seconds} value={seconds}>
                One message every {duration(seconds)}
              </option>
            ))}
        </SelectField>
      )}
      {may("lock") && (
        <OptionBox
          title="Lock the room"
          icon="lock"
          checked={locked}
          onChange={(on) => attempt(() => moderate(room, { action: "lock", on }))}
        >
          Only moderators can write
        </OptionBox>
      )}
      {may("update") && (review === "offered" || reviewed) && (
        <OptionBox
          title="Review messages"
          icon="shield"
          checked={reviewed}
          onChange={(on) => attempt(() => moderate(room, { action: "review", on }))}
        >
          What is not allowed does not appear
        </OptionBox>
      )}
      <div class="details-actions">
        {may("deleteAny") && has("reports") && (
          <DialogButton icon="flag" dialog={(close) => <ReportsDialog room={room} onGo={onGo} onClose={close} />}>
            Reports
          </DialogButton>
        )}
        {may("deleteAny") && (review !== undefined || reviewed) && (
          <DialogButton icon="clock" dialog={(close) => <HeldDialog room={room} onClose={close} />}>
            Held messages
          </DialogButton>
        )}
        <DialogButton icon="shield" dialog={(close) => <AuditDialog room={room} onClose={close} />}>
          Bans, mutes and what was done
        </DialogButton>
      </div>
      {problem}
    </section>
  );
}
