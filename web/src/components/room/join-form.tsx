// Shown before a room that asks for something: a name in the first room, a password, or another name. Says what the room is.
import { useSignal } from "@preact/signals";
import type { RoomInfo } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { announce } from "../../state/announcer.ts";
import { displayName, nameRefusal, suggestedName } from "../../state/identity.ts";
import { enterPassword, passFor } from "../../state/passes.ts";
import { type JoinRefusal, openRoom } from "../../state/room-view.ts";
import { listNames } from "../../text/count.ts";
import { errorText, isRefusal, refusalText } from "../../text/error-text.ts";
import { cleanPassword, isPasswordLength } from "../../text/password.ts";
import { occupancy, summaryText } from "../../text/rules-text.ts";
import { accountUi } from "../account/account-ui.ts";
import { PasswordField } from "../password-field.tsx";
import { NameForm } from "./name-form.tsx";

/** More names would make the form too long. */
const NAMES_SHOWN = 8;

/** The room is over, or, as `invalidField` says, has no password any more. */
const changedMeanwhile = ["roomClosed", "roomNotFound", "invalidField"] as const;

/** Says why no room has this password. */
function impossible(password: string): string | undefined {
  if (!password) return "Enter the room's password.";
  return isPasswordLength(password) ? undefined : refusalText("wrongPassword");
}

export function JoinForm({ room, refusal }: { room: RoomInfo; refusal?: JoinRefusal | undefined }) {
  const { roomId, topic, names = [], isFull } = room;
  const accounts = accountUi.loaded;
  const password = useSignal("");
  const problem = useSignal(refusal?.code === "roomFull" ? refusalText("roomFull") : undefined);
  const passwordProblem = useSignal<string | undefined>(undefined);
  const isChecking = useSignal(false);
  const needsPassword = (room.passwordRequired || refusal?.code === "passRequired") && passFor(roomId) === undefined;
  const initialName = refusal?.name ?? nameRefusal.value?.name ?? displayName.value ?? suggestedName;

  async function join(name: string) {
    if (isChecking.value) return;
    problem.value = undefined;
    passwordProblem.value = needsPassword ? impossible(password.value) : undefined;
    if (passwordProblem.value) return;
    isChecking.value = true;
    try {
      if (needsPassword) await enterPassword(roomId, cleanPassword(password.value));
      openRoom(roomId, name);
    } catch (error) {
      if (isRefusal(error, "wrongPassword")) {
        passwordProblem.value = refusalText("wrongPassword");
      } else if (changedMeanwhile.some((code) => isRefusal(error, code))) {
        openRoom(roomId, name);
      } else {
        problem.value = errorText(error);
        announce(problem.value);
      }
    }
    isChecking.value = false;
  }

  return (
    <div class="status-page">
      <div class="card join-card">
        <h1 dir="auto">{room.name}</h1>
        {topic && (
          <p class="lead" dir="auto">
            {topic}
          </p>
        )}
        <p class="hint">
          {occupancy(room)}
          {names.length > 0 && (
            <>
              : <bdi>{listNames(names, NAMES_SHOWN)}</bdi>
            </>
          )}
        </p>
        <p class="hint">{summaryText(room, now.value)}</p>
        {isFull && !problem.value && <p class="full-note">Full at the moment. You can join when someone has left.</p>}
        <NameForm
          initial={initialName}
          error={nameRefusal.value?.problem ?? (refusal?.code === "nameTaken" ? refusalText("nameTaken") : undefined)}
          action={isChecking.value ? "Checking…" : "Join room"}
          isFirst={!needsPassword || displayName.value === undefined}
          onName={(name) => void join(name)}
        >
          {needsPassword && (
            <PasswordField
              label="Password"
              text={password}
              required
              error={passwordProblem.value}
              autoFocus={displayName.value !== undefined}
            />
          )}
        </NameForm>
        {problem.value && <p class="problem">{problem.value}</p>}
        {accounts && <accounts.SignInOffer />}
      </div>
    </div>
  );
}
