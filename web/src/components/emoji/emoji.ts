// Choosing emoji, in a chunk of its own.
import { lazy } from "../lazy.ts";

export const emoji = lazy(() => import("./emoji-parts.ts"));
