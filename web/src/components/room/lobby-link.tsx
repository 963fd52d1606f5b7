// The way out of a room that cannot be shown.
import { lobbyHref } from "../../state/route.ts";

export function LobbyLink() {
  return (
    <a class="button primary" href={lobbyHref}>
      Find or create another room
    </a>
  );
}
