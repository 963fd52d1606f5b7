// Shares the room's link: with the system's share sheet on phones, with the clipboard elsewhere.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { copyText } from "../../browser/clipboard.ts";
import { hasFinePointer } from "../../browser/environment.ts";
import { announce } from "../../state/announcer.ts";
import { roomLink } from "../../state/route.ts";
import { Icon } from "../icon.tsx";

const FEEDBACK_MS = 2500;

export function ShareButton({ roomId, roomName }: { roomId: string; roomName: string }) {
  const feedback = useSignal<string | undefined>(undefined);
  const usesShareSheet = !hasFinePointer && "share" in navigator;

  useEffect(() => {
    if (!feedback.value) return;
    const timer = setTimeout(() => {
      feedback.value = undefined;
    }, FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [feedback.value]);

  async function share() {
    const url = roomLink(roomId);
    if (usesShareSheet) {
      // Closing the sheet rejects, which is not a failure.
      await navigator.share({ title: roomName, url }).catch(() => undefined);
      return;
    }
    const copied = await copyText(url);
    feedback.value = copied ? "Copied" : "Copy the address above";
    announce(copied ? "Link copied" : "Couldn't copy the link. Copy the address of this page instead.");
  }

  const label = feedback.value ?? (usesShareSheet ? "Share" : "Copy link");
  return (
    <button
      type="button"
      class={feedback.value ? "button share-button has-feedback" : "button share-button"}
      onClick={() => void share()}
    >
      <Icon name={feedback.value ? "check" : usesShareSheet ? "share" : "link"} />
      <span>{label}</span>
    </button>
  );
}
