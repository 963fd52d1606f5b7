// What a room says besides its messages, in a chunk that loads when a room opens.
import { lazy } from "../lazy.ts";

export const roomNotes = lazy(() => import("./room-notes.ts"));
