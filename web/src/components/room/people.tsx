// The people in the room, for the panel next to the log or, on narrow screens, for a drawer.
import type { Person } from "../../../../client/src/index.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { people, roomDetails } from "../../state/joined-room.ts";
import { ownerId } from "../../state/room-owner.ts";
import { count, countHere } from "../../text/count.ts";
import { personMarks } from "../../text/person-mark.ts";
import { Avatar } from "../avatar.tsx";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { useAttempt } from "../use-attempt.tsx";

export function PeopleDrawer({ onRename, onClose }: { onRename: () => void; onClose: () => void }) {
  return (
    <Dialog title={countHere(roomDetails.value?.count ?? 0)} class="drawer" onClose={onClose}>
      <PeopleList onRename={onRename} />
    </Dialog>
  );
}

export function PeopleList({ onRename }: { onRename: () => void }) {
  const you = roomDetails.value?.you;
  const others = people.value.filter((person) => person.userId !== you?.userId);
  const owner = ownerId.value;
  const mark = personMarks(people.value);
  const row = (person: Person) => ({ person, mark: mark(person), isOwner: person.userId === owner });
  const unlisted = (roomDetails.value?.count ?? 0) - people.value.length;
  const { attempt, problem } = useAttempt();
  const ui = conversationUi.value;
  const message = ({ userId }: Person) => attempt(async () => ui?.messagePerson(userId));
  return (
    <>
      <ul class="people-list">
        {you && <PersonRow {...row(you)} onRename={onRename} />}
        {others.map((person) => (
          <PersonRow key={person.userId} {...row(person)} {...(ui && { onMessage: () => message(person) })} />
        ))}
        {roomDetails.value?.bots?.map((bot) => (
          <PersonRow key={bot.userId} {...row(bot)} {...(ui && { onMessage: () => message(bot) })} />
        ))}
        {unlisted > 0 && <li class="hint">and {count(unlisted, "other")}</li>}
      </ul>
      {problem}
    </>
  );
}

interface PersonRowProps {
  person: Person;
  /** Tells the person from others of the same name. */
  mark: string | undefined;
  isOwner: boolean;
  /** Only for this person's own row. */
  onRename?: () => void;
  /** Only for the others. */
  onMessage?: () => void;
}

function PersonRow({ person, mark, isOwner, onRename, onMessage }: PersonRowProps) {
  return (
    <li class="person">
      <Avatar person={person} />
      <span class="person-name">
        <bdi>{person.name}</bdi>
        {mark && <span class="person-mark"> {mark}</span>}
      </span>
      {person.bot && <span class="tag">Bot</span>}
      {isOwner && (
        <span class="owner-mark" title="Owner">
          <Icon name="key" />
          <span class="visually-hidden">owner</span>
        </span>
      )}
      {onMessage && (
        <button
          type="button"
          class="icon-button small"
          aria-label={`Message ${person.name}`}
          title="Message"
          onClick={onMessage}
        >
          <Icon name="message" />
        </button>
      )}
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
