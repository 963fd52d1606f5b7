// Who is typing. The line always takes up its height, so that the log does not jump.
import { typing } from "../../state/joined-room.ts";
import { listNames } from "../../text/count.ts";

export function TypingIndicator() {
  const people = typing.value;
  return (
    <p class="typing">
      {people.length > 0 && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <bdi>{listNames(people.map((person) => person.name))}</bdi> {people.length === 1 ? "is" : "are"} typing…
        </>
      )}
    </p>
  );
}
