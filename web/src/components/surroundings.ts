// What surrounds a room's log and acts from there, in a chunk of its own: reading and writing do not wait for it.
import { lazy } from "./lazy.ts";

export const surroundings = lazy(() => import("./surroundings-parts.ts"));
