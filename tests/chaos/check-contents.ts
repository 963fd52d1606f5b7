// One message at one version is the same for everyone, and what its sender asked for.

import type { Content } from "./history.ts";
import { contentOf, fingerprint, keyOf, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkContents(history: RoomHistory, report: Report): void {
  const { requests } = history;
  const edits = new Set<string>();
  for (const { by, request } of history.of("asked")) {
    if (request.action === "edit") edits.add(editOf(request.seq, by, request.text));
  }
  const isAsked = ({ seq, version, id, from, text, deleted }: Content) => {
    if (deleted) return text === "";
    const sent = requests.get(keyOf(from, id));
    if (sent?.action === "send" && sent.text === text) return true;
    return version !== seq && edits.has(editOf(seq, from, text));
  };
  const identities = new Map<number, Sight>();
  const versions = new Map<string, Sight>();
  for (const [who, content] of observations(history)) {
    const { seq, version, from, id } = content;
    const other =
      otherSight(identities, seq, { who, what: keyOf(from, id) }) ??
      (version && otherSight(versions, `${seq} ${version}`, { who, what: fingerprint(content) }));
    const message = version === undefined ? `message ${seq}` : `message ${seq} at version ${version}`;
    if (other) report("changed", `${other.who} and ${who} do not have the same ${message}`);
    else if (!isAsked(content)) report("changed", `${who} has ${message} as nobody asked for it`);
  }
}

interface Sight {
  readonly who: string;
  readonly what: string;
}

/** The first sight of this, if it was another. */
function otherSight<Key>(sights: Map<Key, Sight>, key: Key, sight: Sight): Sight | undefined {
  const first = sights.get(key) ?? sight;
  sights.set(key, first);
  return first.what === sight.what ? undefined : first;
}

const editOf = (seq: number, by: string, text: string) => `${seq} ${by} ${text}`;

/** Every sight of a message, the final log's first. */
function* observations({ log, events }: RoomHistory): Generator<[who: string, content: Content]> {
  for (const event of log) {
    const message = event.type === "message" ? event : event.type === "change" ? event.message : undefined;
    if (message) yield ["the log", contentOf(message)];
  }
  for (const event of events) {
    if (event.type === "saw" && event.message) yield [event.reader, event.message];
    else if ("shows" in event) for (const content of event.shows) yield [event.reader, content];
  }
}
