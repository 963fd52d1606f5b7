// Parses the page's address. Shared links collect extras on their way: `?utm_source=…`, a full stop, a parenthesis.

export type Route = { view: "lobby" } | { view: "room"; roomId: string; seq?: number } | { view: "unknown" };

const lobbyPattern = /^([^/]|\/(index\.html)?$|$)/;
const roomPattern = /^\/rooms\/((?:c-)?[0-9a-z]{1,64})(?![0-9a-z])(?:\/([1-9]\d{0,14})(?![0-9a-z]))?/;

/** A number after the room names a message. The view is in the fragment. A room in the path counts too, for links that lost their `#`. */
export function parseAddress({ pathname, hash }: { pathname: string; hash: string }): Route {
  const parts = [hash.slice(1), pathname].map(decode);
  const [, roomId, seq] = parts.map((part) => roomPattern.exec(part)).find((found) => found !== null) ?? [];
  if (roomId) return { view: "room", roomId, ...(seq !== undefined && { seq: Number(seq) }) };
  return parts.every((part) => lobbyPattern.test(part)) ? { view: "lobby" } : { view: "unknown" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
