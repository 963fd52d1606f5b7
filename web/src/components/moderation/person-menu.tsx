// What a moderator can do to a person: a menu in the list of people and at messages.
import { useSignal } from "@preact/signals";
import type { Moderation, Person, Restriction, Room } from "../../../../client/src/index.ts";
import { may, people } from "../../state/joined-room.ts";
import { learnStandings, moderate } from "../../state/moderating.ts";
import { standings } from "../../state/standings.ts";
import { errorText } from "../../text/error-text.ts";
import { Dialog } from "../dialog.tsx";
import { MenuButton } from "../nav/menu-button.tsx";
import type { MenuEntry } from "../nav/menu-entry.ts";
import { HandOverDialog } from "./hand-over-dialog.tsx";
import { RestrictDialog } from "./restrict-dialog.tsx";

interface PersonMenuProps {
  room: Room;
  person: Person;
  /** For screen readers. */
  label?: string;
  /** Called after something was done. */
  onDone?: () => void;
}

type Shown = { kind: "mute" | "ban" | "handOver" } | { kind: "failed"; problem: string };

export function PersonMenu({ room, person, label = `Moderate ${person.name}`, onDone }: PersonMenuProps) {
  const { userId, name } = person;
  const shown = useSignal<Shown | undefined>(undefined);
  const close = () => {
    shown.value = undefined;
  };

  async function act(moderation: Moderation) {
    try {
      await moderate(room, moderation);
      onDone?.();
    } catch (error) {
      shown.value = { kind: "failed", problem: errorText(error) };
    }
  }

  function entries(): MenuEntry[] {
    const { role, muted, banned } = standings.value.get(userId) ?? {};
    const entry = (label: string, icon: MenuEntry["icon"], moderation: Moderation): MenuEntry => ({
      label,
      icon,
      onSelect: () => void act(moderation),
    });
    const opening = (label: string, icon: MenuEntry["icon"], kind: "mute" | "ban" | "handOver"): MenuEntry => ({
      label,
      icon,
      onSelect: () => {
        shown.value = { kind };
      },
    });
    if (holds(banned, room)) return may("ban") ? [entry("Unban", "check", { action: "unban", userId })] : [];
    const isHere = people.value.some((other) => other.userId === userId);
    const possible = [
      may("kick") && isHere && entry("Kick", "leave", { action: "kick", userId, name }),
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

  const dialog = { room, person, onClose: close, onDone: () => onDone?.() };
  return (
    <>
      <MenuButton label={label} title="Moderate" isTabStop prepare={() => learnStandings(room)} entries={entries} />
      {shown.value?.kind === "mute" && <RestrictDialog action="mute" {...dialog} />}
      {shown.value?.kind === "ban" && <RestrictDialog action="ban" {...dialog} />}
      {shown.value?.kind === "handOver" && <HandOverDialog {...dialog} />}
      {shown.value?.kind === "failed" && (
        <Dialog title="That did not work" class="dialog" onClose={close}>
          <p>{shown.value.problem}</p>
        </Dialog>
      )}
    </>
  );
}

function holds(restriction: Restriction | undefined, { clockOffset }: Room): boolean {
  return restriction !== undefined && (restriction.until ?? Number.POSITIVE_INFINITY) > Date.now() + clockOffset;
}
