// The people in the room, for the panel next to the log or, on narrow screens, for a drawer.
import type { ComponentChildren } from "preact";
import type { Person, Role, Room } from "../../../../client/src/index.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { people, roomDetails } from "../../state/joined-room.ts";
import { count, countHere } from "../../text/count.ts";
import { isHook } from "../../text/hooks.ts";
import { personMarks } from "../../text/person-mark.ts";
import { Avatar } from "../avatar.tsx";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { moderation } from "../moderation/moderation.ts";
import { useAttempt } from "../use-attempt.tsx";
import { roomNotes } from "./notes.ts";

export function PeopleDrawer({ onClose, ...list }: PeopleListProps & { onClose: () => void }) {
  return (
    <Dialog title={countHere(roomDetails.value?.count ?? 0)} class="drawer" onClose={onClose}>
      <PeopleList {...list} />
    </Dialog>
  );
}

interface PeopleListProps {
  room: Room;
  onRename: () => void;
}

export function PeopleList({ room, onRename }: PeopleListProps) {
  const you = roomDetails.value?.you;
  const others = people.value.filter((person) => person.userId !== you?.userId);
  const mark = personMarks(people.value);
  const notes = roomNotes.loaded;
  const row = (person: Person) => ({
    person,
    mark: mark(person),
    role: notes?.standings.value.get(person.userId)?.role,
  });
  const unlisted = (roomDetails.value?.count ?? 0) - people.value.length;
  const { attempt, problem } = useAttempt();
  const ui = conversationUi.value;
  const message = ({ userId }: Person) => attempt(async () => ui?.messagePerson(userId));
  const tools = moderation.loaded;
  return (
    <>
      <ul class="people-list">
        {you && <PersonRow {...row(you)} onRename={onRename} />}
        {others.map((person) => (
          <PersonRow key={person.userId} {...row(person)} {...(ui && { onMessage: () => message(person) })}>
            {tools && notes?.canModerate(person.userId) && <tools.PersonMenu room={room} person={person} />}
          </PersonRow>
        ))}
        {roomDetails.value?.bots?.map((bot) => (
          <PersonRow key={bot.userId} {...row(bot)} {...(ui && !isHook(bot) && { onMessage: () => message(bot) })}>
            {tools && notes?.canModerate(bot.userId) && <tools.PersonMenu room={room} person={bot} />}
          </PersonRow>
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
  role: Role | undefined;
  /** Only for this person's own row. */
  onRename?: () => void;
  /** Only for the others. */
  onMessage?: () => void;
  /** What moderators can do. */
  children?: ComponentChildren;
}

function PersonRow({ person, mark, role, onRename, onMessage, children }: PersonRowProps) {
  return (
    <li class="person">
      <Avatar person={person} />
      <span class="person-name">
        <bdi>{person.name}</bdi>
        {mark && <span class="person-mark"> {mark}</span>}
      </span>
      {person.bot && <span class="tag">Bot</span>}
      {role === "owner" && <RoleMark icon="key" title="Owner" />}
      {role === "moderator" && <RoleMark icon="shield" title="Moderator" />}
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
      {children}
    </li>
  );
}

function RoleMark({ icon, title }: { icon: "key" | "shield"; title: string }) {
  return (
    <span class="role-mark" title={title}>
      <Icon name={icon} />
      <span class="visually-hidden">{title.toLowerCase()}</span>
    </span>
  );
}
