// Who is typing. The line keeps its height, so that nothing jumps.
import { typing } from "../../state/joined-room.ts";
import { names } from "../../text/count.ts";

export function TypingLine() {
  const who = typing.value;
  return (
    <p class="typing">
      {who.length > 0 && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <bdi>{names(who.map((person) => person.name))}</bdi> {who.length === 1 ? "is" : "are"} typing…
        </>
      )}
    </p>
  );
}
