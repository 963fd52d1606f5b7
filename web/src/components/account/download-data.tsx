// Saves everything about this person as a file, which the browser builds.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { download } from "../../browser/download.ts";
import { announce } from "../../state/announcer.ts";
import { exportData } from "../../state/my-data.ts";
import { count } from "../../text/count.ts";
import { errorText } from "../../text/error-text.ts";
import { Icon } from "../icon.tsx";

export function DownloadData() {
  /** How many messages have come. Undefined while nothing is saved. */
  const progress = useSignal<number | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function save() {
    running.current = new AbortController();
    const { signal } = running.current;
    problem.value = undefined;
    progress.value = 0;
    try {
      const json = await exportData(signal, (messages) => {
        progress.value = messages;
      });
      download(`parlor-${new Date().toISOString().slice(0, 10)}.json`, "application/json", json);
      announce("Saved");
    } catch (error) {
      if (signal.aborted) return;
      problem.value = `Couldn't read everything. ${errorText(error)}`;
      announce(problem.value);
    }
    progress.value = undefined;
  }

  function cancel() {
    running.current?.abort();
    progress.value = undefined;
  }

  return (
    <>
      <div class="details-actions">
        {progress.value === undefined ? (
          <button type="button" class="button" onClick={() => void save()}>
            <Icon name="down" />
            Download your data
          </button>
        ) : (
          <>
            <progress aria-label="Reading your data" />
            <span class="hint">{count(progress.value, "message")}</span>
            <button type="button" class="button" onClick={cancel}>
              Cancel
            </button>
          </>
        )}
      </div>
      {problem.value && <p class="problem">{problem.value}</p>}
    </>
  );
}
