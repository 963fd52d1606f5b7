// The contents of the panels next to the log, in a chunk of their own: reading and writing do not wait for them.
import { lazy } from "../lazy.ts";

export const panels = lazy(() => import("./panel-contents.ts"));
