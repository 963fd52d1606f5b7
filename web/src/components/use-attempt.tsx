// For requests that buttons make: says what went wrong with the last one.
import { useSignal } from "@preact/signals";
import { errorText } from "../text/error-text.ts";

export function useAttempt() {
  const text = useSignal("");
  const attempt = (request: () => Promise<void>) => {
    text.value = "";
    request().catch((error: unknown) => {
      text.value = errorText(error);
    });
  };
  const problem = text.value && (
    <p class="problem" role="alert">
      {text.value}
    </p>
  );
  return { attempt, problem };
}
