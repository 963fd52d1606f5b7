// Who takes part in the end of a run, and how it waits for them.

import type { Room } from "../../client/src/index.ts";
import type { ChaosClient } from "./chaos-client.ts";

/** A client in a room that it has joined. */
export interface Participant {
  readonly client: ChaosClient;
  readonly room: Room;
}

/** Waits until the condition holds. If it never does, that is a violation. */
export type Wait = (room: string, what: string, holds: () => boolean | Promise<boolean>) => Promise<unknown>;
