// Goes to the message that `logTarget` names, as soon as the log has been loaded that far.
import { type ReadonlySignal, useSignalEffect } from "@preact/signals";
import { announce } from "../../state/announcer.ts";
import { hasOlder } from "../../state/joined-room.ts";
import { logTarget } from "../../state/log-target.ts";
import type { LogEntry } from "./log-entries.ts";
import type { OlderMessages } from "./use-older-messages.ts";

export function useLogTarget(
  entries: ReadonlySignal<readonly LogEntry[]>,
  older: OlderMessages,
  reveal: (index: number, top?: number) => void,
): void {
  useSignalEffect(() => {
    const target = logTarget.value;
    if (target === undefined || older.isLoading.value) return;
    const loaded = entries.value;
    if (hasOlder.value && (loaded[0]?.seq ?? Number.POSITIVE_INFINITY) > target.seq) return older.load();
    logTarget.value = undefined;
    const index = loaded.findIndex(({ seq }) => seq !== undefined && seq >= target.seq);
    if (index >= 0) reveal(index, target.top);
    else if (target.top === undefined) announce("That message is not in this room.");
  });
}
