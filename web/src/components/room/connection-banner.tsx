// Shown without a connection, with the time until the next attempt; if there is something to say about the account; or after
// this person has become a new guest.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { checkConnection, connection } from "../../state/connection.ts";
import { NEW_GUEST, newGuestId } from "../../state/identity.ts";
import { hasAccountNotice } from "../../state/known-account.ts";
import { outboxIsDurable } from "../../state/outbox.ts";
import { remaining } from "../../state/room-end.ts";
import { SESSION_REFUSED } from "../../text/error-text.ts";
import { accountUi } from "../account/account-ui.ts";
import { Icon } from "../icon.tsx";

export function ConnectionBanner() {
  const { state, retryAt } = connection.value;
  const seconds = useSecondsUntil(retryAt);
  const accounts = accountUi.loaded;
  if (accounts && hasAccountNotice()) return <accounts.AccountNotice isBanner />;
  if (state === "open") return newGuestId.value === undefined ? null : <NewGuestBanner />;
  return (
    <div class="banner">
      <Icon name="warning" />
      {state === "refused" ? (
        <p>
          <strong>{SESSION_REFUSED}</strong> Your messages are not being sent. Try again, or reload the page.
        </p>
      ) : (
        <p>
          <strong>{navigator.onLine ? "Connection lost." : "You are offline."}</strong>{" "}
          {seconds === undefined ? "Connecting…" : `Trying again in ${seconds} s.`} {whatThen()}
        </p>
      )}
      <button type="button" class="button" onClick={checkConnection}>
        Try now
      </button>
    </div>
  );
}

function whatThen(): string {
  // Without the server, nobody knows whether the owner has put off the end.
  if (remaining.value === 0) return "This room's time may be up.";
  return outboxIsDurable.value
    ? "Your messages will be sent then."
    : "Your messages will be sent if this tab stays open.";
}

function NewGuestBanner() {
  return (
    <div class="banner">
      <Icon name="warning" />
      <p>
        <strong>{NEW_GUEST}</strong> Your earlier messages and rooms belong to the previous guest.
      </p>
      <button
        type="button"
        class="button"
        onClick={() => {
          newGuestId.value = undefined;
        }}
      >
        OK
      </button>
    </div>
  );
}

function useSecondsUntil(time: number | undefined): number | undefined {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (time === undefined) return;
    const tick = () => {
      now.value = Date.now();
    };
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [time]);
  return time === undefined ? undefined : Math.max(0, Math.ceil((time - now.value) / 1000));
}
