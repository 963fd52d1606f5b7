// Parlor's mark and name, which lead home.
import { lobbyHref } from "../state/route.ts";

export function Brand() {
  return (
    <a class="brand" href={lobbyHref}>
      <img src="/favicon.svg" alt="" width="24" height="24" />
      Parlor
    </a>
  );
}
