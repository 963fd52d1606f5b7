// What an address means. Links pick things up on their way: `?utm_source=…`, the full stop of a sentence, a parenthesis.

export type Route = { view: "lobby" } | { view: "room"; roomId: string } | { view: "unknown" };

const home = /^([^/]|\/(index\.html)?$|$)/;
const room = /^\/rooms\/([0-9a-z]{1,64})(?![0-9a-z])/;

/** The view is in the fragment; the path counts where somebody left out the `#`. */
export function parseAddress({ pathname, hash }: { pathname: string; hash: string }): Route {
  const named = [hash.slice(1), pathname].map(decode);
  const roomId = named.map((part) => room.exec(part)?.[1]).find((found) => found !== undefined);
  if (roomId) return { view: "room", roomId };
  return named.every((part) => home.test(part)) ? { view: "lobby" } : { view: "unknown" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
