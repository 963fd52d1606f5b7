// The form that reports a message, in a chunk that loads when it is first opened.
import type { RoomMessage } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { reporting } from "../../state/reporting.ts";
import { lazy } from "../lazy.ts";

export const reportDialog = lazy(async () => (await import("./report-dialog.tsx")).ReportDialog);

export async function startReport(message: RoomMessage): Promise<void> {
  if (await reportDialog.load()) reporting.value = message;
  else announce("Couldn't load the form. Reload the page.");
}
