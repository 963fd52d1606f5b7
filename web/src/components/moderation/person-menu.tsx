// What a moderator can do to a person: a menu in the list of people and at messages.
import type { Moderation, Person, Restriction, Room } from "../../../../client/src/index.ts";
import { may, people } from "../../state/joined-room.ts";
import { learnStandings, type ModerationDialog, moderate, moderationDialog } from "../../state/moderating.ts";
import { standings } from "../../state/standings.ts";
import { errorText } from "../../text/error-text.ts";
import { MenuButton } from "../nav/menu-button.tsx";
import type { MenuEntry } from "../nav/menu-entry.ts";

interface PersonMenuProps {
  room: Room;
  person: Person;
  /** For screen readers. */
  label?: string;
  /** Called after something was done. */
  onDone?: () => void;
}

export function PersonMenu({ room, person, label = `Moderate ${person.name}`, onDone }: PersonMenuProps) {
  const { userId } = person;
  const show = (dialog: ModerationDialog["dialog"]) => {
    moderationDialog.value = { dialog, person, onDone: () => onDone?.() };
  };

  async function act(moderation: Moderation) {
    try {
      await moderate(room, moderation);
      onDone?.();
    } catch (error) {
      show({ problem: errorText(error) });
    }
  }

  function entries(): MenuEntry[] {
    const { role, muted, banned } = standings.value.get(userId) ?? {};
    const entry = (label: string, icon: MenuEntry["icon"], moderation: Moderation): MenuEntry => ({
      label,
      icon,
      onSelect: () => void act(moderation),
    });
    const opening = (
      label: string,
      icon: MenuEntry["icon"],
      kind: "kick" | "mute" | "ban" | "handOver",
    ): MenuEntry => ({
      label,
      icon,
      onSelect: () => show(kind),
    });
    if (holds(banned, room)) return may("ban") ? [entry("Unban", "check", { action: "unban", userId })] : [];
    const isHere = people.value.some((other) => other.userId === userId);
    const possible = [
      may("kick") && isHere && opening("Kick…", "leave", "kick"),
      may("mute") &&
        (holds(muted, room)
          ? entry("Unmute", "message", { action: "unmute", userId })
          : opening("Mute…", "silence", "mute")),
      may("ban") && opening("Ban…", "ban", "ban"),
      may("appoint") &&
        (role === "moderator"
          ? entry("Remove as moderator", "shield", { action: "dismiss", userId })
          : isHere && entry("Make moderator", "shield", { action: "appoint", userId })),
      may("handOver") && isHere && opening("Make owner…", "key", "handOver"),
    ];
    return possible.filter((each) => each !== false);
  }

  return <MenuButton label={label} title="Moderate" isTabStop prepare={() => learnStandings(room)} entries={entries} />;
}

function holds(restriction: Restriction | undefined, { clockOffset }: Room): boolean {
  return restriction !== undefined && (restriction.until ?? Number.POSITIVE_INFINITY) > Date.now() + clockOffset;
}
