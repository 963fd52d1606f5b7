// Who moderates a room, who is banned or muted there, and what was done: who, whom, what, why and when.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AuditEntry, Moderation, Restriction, Room } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { moderate, readModeration } from "../../state/moderating.ts";
import { type Standing, standings } from "../../state/standings.ts";
import { auditWords } from "../../text/audit-text.ts";
import { untilText } from "../../text/restriction-text.ts";
import { fullTime, momentTime } from "../../text/time.ts";
import { Dialog } from "../dialog.tsx";
import { Explanation } from "../room/explanation.tsx";
import { useAttempt } from "../use-attempt.tsx";

export function AuditDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  /** Newest first. Undefined until the first page has arrived. */
  const entries = useSignal<readonly AuditEntry[] | undefined>(undefined);
  const cursor = useSignal<string | undefined>(undefined);
  const { attempt, problem } = useAttempt();

  async function readNewest() {
    const page = await readModeration(room);
    const known = entries.peek();
    const newest = known?.[0]?.at ?? Number.NEGATIVE_INFINITY;
    entries.value = known ? [...page.audit.filter(({ at }) => at > newest), ...known] : page.audit;
    if (!known) cursor.value = page.cursor;
  }

  async function readOlder() {
    const page = await readModeration(room, cursor.peek());
    entries.value = [...(entries.peek() ?? []), ...page.audit];
    cursor.value = page.cursor;
  }

  useEffect(() => {
    attempt(readNewest);
    // Whatever a moderator does gets a notice.
    return room.on("notice", () => attempt(readNewest));
  }, []);

  const all = [...standings.value].map(([userId, standing]) => ({ userId, ...standing }));
  const holds = (restriction?: Restriction) =>
    restriction !== undefined && (restriction.until ?? Number.POSITIVE_INFINITY) > now.value + room.clockOffset;
  const restricted = all.filter(({ banned, muted }) => holds(banned) || holds(muted));
  const moderators = all.filter(({ role }) => role === "moderator");
  const lift = (moderation: Moderation) => attempt(() => moderate(room, moderation));
  return (
    <Dialog title="Moderation" class="dialog details" onClose={onClose}>
      {problem}
      {entries.value === undefined ? (
        <p class="hint">Loading…</p>
      ) : (
        <>
          <section>
            <h3>Banned and muted</h3>
            {restricted.length === 0 && <p class="hint">Nobody</p>}
            <ul class="restricted-list">
              {restricted.map((person) => (
                <Restricted key={person.userId} person={person} isBanned={holds(person.banned)} onLift={lift} />
              ))}
            </ul>
          </section>
          <section>
            <h3>Moderators</h3>
            <p class="hint">
              {moderators.length === 0 ? "Only the owner" : <bdi>{moderators.map(({ name }) => name).join(", ")}</bdi>}
            </p>
          </section>
          <section>
            <h3>What was done</h3>
            {entries.value.length === 0 && <p class="hint">Nothing yet</p>}
            <ol class="audit-list">
              {entries.value.map((entry) => (
                <AuditRow key={`${entry.at} ${entry.kind} ${entry.person?.userId}`} entry={entry} />
              ))}
            </ol>
            {cursor.value !== undefined && (
              <div class="details-actions">
                <button type="button" class="button" onClick={() => attempt(readOlder)}>
                  Show more
                </button>
              </div>
            )}
          </section>
        </>
      )}
    </Dialog>
  );
}

interface RestrictedProps {
  person: Standing & { userId: string };
  /** Or muted. */
  isBanned: boolean;
  onLift: (moderation: Moderation) => void;
}

function Restricted({ person: { userId, name, banned, muted }, isBanned, onLift }: RestrictedProps) {
  const restriction = (isBanned ? banned : muted) ?? {};
  return (
    <li>
      <span>
        <bdi>{name}</bdi> {isBanned ? "banned" : "muted"} {untilText(restriction, now.value)}{" "}
        <Explanation text={restriction.explanation} />
      </span>
      <button
        type="button"
        class="button"
        aria-label={`Lift the ${isBanned ? "ban" : "mute"} of ${name}`}
        onClick={() => onLift({ action: isBanned ? "unban" : "unmute", userId })}
      >
        Lift
      </button>
    </li>
  );
}

function AuditRow({ entry }: { entry: AuditEntry }) {
  const [before, after] = auditWords(entry);
  return (
    <li>
      <span>
        <bdi>{entry.by.name}</bdi> {before} {entry.person && <bdi>{entry.person.name}</bdi>}
        {`${after} `}
        <Explanation text={entry.explanation} />
      </span>
      <time dateTime={new Date(entry.at).toISOString()} title={fullTime(entry.at)}>
        {momentTime(entry.at, now.value)}
      </time>
    </li>
  );
}
