// Parses the page's address. Shared links collect extras on their way: `?utm_source=…`, a full stop, a parenthesis.

export type Route = { view: "lobby" } | { view: "room"; roomId: string } | { view: "unknown" };

const lobbyPattern = /^([^/]|\/(index\.html)?$|$)/;
const roomPattern = /^\/rooms\/([0-9a-z]{1,64})(?![0-9a-z])/;

/** The view is in the fragment. A room in the path counts too, for links that lost their `#`. */
export function parseAddress({ pathname, hash }: { pathname: string; hash: string }): Route {
  const parts = [hash.slice(1), pathname].map(decode);
  const roomId = parts.map((part) => roomPattern.exec(part)?.[1]).find((found) => found !== undefined);
  if (roomId) return { view: "room", roomId };
  return parts.every((part) => lobbyPattern.test(part)) ? { view: "lobby" } : { view: "unknown" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
