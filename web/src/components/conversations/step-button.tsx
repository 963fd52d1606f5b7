// A button for something that cannot be undone: it asks first.
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

interface StepButtonProps {
  question: string;
  action: string;
  onConfirm: () => void;
}

export function StepButton({ question, action, onConfirm }: StepButtonProps) {
  const isAsking = useSignal(false);
  const group = useRef<HTMLDivElement>(null);
  const wasAsking = useRef(false);
  // Each step takes the focus of the one before.
  useLayoutEffect(() => {
    if (isAsking.value !== wasAsking.current) group.current?.querySelector("button")?.focus();
    wasAsking.current = isAsking.value;
  }, [isAsking.value]);
  const ask = (asks: boolean) => {
    isAsking.value = asks;
  };
  return (
    <div ref={group}>
      {isAsking.value ? (
        <>
          <p id="step-question">{question}</p>
          <div class="end-room-answers">
            <button type="button" class="button" aria-describedby="step-question" onClick={() => ask(false)}>
              Cancel
            </button>
            <button type="button" class="button danger" onClick={onConfirm}>
              {action}
            </button>
          </div>
        </>
      ) : (
        <button type="button" class="button danger" onClick={() => ask(true)}>
          {action}
        </button>
      )}
    </div>
  );
}
