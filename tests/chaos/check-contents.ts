// Checks contents: one version of a message is the same for everyone, and is what its sender requested.

import type { Content } from "./history.ts";
import { contentOf, fingerprint, keyOf, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkContents(history: RoomHistory, report: Report): void {
  const { requests } = history;
  const edits = new Set<string>();
  for (const { by, request } of history.of("requested")) {
    if (request.action === "edit") edits.add(editOf(request.seq, by, request.text));
  }
  const isRequested = ({ seq, version, id, from, text, deleted }: Content) => {
    if (deleted) return text === "";
    const sent = requests.get(keyOf(from, id));
    if (sent?.action === "send" && sent.text === text) return true;
    return version !== seq && edits.has(editOf(seq, from, text));
  };
  const identities = new Map<number, Observation>();
  const versions = new Map<string, Observation>();
  for (const [observer, content] of observations(history)) {
    const { seq, version, from, id } = content;
    const other =
      conflicting(identities, seq, { observer, value: keyOf(from, id) }) ??
      (version && conflicting(versions, `${seq} ${version}`, { observer, value: fingerprint(content) }));
    const message = version === undefined ? `message ${seq}` : `message ${seq} at version ${version}`;
    if (other) report("inconsistent", `${other.observer} and ${observer} disagree about ${message}`);
    else if (!isRequested(content))
      report("inconsistent", `${observer} has ${message} in a form that nobody requested`);
  }
}

interface Observation {
  readonly observer: string;
  readonly value: string;
}

/** Returns the first observation under this key if it differs. */
function conflicting<Key>(
  observed: Map<Key, Observation>,
  key: Key,
  observation: Observation,
): Observation | undefined {
  const first = observed.get(key) ?? observation;
  observed.set(key, first);
  return first.value === observation.value ? undefined : first;
}

const editOf = (seq: number, by: string, text: string) => `${seq} ${by} ${text}`;

/** Yields every observation of a message, those of the final log first. */
function* observations({ log, events }: RoomHistory): Generator<[observer: string, content: Content]> {
  for (const event of log) {
    const message = event.type === "message" ? event : event.type === "change" ? event.message : undefined;
    if (message) yield ["the log", contentOf(message)];
  }
  for (const event of events) {
    if (event.type === "saw" && event.message) yield [event.reader, event.message];
    else if ("shows" in event) for (const content of event.shows) yield [event.reader, content];
  }
}
