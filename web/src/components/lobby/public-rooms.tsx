// The list of public rooms, with its loading, empty and error states.
import { useEffect } from "preact/hooks";
import { loadFailed, loading, loadMore, nextCursor, refresh, refreshOnFocus, rooms } from "../../state/lobby.ts";
import { Icon } from "../icons.tsx";
import { RoomRow } from "./room-row.tsx";

export function PublicRooms() {
  useEffect(refreshOnFocus, []);
  return (
    <section aria-labelledby="public-title" aria-busy={loading.value}>
      <div class="section-title">
        <h2 id="public-title">Public rooms</h2>
        <button
          type="button"
          class={loading.value ? "icon-button spinning" : "icon-button"}
          aria-label="Refresh the list"
          title="Refresh"
          onClick={() => void refresh()}
        >
          <Icon name="refresh" />
        </button>
      </div>
      {loadFailed.value && (
        <div class="notice">
          <p>Couldn't load the rooms. Check your connection.</p>
          <button type="button" class="button" onClick={() => void refresh()}>
            Try again
          </button>
        </div>
      )}
      <List />
    </section>
  );
}

function List() {
  if (!rooms.value) return loadFailed.value ? null : <Placeholder />;
  if (rooms.value.length === 0) {
    return (
      <div class="empty">
        <p class="empty-title">It's quiet here</p>
        <p>No public rooms are active right now. Create one and it appears here for everyone.</p>
      </div>
    );
  }
  return (
    <>
      <ul class="room-list">
        {rooms.value.map((room) => (
          <RoomRow key={room.roomId} room={room} />
        ))}
      </ul>
      {nextCursor.value && (
        <button type="button" class="button more" onClick={() => void loadMore()}>
          Show more rooms
        </button>
      )}
    </>
  );
}

function Placeholder() {
  return (
    <div class="room-list placeholder">
      <p class="visually-hidden">Loading rooms…</p>
      <div />
      <div />
      <div />
    </div>
  );
}
