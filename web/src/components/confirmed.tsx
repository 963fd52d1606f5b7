// A button for something that cannot be undone: it asks first.
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

interface ConfirmedProps {
  action: string;
  question: string;
  confirm: string;
  /** What the button says meanwhile. */
  working?: string;
  /** Returns why it failed. */
  work: () => Promise<string | undefined>;
}

export function Confirmed({ action, question, confirm, working = "Deleting…", work }: ConfirmedProps) {
  const isAsking = useSignal(false);
  const isWorking = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const group = useRef<HTMLDivElement>(null);
  const wasAsking = useRef(false);

  // Each step takes the focus of the one before.
  useLayoutEffect(() => {
    if (isAsking.value !== wasAsking.current) group.current?.querySelector("button")?.focus();
    wasAsking.current = isAsking.value;
  }, [isAsking.value]);

  async function run() {
    if (isWorking.value) return;
    isWorking.value = true;
    problem.value = await work();
    isWorking.value = false;
    if (problem.value === undefined) isAsking.value = false;
  }

  return (
    <div class="confirmed" ref={group}>
      {isAsking.value ? (
        <>
          <p>{question}</p>
          <div class="details-actions">
            <button
              type="button"
              class="button"
              aria-description={question}
              onClick={() => {
                isAsking.value = false;
              }}
            >
              Cancel
            </button>
            <button type="button" class="button danger" onClick={() => void run()}>
              {isWorking.value ? working : confirm}
            </button>
          </div>
          {problem.value && <p class="problem">{problem.value}</p>}
        </>
      ) : (
        <button
          type="button"
          class="button danger"
          onClick={() => {
            isAsking.value = true;
          }}
        >
          {action}
        </button>
      )}
    </div>
  );
}
