// Who has the handles that are being typed, before anything is sent to them.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Profile } from "../../../../client/src/index.ts";
import { lookUp } from "../../state/handles.ts";
import { storedSession } from "../../state/identity.ts";
import { lookUpErrorText } from "../../text/handle.ts";
import { Avatar } from "../avatar.tsx";

/** Look-ups are few per minute: this is how long nothing must have been typed, in milliseconds. */
const PAUSE_MS = 400;

/** `references`: handles with their `@`. Anything else in it is not looked up. */
export function FoundPeople({ references }: { references: readonly string[] }) {
  /** By handle: who has it, or why that is not known. */
  const found = useSignal<ReadonlyMap<string, Profile | string>>(new Map());
  const handles = references.filter((reference) => /^@./u.test(reference));

  useEffect(() => {
    const timer = setTimeout(() => {
      for (const handle of handles) if (typeof found.peek().get(handle) !== "object") void ask(handle);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [handles.join(" ")]);

  async function ask(handle: string) {
    const answer = await lookUp(handle).catch((error: unknown) => lookUpErrorText(handle, error));
    found.value = new Map(found.peek()).set(handle, answer);
  }

  return (
    <div role="status">
      <ul class="found-people">
        {handles.map((handle) => {
          const answer = found.value.get(handle);
          if (answer === undefined) return null;
          return <li key={handle}>{typeof answer === "string" ? answer : <FoundPerson person={answer} />}</li>;
        })}
      </ul>
    </div>
  );
}

function FoundPerson({ person }: { person: Profile }) {
  return (
    <>
      <Avatar person={person} />
      <bdi>{person.name}</bdi>
      <bdi class="hint">@{person.handle}</bdi>
      {person.userId === storedSession()?.userId && <span class="tag">you</span>}
    </>
  );
}
