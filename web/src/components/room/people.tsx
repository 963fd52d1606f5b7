// The people in the room: in a panel next to the log, or in a drawer on narrow screens.
import type { Person } from "../../../../client/src/index.ts";
import { people, roomDetails } from "../../state/joined-room.ts";
import { count, countPeople } from "../../text/count.ts";
import { Avatar } from "../avatar.tsx";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icon.tsx";

export function PeoplePanel({ onRename }: { onRename: () => void }) {
  return (
    <aside class="side-panel people" aria-labelledby="people-title">
      <h2 id="people-title">{title()}</h2>
      <PeopleList onRename={onRename} />
    </aside>
  );
}

export function PeopleDrawer({ onRename, onClose }: { onRename: () => void; onClose: () => void }) {
  return (
    <Dialog title={title()} class="drawer" onClose={onClose}>
      <PeopleList onRename={onRename} />
    </Dialog>
  );
}

function title(): string {
  return `${countPeople(roomDetails.value?.count ?? 0)} here`;
}

function PeopleList({ onRename }: { onRename: () => void }) {
  const you = roomDetails.value?.you;
  const others = people.value.filter((person) => person.userId !== you?.userId);
  const unlisted = (roomDetails.value?.count ?? 0) - people.value.length;
  return (
    <ul class="people-list">
      {you && <PersonRow person={you} onRename={onRename} />}
      {others.map((person) => (
        <PersonRow key={person.userId} person={person} />
      ))}
      {unlisted > 0 && <li class="hint">and {count(unlisted, "other")}</li>}
    </ul>
  );
}

/** `onRename` is only for this person's own row. */
function PersonRow({ person, onRename }: { person: Person; onRename?: () => void }) {
  return (
    <li class="person">
      <Avatar person={person} />
      <bdi class="person-name">{person.name}</bdi>
      {onRename && (
        <>
          <span class="tag">you</span>
          <button
            type="button"
            class="icon-button small"
            aria-label="Change your name"
            title="Change your name"
            onClick={onRename}
          >
            <Icon name="edit" />
          </button>
        </>
      )}
    </li>
  );
}
