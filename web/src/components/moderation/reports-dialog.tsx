// The messages that people reported: who wrote them, what and why, and the four ways to resolve a report.
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import type { Moderation, Report, ReportedMessage, Room } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { announce } from "../../state/announcer.ts";
import { may } from "../../state/joined-room.ts";
import { learnStandings, moderate } from "../../state/moderating.ts";
import { readReports } from "../../state/reporting.ts";
import { roomHref } from "../../state/route.ts";
import { canModerate } from "../../state/standings.ts";
import { reasonsText } from "../../text/report-text.ts";
import { fullTime, momentTime } from "../../text/time.ts";
import { Dialog } from "../dialog.tsx";
import { useAttempt } from "../use-attempt.tsx";
import { RestrictDialog } from "./restrict-dialog.tsx";

interface ReportsDialogProps {
  room: Room;
  /** Called when somebody follows a link to a message. */
  onGo: () => void;
  onClose: () => void;
}

interface Restricting {
  action: "mute" | "ban";
  report: Report;
}

export function ReportsDialog({ room, onGo, onClose }: ReportsDialogProps) {
  /** Undefined until the first page has arrived. */
  const reports = useSignal<readonly Report[] | undefined>(undefined);
  const cursor = useSignal<string | undefined>(undefined);
  const restricting = useSignal<Restricting | undefined>(undefined);
  const { attempt, problem } = useAttempt();

  async function readMore() {
    const page = await readReports(room, cursor.peek());
    reports.value = [...(reports.peek() ?? []), ...page.reports];
    cursor.value = page.cursor;
  }
  useEffect(() => {
    attempt(readMore);
    void learnStandings(room);
  }, []);

  function resolved(report: Report, what: string) {
    reports.value = reports.peek()?.filter((other) => other !== report);
    announce(what);
  }
  const resolve = (report: Report, moderation: Moderation, what: string) =>
    attempt(async () => {
      await moderate(room, moderation);
      resolved(report, what);
    });
  const restricted = restricting.value;
  return (
    <Dialog title="Reports" class="dialog details" onClose={onClose}>
      {problem}
      {reports.value === undefined && !problem && <p class="hint">Loading…</p>}
      {reports.value?.length === 0 && cursor.value === undefined && <p class="hint">Nothing is reported</p>}
      <ul class="report-list">
        {reports.value?.map((report) => (
          <ReportRow
            key={`${report.message.epoch} ${report.message.seq}`}
            room={room}
            report={report}
            onGo={onGo}
            onDelete={() =>
              resolve(report, { action: "deleteReported", report: named(report) }, "The message is deleted")
            }
            onDismiss={() =>
              resolve(report, { action: "dismissReport", report: named(report) }, "The report is dismissed")
            }
            onRestrict={(action) => {
              restricting.value = { action, report };
            }}
          />
        ))}
      </ul>
      {cursor.value !== undefined && (
        <div class="details-actions">
          <button type="button" class="button" onClick={() => attempt(readMore)}>
            Show more
          </button>
        </div>
      )}
      {restricted && (
        <RestrictDialog
          action={restricted.action}
          room={room}
          person={restricted.report.message.from}
          report={named(restricted.report)}
          onDone={() => resolved(restricted.report, "The report is resolved")}
          onClose={() => {
            restricting.value = undefined;
          }}
        />
      )}
    </Dialog>
  );
}

interface ReportRowProps {
  room: Room;
  report: Report;
  onGo: () => void;
  onDelete: () => void;
  onDismiss: () => void;
  onRestrict: (action: "mute" | "ban") => void;
}

function ReportRow({ room, report, onGo, onDelete, onDismiss, onRestrict }: ReportRowProps) {
  const { message, count, reasons, lastAt } = report;
  const { from, text, deletedAt, seq } = message;
  const mayRestrict = !deletedAt && canModerate(from.userId);
  const about = `${from.name}'s message`;
  /** Tells several messages of one author apart. */
  const textId = useId();
  const button = (verb: string, action: string, onClick: () => void, isDanger = false) => (
    <button
      type="button"
      class={isDanger ? "button danger" : "button"}
      aria-label={`${verb} ${about}`}
      aria-describedby={textId}
      onClick={onClick}
    >
      {action}
    </button>
  );
  return (
    <li>
      <p class="report-head">
        <bdi>{from.name}</bdi>
        <a
          href={roomHref(room.id, seq)}
          aria-label={`Show in the room: ${about}`}
          aria-describedby={textId}
          onClick={onGo}
        >
          Show in the room
        </a>
      </p>
      <p id={textId} class="report-text" dir="auto">
        {deletedAt ? <em>Message deleted</em> : text}
      </p>
      <p class="hint">
        {count === 1 ? "1 person" : `${count} people`}: {reasonsText(reasons)},{" "}
        <time dateTime={new Date(lastAt).toISOString()} title={fullTime(lastAt)}>
          {momentTime(lastAt, now.value)}
        </time>
      </p>
      <div class="details-actions">
        {!deletedAt && button("Delete", "Delete", onDelete, true)}
        {mayRestrict && may("mute") && button("Mute the author of", "Mute…", () => onRestrict("mute"))}
        {mayRestrict && may("ban") && button("Ban the author of", "Ban…", () => onRestrict("ban"))}
        {button("Dismiss the report of", "Dismiss", onDismiss)}
      </div>
    </li>
  );
}

function named({ message: { epoch, seq } }: Report): ReportedMessage {
  return { epoch, seq };
}
