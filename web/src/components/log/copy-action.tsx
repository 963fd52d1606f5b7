// A button of a message's toolbar that copies something, and shows that it did.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { copyText } from "../../browser/clipboard.ts";
import { announce } from "../../state/announcer.ts";
import { Icon, type IconName } from "../icons.tsx";
import { Action } from "./action.tsx";

const FEEDBACK_MS = 2500;

interface CopyActionProps {
  title: string;
  label: string;
  text: string;
  icon?: IconName;
}

export function CopyAction({ title, label, text, icon = "copy" }: CopyActionProps) {
  const isCopied = useSignal(false);
  useEffect(() => {
    if (!isCopied.value) return;
    const timer = setTimeout(() => {
      isCopied.value = false;
    }, FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [isCopied.value]);

  async function copy() {
    isCopied.value = await copyText(text);
    announce(isCopied.value ? "Copied" : "Couldn't copy. The browser does not allow it.");
  }

  return (
    <Action title={isCopied.value ? "Copied" : title} label={label} onClick={() => void copy()}>
      <Icon name={isCopied.value ? "check" : icon} />
    </Action>
  );
}
