// Describes a room's rows for people. Never shows a key, and texts only if asked.
import { isPermanent, type Row } from "./room-rows.ts";

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);

/** Control characters could move the terminal's cursor. */
const quote = (value: unknown) => JSON.stringify(text(value) ?? "?");

const time = (milliseconds: unknown) => {
  const at = new Date(number(milliseconds) ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? "no readable time" : at.toISOString();
};

/** When the room's end comes, and by which rule. */
function endOf(room: Row): { at: number; by: string } {
  const ends = [
    { at: (number(room.expiresAt) ?? Number.POSITIVE_INFINITY) * 1_000, by: "without activity" },
    { at: number(room.endsAt) ?? Number.POSITIVE_INFINITY, by: "at its fixed end" },
    { at: number(room.ownerUntil) ?? Number.POSITIVE_INFINITY, by: "without its owner" },
  ];
  return ends.reduce((first, other) => (other.at < first.at ? other : first));
}

export function isOver(room: Row, now: number): boolean {
  return room.endedFor !== undefined || room.closedAt !== undefined || endOf(room).at <= now;
}

/** Returns the lines about the room itself. */
export function showRoom(room: Row, now: number): string[] {
  const line = (name: string, value: string) => `${name.padEnd(14)}${value}`;
  if (room.endedFor !== undefined) {
    return [
      line("room", String(room.roomId)),
      line("state", `deleted; ended ${time(room.closedAt)} (${room.endedFor})`),
    ];
  }
  const { at, by } = endOf(room);
  const state =
    room.closedAt !== undefined
      ? `over since ${time(room.closedAt)} (${room.endReason ?? "closed"}), waits for the sweep to delete it`
      : at <= now
        ? `over since ${time(at)} (${by}), waits for the sweep`
        : by === "without activity" && isPermanent(String(room.roomId))
          ? "open, has no end"
          : `open, ends ${time(at)} ${by}`;
  const rules = [
    number(room.endsAt) && `fixed end ${time(room.endsAt)}`,
    number(room.maxPeople) && `at most ${room.maxPeople} people`,
    room.passKey !== undefined && "password",
    room.uniqueNames === true && "unique names",
    number(room.absenceSeconds) && `ends ${room.absenceSeconds} s after its owner left`,
  ].filter(Boolean);
  return [
    line("room", `${room.roomId} ${quote(room.name)}, ${room.visibility}`),
    line("state", state),
    line("owner", text(room.ownerId) ?? "none"),
    line("created", time(room.createdAt)),
    line("rules", rules.join(", ") || "none"),
    line("log", `epoch ${room.epoch}, last number ${room.seq}, drawn ${time(room.seqAt)}`),
    line(
      "sweep",
      text(room.sweepQueue)
        ? `queue ${room.sweepQueue}, looks again ${time(room.sweepAt)}`
        : isPermanent(String(room.roomId))
          ? "in no queue, because it has no end"
          : "in no queue: see CHANGELOG.md",
    ),
  ];
}

/** Returns the line about a number of the log. */
export function showEvent(seq: number, row: Row | undefined, withTexts: boolean): string {
  const of = (kind: string, ...rest: unknown[]) =>
    [String(seq).padStart(6), kind.padEnd(7), ...rest.filter((part) => part !== undefined && part !== "")].join("  ");
  if (!row) return of("empty", "nothing is stored");
  const by = `${row.userId} ${quote(row.name)}`;
  switch (row.type) {
    case "void":
      return of("void", time(row.at));
    case "notice":
      return of("notice", time(row.at), row.kind, by);
    case "change":
      return of("change", time(row.at), `${row.kind} of ${row.of}`, by);
    case "message": {
      const marks = [
        row.editedAt !== undefined && "edited",
        row.deletedAt !== undefined && "deleted",
        Array.isArray(row.reactions) && row.reactions.length > 0 && `${row.reactions.length} kinds of reaction`,
      ].filter(Boolean);
      const content = withTexts ? quote(row.text) : `${[...(text(row.text) ?? "")].length} characters`;
      return of("message", time(row.at), by, content, marks.join(", "));
    }
    default:
      return of("unreadable", `the row's type is ${quote(row.type)}, which is not known`);
  }
}

/** Returns a line for each person in the room, and one for leases that have ended. */
export function showOccupants(occupants: readonly Row[], now: number): string[] {
  const live = occupants.filter(({ leaseUntil }) => (number(leaseUntil) ?? 0) > now);
  const people = [...new Set(live.map(({ userId }) => String(userId)))];
  const lines = people.map((userId) => {
    const connections = live.filter((one) => String(one.userId) === userId);
    const names = [...new Set(connections.map(({ name }) => quote(name)))].join(", ");
    const until = Math.max(...connections.map(({ leaseUntil }) => Number(leaseUntil)));
    return `  ${userId} ${names}, ${connections.length} connection${connections.length === 1 ? "" : "s"}, until ${time(until)}`;
  });
  const ended = occupants.length - live.length;
  if (ended > 0) lines.push(`  and ${ended} whose lease has ended, who do not count`);
  return lines.length > 0 ? lines : ["  nobody"];
}
