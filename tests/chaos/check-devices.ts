// Checks that all devices of a person know at the end what the server says of each of their conversations.

import { type Description, SERVER } from "./history.ts";
import type { RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkDevices(history: RoomHistory, report: Report): void {
  const described = history.of("described");
  const server = new Map(described.filter(({ device }) => device === SERVER).map(({ by, is }) => [by, is]));
  for (const { by, device, is } of described) {
    const fact = server.get(by);
    if (!is !== !fact) {
      report("diverged", `${device} ${is ? "has" : "does not have"} the conversation, unlike the server's list`);
    } else if (is && fact) {
      const fields = differing(is, fact);
      if (fields.length > 0) report("diverged", `${device} and the server disagree about ${fields.join(", ")}`);
    }
  }
}

/** Returns the names of the fields that are not the same. */
export function differing(one: Description, other: Description): string[] {
  const fields = ["seq", "latest", "read", "unread", "members"] as const;
  return fields.filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]));
}
