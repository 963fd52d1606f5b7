// Goes to a place by its name: your rooms, the one opened last first, and the lobby's.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { refresh, rooms } from "../../state/lobby.ts";
import { activities, unreadText } from "../../state/room-activity.ts";
import { roomHref, roomInAddress } from "../../state/route.ts";
import { yourRooms } from "../../state/your-rooms.ts";
import { countPeople } from "../../text/count.ts";
import { matchRank } from "../../text/match.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";

interface Destination {
  readonly href: string;
  readonly name: string;
  /** After the name. */
  readonly note: string;
}

/** Every kind of place is a group. */
interface Group {
  readonly title: string;
  readonly destinations: readonly Destination[];
}

/** The most of a group that are shown. */
const MOST = 20;

export function SwitcherDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const query = useSignal("");
  const selected = useSignal(0);
  useEffect(() => void refresh(), []);
  useLayoutEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));

  const groups = [yourGroup(), publicGroup()]
    .map((group) => ({ ...group, destinations: matching(group.destinations, query.value) }))
    .filter(({ destinations }) => destinations.length > 0);
  const all = groups.flatMap(({ destinations }) => destinations);
  const at = Math.min(selected.value, all.length - 1);

  function go(destination: Destination | undefined) {
    if (!destination) return;
    onClose();
    location.hash = destination.href;
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLInputElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) selected.value = (at + step + all.length) % all.length;
    else if (event.key === "Enter") go(all[at]);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title="Go to a room" class="dialog switcher" onClose={onClose}>
      <input
        ref={field}
        class="search-field"
        type="text"
        role="combobox"
        aria-label="Name of a room"
        aria-expanded="true"
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={all.length > 0 ? `${id}-${at}` : undefined}
        autoComplete="off"
        spellcheck={false}
        placeholder="Name of a room"
        value={query.value}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
          selected.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={id} class="switcher-list" role="listbox" aria-label="Rooms" tabIndex={-1}>
        {groups.map(({ title, destinations }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
          <div key={title} role="group" aria-label={title}>
            <p class="switcher-title" aria-hidden="true">
              {title}
            </p>
            {destinations.map((destination) => {
              const index = all.indexOf(destination);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and takes the keys.
                // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus.
                <div
                  key={destination.href}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === at}
                  onClick={() => go(destination)}
                  onPointerMove={() => {
                    selected.value = index;
                  }}
                >
                  <bdi>{destination.name}</bdi>
                  <span class="hint">{destination.note}</span>
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {all.length === 0 && (
        <p class="switcher-empty">
          <Icon name="search" />
          No room has this name
        </p>
      )}
    </Dialog>
  );
}

/** The best first; of equally good ones, the order stays. */
function matching(destinations: readonly Destination[], query: string): Destination[] {
  return destinations
    .flatMap((destination) => {
      const rank = matchRank(query, destination.name);
      return rank === undefined ? [] : [{ destination, rank }];
    })
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST)
    .map(({ destination }) => destination);
}

/** Without the open room: nobody wants to go where they are. */
function yourGroup(): Group {
  const others = yourRooms.value.filter(({ roomId }) => roomId !== roomInAddress.value);
  const destinations = others
    .sort((one, other) => other.visit - one.visit)
    .map(({ roomId, name }) => {
      const unread = unreadText(activities.value.get(roomId) ?? { unread: 0, isMore: false });
      return { href: roomHref(roomId), name, note: unread && `${unread} unread` };
    });
  return { title: "Your rooms", destinations };
}

function publicGroup(): Group {
  const yours = new Set(yourRooms.value.map(({ roomId }) => roomId));
  const others = (rooms.value ?? []).filter(({ roomId }) => !yours.has(roomId));
  const destinations = others.map(({ roomId, name, people }) => ({
    href: roomHref(roomId),
    name,
    note: people > 0 ? countPeople(people) : "",
  }));
  return { title: "Public rooms", destinations };
}
