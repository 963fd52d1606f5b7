// Says that the connection is gone, when the next attempt comes, and lets one hurry it; or that one is somebody else now.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { checkNow, connection } from "../../state/connection.ts";
import { NEW_GUEST, newGuest } from "../../state/identity.ts";
import { outboxLasts } from "../../state/outbox.ts";
import { NOT_RECOGNISED } from "../../text/error-text.ts";
import { Icon } from "../icon.tsx";

export function ConnectionBanner() {
  const { state, retryAt } = connection.value;
  const seconds = useSecondsUntil(retryAt);
  if (state === "open") return newGuest.value === undefined ? null : <NewGuestBanner />;
  return (
    <div class="banner">
      <Icon name="warning" />
      {state === "refused" ? (
        <p>
          <strong>{NOT_RECOGNISED}</strong>{" "}
          <span class="banner-detail">What you write is not sent. Try again, or reload the page.</span>
        </p>
      ) : (
        <p>
          <strong>{navigator.onLine ? "Connection lost." : "You are offline."}</strong>{" "}
          {seconds === undefined ? "Connecting…" : `Trying again in ${seconds} s.`}{" "}
          <span class="banner-detail">
            {outboxLasts.value
              ? "What you write will be sent then."
              : "What you write will be sent if this tab stays open."}
          </span>
        </p>
      )}
      <button type="button" class="button" onClick={checkNow}>
        Try now
      </button>
    </div>
  );
}

function NewGuestBanner() {
  return (
    <div class="banner">
      <Icon name="warning" />
      <p>
        <strong>{NEW_GUEST}</strong>{" "}
        <span class="banner-detail">What you wrote and the rooms you made before belong to your old guest.</span>
      </p>
      <button
        type="button"
        class="button"
        onClick={() => {
          newGuest.value = undefined;
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
