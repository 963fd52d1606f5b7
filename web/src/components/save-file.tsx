// A button that reads what a file will hold, page by page, and saves it. Shows how far it is, can be cancelled, and says what
// went wrong.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { download } from "../browser/download.ts";
import { announce } from "../state/announcer.ts";
import { errorText } from "../text/error-text.ts";
import { Icon } from "./icon.tsx";

export interface FileContent {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly text: string;
}

/** `part`: from 0 to 1, if it is known. */
export interface ReadProgress {
  readonly part?: number;
  readonly text?: string;
}

interface SaveFileProps {
  action: string;
  /** Names the progress bar. */
  reading: string;
  /** What the person is told before the reason. */
  failure: string;
  /** Rejects if `signal` is aborted, or with a ParlorError. */
  read: (signal: AbortSignal, onProgress: (progress: ReadProgress) => void) => Promise<FileContent>;
}

export function SaveFile({ action, reading, failure, read }: SaveFileProps) {
  /** Undefined while nothing is read. */
  const progress = useSignal<ReadProgress | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function save() {
    running.current = new AbortController();
    const { signal } = running.current;
    problem.value = undefined;
    progress.value = {};
    try {
      const { name, type, text } = await read(signal, (now) => {
        progress.value = now;
      });
      download(name, type, text);
      announce("Saved");
    } catch (error) {
      if (signal.aborted) return;
      problem.value = `${failure} ${errorText(error)}`;
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
            {action}
          </button>
        ) : (
          <>
            <progress aria-label={reading} value={progress.value.part} />
            {progress.value.text && <span class="hint">{progress.value.text}</span>}
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
