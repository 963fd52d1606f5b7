// Checks that a conversation's numbers reach only those who may read them, and its frames only those who were members.

import type { RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkLeaks(history: RoomHistory, report: Report): void {
  const { readership } = history;
  for (const { by, connection, seqs } of history.of("posted")) {
    if (!readership.isKnown(by)) report("leaked", `${connection} received a frame of somebody who was never a member`);
    for (const seq of seqs) {
      if (readership.isKnown(by) && !readership.mayRead(by, seq))
        report("leaked", `${connection} received number ${seq}`);
    }
  }
  for (const { by, device, is } of history.of("described")) {
    if (is?.latest && !readership.mayRead(by, is.latest.seq))
      report("leaked", `${device} knows the text of message ${is.latest.seq}`);
  }
}
