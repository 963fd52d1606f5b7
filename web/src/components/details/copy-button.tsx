// A button with a text that copies something, and shows that it did.
import { useSignal } from "@preact/signals";
import { copyText } from "../../browser/clipboard.ts";
import { announce } from "../../state/announcer.ts";
import { Icon } from "../icons.tsx";

export function CopyButton({ text, label }: { text: string; label: string }) {
  const isCopied = useSignal(false);

  async function copy() {
    isCopied.value = await copyText(text);
    announce(isCopied.value ? "Copied" : "Couldn't copy. The browser does not allow it.");
  }

  return (
    <button type="button" class="button" onClick={() => void copy()} onBlur={() => (isCopied.value = false)}>
      <Icon name={isCopied.value ? "check" : "copy"} />
      {isCopied.value ? "Copied" : label}
    </button>
  );
}
