// What moderators do, in a chunk that loads for those who may.
import { lazy } from "../lazy.ts";

export const moderation = lazy(() => import("./moderation-parts.ts"));
