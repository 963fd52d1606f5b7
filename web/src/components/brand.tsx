// Parlor's logo and name, linked to the lobby. The logo is inline, so that it shows offline too.
import { lobbyHref } from "../state/route.ts";

export function Brand() {
  return (
    <a class="brand" href={lobbyHref}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <path
          fill="#0f6e5f"
          d="M7 3h18a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4H15l-6.4 5.1A1 1 0 0 1 7 28.3V24a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4Z"
        />
        <path fill="#fff" d="M11 18.5V9h5.6a3.4 3.4 0 0 1 0 6.8h-3v2.7Zm2.6-4.9h2.7a1.2 1.2 0 0 0 0-2.4h-2.7Z" />
      </svg>
      Parlor
    </a>
  );
}
